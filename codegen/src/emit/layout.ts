/**
 * Lays code out exactly as prettier 3.10 with `printWidth: 100` would, so that a formatter has nothing to
 * change in generated files: what fits stays on its line, else it is broken from the outside in. A test
 * compares with prettier; running prettier itself would cost more than everything else together.
 */
import { columns } from "./columns.js";
import { code, joinCode, type Code } from "./safe-text.js";

/** Width of generated lines. A single text longer than it stays whole. */
const WIDTH = 100;

/** Whether pieces of a line fit beside each other, at a level of indentation. */
export function fits(level: number, ...pieces: readonly string[]): boolean {
  let width = 2 * level;
  for (const piece of pieces) {
    width += columns(piece);
    if (width > WIDTH) return false;
  }
  return true;
}

const MARGINS = [code``, code`  `, code`    `, code`      `, code`        `, code`          `];

/** A new line at a level of indentation. */
export function newLine(level: number): Code {
  return code`\n${MARGINS[level] ?? code``}`;
}

/** A value: on one line, and over many. */
export interface Value {
  readonly flat: Code;
  /** Its form where `flat` does not fit; without it, the value cannot be broken. */
  readonly broken?: (level: number) => Code;
}

/** A value that cannot be broken. */
export function textValue(flat: Code): Value {
  return { flat };
}

/** A list literal. */
export function listValue(members: readonly Value[]): Value {
  return {
    flat: code`[${joinCode(
      members.map(({ flat }) => flat),
      ", ",
    )}]`,
    broken: (level) => code`[${listLines(members, level)}]`,
  };
}

/** The members of a list, one per line, with the line breaks around them. */
export function listLines(members: readonly Value[], level: number): Code {
  const lines = members.map(
    (member) => code`${newLine(level + 1)}${place(member, level + 1, "", ",")},`,
  );
  return code`${joinCode(lines, "")}${newLine(level)}`;
}

/** An object literal. */
export function objectValue(members: readonly (readonly [key: Code, value: Value])[]): Value {
  return {
    flat: code`{ ${joinCode(
      members.map(([key, { flat }]) => code`${key}: ${flat}`),
      ", ",
    )} }`,
    broken: (level) => {
      const lines = members.map(
        ([key, value]) => code`${newLine(level + 1)}${memberCode(key, value, level + 1)}`,
      );
      return code`{${joinCode(lines, "")}${newLine(level)}}`;
    },
  };
}

/** Up to this length of a key, a value on the next line would not stand further to the left. */
const SHORT_KEY = 4;

/** A member of an object literal; a value that cannot be broken goes to the next line if it must. */
export function memberCode(key: Code, value: Value, level: number): Code {
  const mayBreak = value.broken === undefined && key.length > SHORT_KEY;
  if (mayBreak && !fits(level, key, ": ", value.flat, ",")) {
    return code`${key}:${newLine(level + 1)}${value.flat},`;
  }
  return code`${key}: ${place(value, level, `${key}: `, ",")},`;
}

/** A value in its place; what stands before and after it on its line counts. */
function place(value: Value, level: number, before: string, after: string): Code {
  if (value.broken === undefined || fits(level, before, value.flat, after)) return value.flat;
  return value.broken(level);
}

/** A type after its key, with the space or line break before it: a union that does not fit is broken. */
export function typeAfter(key: Code, members: readonly Code[], level: number): Code {
  const flat = joinCode(members, " | ");
  if (members.length === 1 || fits(level, key, " ", flat, ";")) return code` ${flat}`;
  if (fits(level + 1, flat, ";")) return code`${newLine(level + 1)}${flat}`;
  return joinCode(
    members.map((member) => code`${newLine(level + 1)}| ${member}`),
    "",
  );
}

/** `import { a, b } from "x";` or its `export`. */
export function bindingsCode(word: Code, names: readonly Code[], from: Code): Code {
  const flat = code`${word} { ${joinCode(names, ", ")} } from ${from};`;
  if (names.length === 1 || fits(0, flat)) return flat;
  const lines = names.map((name) => code`${newLine(1)}${name},`);
  return code`${word} {${joinCode(lines, "")}${newLine(0)}} from ${from};`;
}
