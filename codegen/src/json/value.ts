/**
 * JSON values of a description. Objects are `Map`s: they keep the source order of every key (plain objects
 * move numeric keys to the front) and have no `__proto__`.
 */
export type Json = null | boolean | number | string | InexactNumber | Json[] | JsonObject;
export type JsonObject = Map<string, Json>;

/** A number that a double cannot hold: an integer that would lose digits, or one out of range. */
export class InexactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

/** A value as errors show it: one line, at most 80 characters, without control characters. */
export function preview(value: Json | undefined): string {
  return cut(flat(value, 0), 80);
}

function flat(value: Json | undefined, depth: number): string {
  if (value === undefined) return "nothing";
  if (value instanceof InexactNumber) return cut(value.text, 40);
  if (Array.isArray(value)) {
    return depth > 2
      ? "[…]"
      : `[${value
          .slice(0, 8)
          .map((item) => flat(item, depth + 1))
          .join(",")}]`;
  }
  if (isObject(value)) {
    if (depth > 2) return "{…}";
    const members = [...value].slice(0, 8);
    return `{${members.map(([key, item]) => `${quote(key)}:${flat(item, depth + 1)}`).join(",")}}`;
  }
  return typeof value === "string" ? quote(value) : String(value);
}

/** A text in JSON quotes, shortened, with everything invisible escaped. */
export function quote(text: string): string {
  return escapeInvisible(JSON.stringify(cut(text, 60)));
}

/**
 * Replaces control characters, line and paragraph separators, bidirectional marks, and other invisible
 * characters with `\uXXXX`. Inside JSON and JavaScript strings this changes no value.
 */
export function escapeInvisible(text: string): string {
  if (!BEYOND_ASCII_TEXT.test(text)) return text;
  return text.replace(INVISIBLE, (char) => {
    let escaped = "";
    for (let unit = 0; unit < char.length; unit++)
      escaped += `\\u${char.charCodeAt(unit).toString(16).padStart(4, "0")}`;
    return escaped;
  });
}

/** Fast path: most texts are printable ASCII. */
const BEYOND_ASCII_TEXT = /[^ -~]/;

// Written out, because Unicode classes grow with the version of Node and the output must not change.
/** Controls, formats, lone surrogates, separators, non-standard spaces, and characters that fonts omit. */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- they are what it looks for
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{110bd}\u{110cd}\u{13430}-\u{1345f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
