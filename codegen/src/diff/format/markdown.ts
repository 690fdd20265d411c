/**
 * The report as a comment on a pull request: breaking changes first, long parts folded, within GitHub's
 * length limit.
 */
import { CLASSES, type ChangeClass } from "../rules.js";
import type { Change } from "../change.js";
import { name, type Phrase } from "../phrase.js";
import type { Report } from "../report.js";
import { markdownCode } from "./escape.js";
import { counts, isCallToAct, MEANINGS, NOTHING, plural, TITLES } from "./words.js";

/** GitHub's limit is 65,536 characters; the rest is room for a marker and the text after the tables. */
const MOST_CHARACTERS = 64_000;

/** Tables are folded after this many rows. */
const OPEN_ROWS = 30;

/** The report as Markdown, with a trailing line break. */
export function formatMarkdown(report: Report): string {
  const { changes, accepted } = report;
  if (changes.length === 0 && accepted.length === 0) {
    return [`### Flows: ${NOTHING}\n`, ...leftOutNotes(report)].join("\n");
  }
  const page = new Page(MOST_CHARACTERS);
  page.add("", [`### Flows: ${counts(report)}\n\nVersion step: **${report.semver}**.\n`], "");
  const left = CLASSES.flatMap((kind) =>
    writeClass(
      page,
      kind,
      changes.filter((change) => change.class === kind),
    ),
  );
  page.allow(ROOM_FOR_NOTES);
  if (left.length > 0) page.add("", [cutNote(left)], "");
  page.add("\n", leftOutNotes(report), "");
  page.add("\n", acceptanceNotes(report), "");
  page.add(HOW_TO_ACCEPT, fingerprints(changes), "\n</details>\n");
  return page.text();
}

/** Room to leave below the tables for notes. */
const ROOM_FOR_NOTES = 8_000;

/** Text with a length limit. */
class Page {
  #text = "";
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit - ROOM_FOR_NOTES;
  }

  /** Raises the limit. */
  allow(more: number): void {
    this.#limit += more;
  }

  /** Adds as many whole lines as fit between `start` and `end`; returns their number. */
  add(start: string, lines: readonly string[], end: string): number {
    let room = this.#limit - this.#text.length - start.length - end.length;
    const tooLong = lines.findIndex((line) => (room -= line.length) < 0);
    const fitting = tooLong < 0 ? lines : lines.slice(0, tooLong);
    if (fitting.length > 0) this.#text += start + fitting.join("") + end;
    return fitting.length;
  }

  text(): string {
    return this.#text;
  }
}

/** Writes the tables of a class; returns the changes that did not fit. */
function writeClass(page: Page, kind: ChangeClass, changes: readonly Change[]): readonly Change[] {
  const title = `${TITLES[kind]} (${changes.length}): ${MEANINGS[kind]}`;
  if (!isCallToAct(kind)) return writeTable(page, folded(title), changes, "\n</details>\n");
  const open = changes.slice(0, OPEN_ROWS);
  const rest = changes.slice(OPEN_ROWS);
  const more = folded(`${plural(rest.length, "more change")} of this class`);
  return [
    ...writeTable(page, `\n#### ${title}\n`, open, ""),
    ...writeTable(page, more, rest, "\n</details>\n"),
  ];
}

function folded(summary: string): string {
  return `\n<details><summary>${summary}</summary>\n`;
}

function writeTable(
  page: Page,
  start: string,
  changes: readonly Change[],
  end: string,
): readonly Change[] {
  const isUrgent = changes.some((change) => isCallToAct(change.class));
  const head = isUrgent
    ? "\n| Flow | What changed | What to do |\n| --- | --- | --- |\n"
    : "\n| Flow | What changed |\n| --- | --- |\n";
  const rows = changes.map((change) => row(change, isUrgent));
  return changes.slice(page.add(start + head, rows, end));
}

function row(change: Change, isUrgent: boolean): string {
  const cells = [
    flowCell(change.flows),
    marked(change.brief) + usageNote(change),
    ...(isUrgent ? [marked(change.advice)] : []),
  ];
  return `| ${cells.join(" | ")} |\n`;
}

const MOST_FLOWS = 60;

function flowCell(flows: readonly string[]): string {
  const ids = flows.slice(0, MOST_FLOWS).map((id) => markdownCode(name(id).code));
  if (flows.length === 1) return ids.join("");
  const rest = flows.length > MOST_FLOWS ? ` and ${flows.length - MOST_FLOWS} more` : "";
  return `<details><summary>${flows.length} flows</summary>${ids.join(", ")}${rest}</details>`;
}

const MOST_PLACES = 20;
const LONGEST_PATH = 120;

function usageNote({ usage }: Change): string {
  if (usage === undefined || usage.length === 0) return "";
  const places = usage.slice(0, MOST_PLACES).map(({ file, line, what }) => {
    const place = `${file.slice(-LONGEST_PATH)}:${line}`;
    return `${markdownCode(place)} ${markdownCode(what.slice(0, LONGEST_PATH))}`;
  });
  const rest = usage.length > MOST_PLACES ? `<br>and ${usage.length - MOST_PLACES} more` : "";
  return `<br>Used in ${plural(usage.length, "place")}:<br>${places.join("<br>")}${rest}`;
}

function marked(phrase: Phrase): string {
  return phrase
    .map((piece) => (typeof piece === "string" ? piece : markdownCode(piece.code)))
    .join("");
}

function cutNote(missing: readonly Change[]): string {
  const parts = CLASSES.map((kind) => ({
    kind,
    many: missing.filter((change) => change.class === kind).length,
  }))
    .filter(({ many }) => many > 0)
    .map(({ kind, many }) => `${many} ${kind}`);
  return (
    `\n**${plural(missing.length, "change")} left out here** (${parts.join(", ")}): a GitHub comment can have at ` +
    "most 65,536 characters. Run `vix-codegen diff` for all of them.\n"
  );
}

function leftOutNotes({ leftOut }: Report): string[] {
  return leftOut.map(({ flow, message }) => {
    const reason = markdownCode(message.slice(0, 200));
    return `- Not compared because it cannot be read: ${markdownCode(name(flow).code)}. ${reason}\n`;
  });
}

function acceptanceNotes({ accepted, expired, unused }: Report): string[] {
  return [
    ...accepted.map(({ change, acceptance }) => {
      const reason = markdownCode(acceptance.reason.slice(0, 200));
      return `- Accepted until ${acceptance.expires}: ${marked(change.message)} Reason: ${reason}\n`;
    }),
    ...expired.map(
      ({ fingerprint, expires }) => `- The acceptance of \`${fingerprint}\` ended on ${expires}.\n`,
    ),
    ...unused.map(
      ({ fingerprint }) => `- The acceptance of \`${fingerprint}\` matches no change; remove it.\n`,
    ),
  ];
}

const HOW_TO_ACCEPT =
  "\n<details><summary>Fingerprints, to accept a change in <code>specs/diff-ignore.json</code></summary>\n\n";

/** The fingerprints, kept out of the tables. */
function fingerprints(changes: readonly Change[]): string[] {
  return changes
    .filter((change) => isCallToAct(change.class))
    .map(({ fingerprint, message }) => `- \`${fingerprint}\` ${marked(message)}\n`);
}
