/**
 * Our own sentences with quoted texts of a description. The two stay separate until a format writes them, so
 * that each format can escape and mark what is not ours.
 */
import { escapeInvisible } from "../json/value.js";
import type { Fact } from "./fact.js";

/** A possibly hostile text, made into one line with everything visible; formats still escape it. */
export interface Quoted {
  readonly code: string;
}

/** Our own words (plain strings) and quoted texts. */
export type Phrase = readonly (string | Quoted)[];

type Hole = Quoted | Phrase | number;

/** Builds a phrase: the template's text is ours, the values in `${}` are quoted. */
export function say(strings: TemplateStringsArray, ...holes: readonly Hole[]): Phrase {
  return strings.flatMap((text, index) => {
    const hole = holes[index];
    const filled =
      hole === undefined ? [] : typeof hole === "number" ? [String(hole)] : pieces(hole);
    return [text, ...filled].filter((piece) => piece !== "");
  });
}

function pieces(hole: Quoted | Phrase): Phrase {
  return "code" in hole ? [hole] : hole;
}

/** A phrase as one line of text. */
export function plain(phrase: Phrase): string {
  return phrase.map((piece) => (typeof piece === "string" ? piece : piece.code)).join("");
}

const LONGEST_NAME = 80;
const LONGEST_VALUE = 60;

/** A flow id or a parameter name: without quotes if it cannot be misread. */
export function name(text: string): Quoted {
  return {
    code: /^[\p{L}\p{N}_-]+$/u.test(text)
      ? cut(escapeInvisible(text), LONGEST_NAME)
      : value(text).code,
  };
}

/** A value as one would type it: texts quoted, long ones shortened. */
export function value(fact: string | number | boolean, longest = LONGEST_VALUE): Quoted {
  if (typeof fact !== "string") return { code: String(fact) };
  return { code: escapeInvisible(JSON.stringify(cut(fact, longest))) };
}

/** Values separated by commas; only the first of many. */
export function values(facts: readonly string[], most = 8, longest = LONGEST_VALUE): Phrase {
  return listed(
    facts.map((fact) => value(fact, longest)),
    most,
  );
}

/** Names separated by commas; only the first of many. */
export function names(texts: readonly string[], most = 8): Phrase {
  return listed(texts.map(name), most);
}

function listed(items: readonly Quoted[], most: number): Phrase {
  const shown = items.length > most + 1 ? items.slice(0, most) : items;
  const rest = items.length - shown.length;
  return [
    ...shown.flatMap((item, index) => (index === 0 ? [item] : [", ", item])),
    ...(rest > 0 ? [` and ${rest} more`] : []),
  ];
}

/** Whether a value is shown in full. */
export function isWhole(fact: Fact): boolean {
  return typeof fact !== "string" || fact.length <= LONGEST_VALUE;
}

/** Two values side by side. For long texts, the part that differs is shown, or it would be cut off. */
export function pair(before: Fact, after: Fact): readonly [Quoted, Quoted] {
  if (typeof before !== "string" || typeof after !== "string")
    return [anyFact(before), anyFact(after)];
  if (isWhole(before) && isWhole(after)) {
    return [value(before), value(after)];
  }
  const start = Math.max(0, commonStart(before, after) - 12);
  return [excerpt(before, start), excerpt(after, start)];
}

function anyFact(fact: Fact): Quoted {
  if (fact === null) return { code: "nothing" };
  return typeof fact === "object" ? { code: plain(values(fact)) } : value(fact);
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function excerpt(text: string, start: number): Quoted {
  const lead = start > 0 ? "…" : "";
  return value(lead + text.slice(start));
}

/** Cuts between characters, never within one. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
