/**
 * Lays out generated modules exactly as prettier 3.10 with `printWidth: 100` would, so that a formatter
 * changes nothing in them. It knows only the statements that the templates write, and changes only white
 * space, the commas before a closing bracket, and the bar before the first member of a union. A test compares
 * it with prettier. Running prettier itself would cost more than everything else together.
 */
import { commentCode } from "./comment.js";
import { fits, newLine } from "./lines.js";
import { Scanner } from "./scanner.js";
import { callEnd, readValue, readValues } from "./values.js";

/** The text of a module in its final layout. */
export function layOut(text: string): string {
  const scanner = new Scanner(text);
  const lines: string[] = [];
  for (;;) {
    const hasBlankLine = scanner.skipSpace() > 1;
    if (scanner.isAtEnd) return `${lines.join("\n")}\n`;
    if (hasBlankLine && lines.length > 0) lines.push("");
    lines.push(readStatement(scanner));
  }
}

function readStatement(scanner: Scanner): string {
  if (scanner.isNext("//")) return scanner.upTo("\n");
  if (scanner.take("/**")) return commentCode(scanner.upTo("*/"), 0);
  for (const start of ["import type", "import", "export"]) {
    if (scanner.take(`${start} {`)) return bindings(scanner, start);
  }
  if (scanner.take("export interface ")) return interfaceCode(scanner);
  if (scanner.take("export const ")) return constant(scanner);
  return scanner.fail("expected a statement");
}

/** `import { a, type B } from "x";`, or `export`. A single name always stays on the line of the braces. */
function bindings(scanner: Scanner, start: string): string {
  const names: string[] = [];
  scanner.skipSpace();
  while (!scanner.take("}")) {
    names.push(scanner.take("type ") ? `type ${scanner.word()}` : scanner.word());
    scanner.skipSpace();
    if (!scanner.isNext("}")) scanner.expect(",");
  }
  scanner.expect("from");
  const end = `} from ${scanner.word()};`;
  scanner.endStatement();
  const flat = `${start} { ${names.join(", ")} ${end}`;
  if (names.length === 1 || fits(0, flat)) return flat;
  return `${start} {${names.map((name) => `${newLine(1)}${name},`).join("")}${newLine(0)}${end}`;
}

/** `export interface X extends A, B { … }` */
function interfaceCode(scanner: Scanner): string {
  const start = `export interface ${scanner.word()}`;
  scanner.skipSpace();
  const bases: string[] = [];
  if (scanner.take("extends")) {
    scanner.skipSpace();
    while (!scanner.isNext("{")) {
      bases.push(scanner.word());
      scanner.skipSpace();
      if (!scanner.isNext("{")) scanner.expect(",");
    }
  }
  const members = interfaceMembers(scanner);
  const body = members.length === 0 ? "{}" : `{${members.join("")}\n}`;
  if (bases.length === 0) return `${start} ${body}`;
  const clause = `extends ${bases.join(", ")}`;
  const isBeside =
    bases.length === 1 || fits(0, start, " ", clause, members.length === 0 ? " {}" : " {");
  return `${start}${isBeside ? " " : newLine(1)}${clause} ${body}`;
}

function interfaceMembers(scanner: Scanner): string[] {
  const members: string[] = [];
  scanner.expect("{");
  while (!scanner.take("}")) {
    if (scanner.take("/**")) members.push(`\n${commentCode(scanner.upTo("*/"), 1)}`);
    else members.push(newLine(1) + property(scanner));
    scanner.skipSpace();
  }
  return members;
}

/** `key?: A | B;` A union that does not fit moves to the next line, or gets one line per member. */
function property(scanner: Scanner): string {
  const name = scanner.word();
  const key = scanner.take("?") ? `${name}?:` : `${name}:`;
  scanner.expect(":");
  const union = unionMembers(scanner);
  const flat = union.join(" | ");
  if (union.length === 1 || fits(1, key, " ", flat, ";")) return `${key} ${flat};`;
  if (fits(2, flat, ";")) return `${key}${newLine(2)}${flat};`;
  return `${key}${union.map((member) => `${newLine(2)}| ${member}`).join("")};`;
}

function unionMembers(scanner: Scanner): string[] {
  const members: string[] = [];
  for (;;) {
    scanner.skipSpace();
    if (scanner.take(";")) return members;
    if (scanner.take("|")) scanner.skipSpace();
    let member = scanner.word();
    // `FileInput<"image">` is three words.
    while (!/^[ \n;]/.test(scanner.peek())) member += scanner.word();
    members.push(member);
  }
}

function onOneLine(type: string): string {
  return type.trim().replace(/\s+/g, " ").replace(/< /g, "<").replace(/ >/g, ">");
}

/**
 * `export const x: T = value;` The value is an object, or a call marked as pure. A type with several
 * arguments that does not fit gets one line per argument.
 */
function constant(scanner: Scanner): string {
  const name = scanner.word();
  scanner.expect(":");
  const type = onOneLine(scanner.upTo("="));
  const start = `export const ${name}: ${type} =`;
  scanner.skipSpace();
  if (!scanner.take("/*")) {
    const value = readValue(scanner);
    scanner.endStatement();
    return `${start} ${value.mustBreak ? value.broken(0) : value.flat};`;
  }
  const call = `/*${scanner.upTo("*/")}*/ ${(scanner.skipSpace(), scanner.word())}(`;
  scanner.expect("(");
  const values = readValues(scanner, ")");
  scanner.endStatement();
  if (fits(0, start, " ", call)) {
    const before = `${start} ${call}`;
    return before + callEnd(values, 0, before);
  }
  const [, generic, args] = /^(\w+)<(.*, .*)>$/.exec(type) ?? [];
  if (generic !== undefined && args !== undefined && !fits(0, start)) {
    const broken = args
      .split(", ")
      .map((arg, index) => `${index > 0 ? "," : ""}${newLine(1)}${arg}`);
    const before = `> = ${call}`;
    return `export const ${name}: ${generic}<${broken.join("")}\n${before}${callEnd(values, 0, before)}`;
  }
  return `${start}${newLine(1)}${call}${callEnd(values, 1, call)}`;
}
