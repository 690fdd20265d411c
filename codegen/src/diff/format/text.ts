/** The report for people at a terminal. */
import { CLASSES, type ChangeClass } from "../rules.js";
import type { Change } from "../change.js";
import { name, names, type Phrase } from "../phrase.js";
import type { Report } from "../report.js";
import { forTerminal } from "./escape.js";
import { counts, isCallToAct, MEANINGS, NOTHING, plural, TITLES } from "./words.js";

export interface TextOptions {
  readonly color: boolean;
  /** The compared side, as the reader named it. */
  readonly old: string;
  readonly now: string;
}

type Style = "bold" | "dim" | "red" | "yellow" | "green" | "blue" | "cyan";
type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  cyan: 36,
};

const COLORS: Readonly<Record<ChangeClass, Style>> = {
  breaking: "red",
  behaviour: "yellow",
  addition: "green",
  docs: "blue",
};

/** The report as text, with a trailing line break. */
export function formatText(report: Report, { color, old, now }: TextOptions): string {
  const paint: Paint = (style, text) => (color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
  const lines = [
    `Flows: ${forTerminal(old)} → ${forTerminal(now)}`,
    ...headline(report, paint),
    ...CLASSES.flatMap((kind) => section(report, kind, paint)),
    ...remarks(report, paint),
  ];
  return `${lines.join("\n")}\n`;
}

function headline(report: Report, paint: Paint): string[] {
  if (report.changes.length === 0 && report.accepted.length === 0) return [NOTHING];
  return [`${paint("bold", counts(report))}; version step: ${paint("bold", report.semver)}`];
}

function section({ changes }: Report, kind: ChangeClass, paint: Paint): string[] {
  const own = changes.filter((change) => change.class === kind);
  if (own.length === 0) return [];
  const title = paint(COLORS[kind], paint("bold", TITLES[kind]));
  return ["", `${title} ${paint("dim", `– ${MEANINGS[kind]}`)}`, ...blocks(own, paint)];
}

/** The changes of one class, grouped by flow under headings. */
function blocks(changes: readonly Change[], paint: Paint): string[] {
  let heading = "";
  return changes.flatMap((change) => {
    const title = headingOf(change);
    const isNew = title !== heading;
    heading = title;
    return [
      ...(isNew && title !== "" ? [`  ${paint("bold", forTerminal(name(title).code))}`] : []),
      ...changeLines(change, title === "" ? "  " : "    ", paint),
    ];
  });
}

/** A flow's id; empty for changes whose message is complete: of whole flows, and of several. */
function headingOf({ flows, parameter, rule }: Change): string {
  if (flows.length > 1 || (parameter === null && rule !== "param-order-changed")) return "";
  return flows[0] ?? "";
}

function changeLines(change: Change, margin: string, paint: Paint): string[] {
  const { advice, fingerprint, flows, rule } = change;
  const isUrgent = isCallToAct(change.class);
  const told = headingOf(change) === "" ? change.message : change.brief;
  return [
    `${margin}${paint(COLORS[change.class], SIGNS[change.class])} ${written(told, paint)}`,
    ...(flows.length > 1 ? [`${margin}  In ${written(names(flows), paint)}.`] : []),
    ...(isUrgent ? [`${margin}  ${written(advice, paint)}`] : []),
    ...usageLines(change, `${margin}  `),
    ...(isUrgent ? [`${margin}  ${paint("dim", `${rule} ${fingerprint}`)}`] : []),
  ];
}

const SIGNS: Readonly<Record<ChangeClass, string>> = {
  breaking: "✗",
  behaviour: "!",
  addition: "+",
  docs: "·",
};

function usageLines({ usage }: Change, margin: string): string[] {
  if (usage === undefined) return [];
  if (usage.length === 0) return [`${margin}Not used in the code that was searched.`];
  return [
    `${margin}Used in ${plural(usage.length, "place")}:`,
    ...usage.map(
      ({ file, line, column, what }) =>
        `${margin}- ${forTerminal(file)}:${line}:${column}  ${forTerminal(what)}`,
    ),
  ];
}

function remarks({ accepted, expired, unused }: Report, paint: Paint): string[] {
  const lines = [
    ...accepted.map(
      ({ change, acceptance }) =>
        `  ${written(change.message, paint)} ${forTerminal(`– ${acceptance.reason}, until ${acceptance.expires}`)}`,
    ),
  ];
  return [
    ...(lines.length > 0 ? ["", paint("bold", "Accepted by a reviewer"), ...lines] : []),
    ...(expired.length + unused.length > 0 ? [""] : []),
    ...expired.map(
      ({ fingerprint, expires }) => `The acceptance of ${fingerprint} ended on ${expires}.`,
    ),
    ...unused.map(
      ({ fingerprint }) => `The acceptance of ${fingerprint} matches no change; remove it.`,
    ),
  ];
}

function written(phrase: Phrase, paint: Paint): string {
  return phrase
    .map((piece) => (typeof piece === "string" ? piece : paint("cyan", forTerminal(piece.code))))
    .join("");
}
