/**
 * Converts text of a description to code. Everything in a description may be hostile, so each way into a
 * generated file – literal, key, comment, name – is one function in this folder, and templates print through
 * nothing else.
 */
import { CodegenError } from "../errors.js";
import { escapeInvisible, quote } from "../json/value.js";
import { SOURCE_DIRECTIVE } from "./directive.js";
import { PLAIN_NAME } from "./letters.js";

declare const safe: unique symbol;
/** Text that is safe in generated code. Only the modules in this folder create it. */
export type Code = string & { readonly [safe]: "code" };

/** Our own code, written as a literal in our source. */
export function code(strings: TemplateStringsArray): Code {
  return strings.join("") as Code;
}

/** A JavaScript string literal that evaluates to exactly `text`, in the quotes that need fewer escapes. */
export function stringLiteral(text: string): Code {
  if (/^[\w .,:()-]*$/.test(text)) return `"${text}"` as Code;
  return escapeInvisible(inQuotes(text))
    .replaceAll("*/", "*\\/")
    .replace(SOURCE_DIRECTIVE, "$1\\u0073") as Code;
}

function inQuotes(text: string): string {
  const double = JSON.stringify(text);
  if (!text.includes('"') || count(text, '"') <= count(text, "'")) return double;
  // Escapes are matched whole, so that a quote after an escaped backslash is not taken for an escaped quote.
  const single = double.slice(1, -1).replace(/\\.|'/g, (piece) => {
    if (piece === "'") return "\\'";
    return piece === '\\"' ? '"' : piece;
  });
  return `'${single}'`;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

/** A literal for a string, number or boolean. */
export function literal(value: string | number | boolean): Code {
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new CodegenError("number_inexact", `The number ${value} cannot be written.`);
  }
  // `1e+21` is `1e21`.
  return String(value).replace("e+", "e") as Code;
}

/** A key of an interface: unquoted if it is a plain name. */
export function key(name: string): Code {
  return isPlainName(name) ? (name as Code) : stringLiteral(name);
}

/**
 * Whether a key can be written without quotes. Prettier removes quotes, so keys that are words of a natural
 * language must match its rule: the letters allowed in names, with their accents and the katakana long vowel,
 * are enough for that. Rarer letters stay quoted, which is also valid.
 */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) || PLAIN_NAME.test(name);
}

/** A key of an object literal; `__proto__` would set the prototype, so it is computed. */
export function objectKey(name: string): Code {
  return name === "__proto__" ? (`["__proto__"]` as Code) : key(name);
}

/** A module specifier. It comes from our own command line, but must still be one line of text. */
export function moduleSpecifier(specifier: string): Code {
  if (!/^[\w@./~:#-]+$/.test(specifier)) {
    throw new CodegenError("runtime_invalid", "The value of --runtime is not a module specifier.", {
      value: quote(specifier),
      hint: "Give --runtime a package name or a relative path that ends in .js.",
    });
  }
  return stringLiteral(specifier);
}
