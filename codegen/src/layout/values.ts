/** Literals and calls: each value in its one-line form and its multi-line form. */
import { fits, newLine } from "./lines.js";
import type { Scanner } from "./scanner.js";

/** A parsed value. */
export interface Value {
  readonly kind: "word" | "list" | "object";
  readonly flat: string;
  /** Number of members. */
  readonly size: number;
  /** The multi-line form, for when `flat` does not fit. */
  readonly broken: (level: number) => string;
  /** Whether it is broken even if it fits. */
  readonly mustBreak: boolean;
}

/** A member of an object literal; without a value it is the shorthand `{ name }`. */
interface Member {
  readonly key: string;
  readonly value: Value | undefined;
}

/** Reads a literal: a word, a text, a list, or an object. */
export function readValue(scanner: Scanner): Value {
  if (scanner.isNext("[")) return readList(scanner);
  if (scanner.isNext("{")) return readObject(scanner);
  const flat = scanner.word();
  return { kind: "word", flat, size: 0, broken: () => flat, mustBreak: false };
}

/** Reads values separated by commas, up to `end`. */
export function readValues(scanner: Scanner, end: "]" | ")"): Value[] {
  const values: Value[] = [];
  scanner.skipSpace();
  while (!scanner.take(end)) {
    values.push(readValue(scanner));
    scanner.skipSpace();
    if (!scanner.isNext(end)) scanner.expect(",");
  }
  return values;
}

function readList(scanner: Scanner): Value {
  scanner.expect("[");
  const members = readValues(scanner, "]");
  return {
    kind: "list",
    flat: `[${members.map(({ flat }) => flat).join(", ")}]`,
    size: members.length,
    broken: (level) => {
      const lines = members.map((member) => newLine(level + 1) + place(member, level + 1, "", ","));
      return `[${lines.map((line) => `${line},`).join("")}${newLine(level)}]`;
    },
    mustBreak: isTable(members) || members.some(({ mustBreak }) => mustBreak),
  };
}

/** Several objects, or several lists, of at least two members each: each goes on its own line. */
function isTable(members: readonly Value[]): boolean {
  const kind = members[0]?.kind;
  return (
    members.length > 1 &&
    kind !== "word" &&
    members.every((member) => member.kind === kind && member.size > 1)
  );
}

function readObject(scanner: Scanner): Value {
  // As in prettier, an object whose first key is on its own line stays broken.
  const { after } = scanner.expect("{");
  const members: Member[] = [];
  while (!scanner.take("}")) {
    const key = scanner.isNext("[") ? readList(scanner).flat : scanner.word();
    scanner.skipSpace();
    const value = scanner.take(":") ? readAfterSpace(scanner) : undefined;
    members.push({ key, value });
    scanner.skipSpace();
    if (!scanner.isNext("}")) scanner.expect(",");
  }
  const flat = members.map(({ key, value }) =>
    value === undefined ? key : `${key}: ${value.flat}`,
  );
  return {
    kind: "object",
    flat: members.length === 0 ? "{}" : `{ ${flat.join(", ")} }`,
    size: members.length,
    broken: (level) => {
      const lines = members.map((member) => newLine(level + 1) + memberLine(member, level + 1));
      return `{${lines.join("")}${newLine(level)}}`;
    },
    mustBreak: after > 0 || members.some(({ value }) => value?.mustBreak === true),
  };
}

function readAfterSpace(scanner: Scanner): Value {
  scanner.skipSpace();
  return readValue(scanner);
}

/** Up to this key length, moving the value to the next line would not place it further left. */
const SHORT_KEY = 4;

function memberLine({ key, value }: Member, level: number): string {
  if (value === undefined) return `${key},`;
  const goesBelow =
    value.kind === "word" && key.length > SHORT_KEY && !fits(level, key, ": ", value.flat, ",");
  return goesBelow
    ? `${key}:${newLine(level + 1)}${value.flat},`
    : `${key}: ${place(value, level, `${key}: `, ",")},`;
}

/** A value in its place, given the text before and after it on its line. */
function place(value: Value, level: number, before: string, after: string): string {
  const staysFlat = !value.mustBreak && fits(level, before, value.flat, after);
  return staysFlat ? value.flat : value.broken(level);
}

/**
 * The arguments of a call, and its end. They go on one line if they fit; otherwise only the last one is
 * broken, if it is a literal that can be; otherwise each gets its own line.
 */
export function callEnd(values: readonly Value[], level: number, before: string): string {
  const flat = values.map((value) => value.flat);
  const mustBreak = values.map((value) => value.mustBreak);
  if (!mustBreak.includes(true) && fits(level, before, flat.join(", "), ");")) {
    return `${flat.join(", ")});`;
  }
  const last = values.at(-1);
  const canBreakLast =
    last !== undefined &&
    last.size > 0 &&
    last.kind !== values.at(-2)?.kind &&
    !mustBreak.slice(0, -1).includes(true);
  const start = flat
    .slice(0, -1)
    .map((value) => `${value}, `)
    .join("");
  if (canBreakLast && fits(level, before, start, last.flat.charAt(0))) {
    return `${start}${last.broken(level)});`;
  }
  const lines = values.map((value) => newLine(level + 1) + place(value, level + 1, "", ","));
  return `${lines.map((line) => `${line},`).join("")}${newLine(level)});`;
}
