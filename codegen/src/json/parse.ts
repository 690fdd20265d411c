/**
 * A JSON parser for untrusted documents. Unlike `JSON.parse` it rejects repeated keys (two readers would see
 * two documents), limits the depth, keeps the order of all keys, marks numbers that a double cannot hold, and
 * reports the line of an unexpected end.
 */
import { CodegenError } from "../errors.js";
import { escapePointer } from "./pointer.js";
import { InexactNumber, quote, type Json, type JsonObject } from "./value.js";

/** A description needs about 20 levels. */
const MAX_DEPTH = 200;

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;

/** Parses `text` as one JSON value. @throws CodegenError with a `json_…` code. */
export function parseJson(text: string): Json {
  return new Reader(text).document();
}

class Reader {
  readonly #text: string;
  #at = 0;
  readonly #path: (string | number)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    if (/^\s*</.test(this.#text)) {
      throw new CodegenError("json_is_html", "The document is an HTML or XML page, not JSON.", {
        value: quote(this.#text.trimStart().slice(0, 60)),
        hint: "Check the address; a proxy or a sign-in page may have responded instead of the server.",
      });
    }
    if (this.#text.trim() === "") {
      throw new CodegenError("json_empty", "The document is empty.", {
        hint: "Check the address or the file.",
      });
    }
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("more text after the end of the document");
    return value;
  }

  #value(): Json {
    this.#skipSpace();
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x7b:
        return this.#object();
      case 0x5b:
        return this.#array();
      case 0x22:
        return this.#string();
      case 0x74:
        return this.#word("true", true);
      case 0x66:
        return this.#word("false", false);
      case 0x6e:
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #object(): JsonObject {
    const object: JsonObject = new Map();
    this.#descend();
    this.#at += 1;
    this.#skipSpace();
    if (this.#take(0x7d)) return this.#ascend(object);
    for (;;) {
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== 0x22)
        this.#fail("a key in double quotes was expected");
      const key = this.#string();
      this.#path[this.#path.length - 1] = key;
      if (object.has(key)) {
        throw new CodegenError(
          "json_duplicate_key",
          `The key ${quote(key)} appears twice in one object.`,
          {
            pointer: this.#pointer(),
            value: this.#position(),
            hint: "Parsers disagree on the meaning of such a document; ask its author to fix it.",
          },
        );
      }
      this.#skipSpace();
      if (!this.#take(0x3a)) this.#fail('":" was expected');
      object.set(key, this.#value());
      this.#skipSpace();
      if (this.#take(0x7d)) return this.#ascend(object);
      if (!this.#take(0x2c)) this.#fail('"," or "}" was expected');
    }
  }

  #array(): Json[] {
    const array: Json[] = [];
    this.#descend();
    this.#at += 1;
    this.#skipSpace();
    if (this.#take(0x5d)) return this.#ascend(array);
    for (;;) {
      this.#path[this.#path.length - 1] = array.length;
      array.push(this.#value());
      this.#skipSpace();
      if (this.#take(0x5d)) return this.#ascend(array);
      if (!this.#take(0x2c)) this.#fail('"," or "]" was expected');
    }
  }

  #string(): string {
    const start = this.#at;
    for (let end = start + 1; ; end += 1) {
      const unit = this.#text.charCodeAt(end);
      if (unit === 0x22) {
        this.#at = end + 1;
        const raw = this.#text.slice(start + 1, end);
        return raw.includes("\\") ? this.#unescape(start, end + 1) : raw;
      }
      if (unit === 0x5c) end += 1;
      else if (unit < 0x20) {
        this.#at = end;
        this.#fail("a control character inside a string must be escaped");
      } else if (Number.isNaN(unit)) {
        this.#at = this.#text.length;
        this.#fail("a string is not terminated");
      }
    }
  }

  #unescape(start: number, end: number): string {
    try {
      return JSON.parse(this.#text.slice(start, end)) as string;
    } catch {
      this.#at = start;
      return this.#fail("a string has an unknown escape");
    }
  }

  #number(): number | InexactNumber {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) return this.#fail("a value was expected");
    this.#at += match[0].length;
    const value = Number(match[0]);
    if (!Number.isFinite(value)) return new InexactNumber(match[0]);
    const isPlainInteger = match[1] === undefined && match[2] === undefined;
    if (isPlainInteger && !Number.isSafeInteger(value) && losesDigits(match[0], value)) {
      return new InexactNumber(match[0]);
    }
    return value === 0 ? 0 : value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail("a value was expected");
    this.#at += word.length;
    return value;
  }

  #take(unit: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== unit) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    if (this.#text.charCodeAt(this.#at) > 0x20) return;
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #descend(): void {
    this.#path.push("");
    if (this.#path.length > MAX_DEPTH) {
      throw new CodegenError(
        "json_too_deep",
        `The document is nested deeper than ${MAX_DEPTH} levels.`,
        {
          value: this.#position(),
          hint: "No description of flows needs that; check what the URL serves.",
        },
      );
    }
  }

  #ascend<T>(value: T): T {
    this.#path.pop();
    return value;
  }

  #pointer(): string {
    return this.#path.map((key) => `/${escapePointer(String(key))}`).join("");
  }

  #position(): string {
    const before = this.#text.slice(0, this.#at);
    const line = before.split("\n").length;
    return `line ${line}, column ${this.#at - before.lastIndexOf("\n")}`;
  }

  #fail(what: string): never {
    const isCut = this.#at >= this.#text.length;
    throw new CodegenError(
      isCut ? "json_cut" : "json_syntax",
      isCut ? "The document is incomplete." : `The document is not JSON: ${what}.`,
      {
        pointer: this.#pointer(),
        value: this.#position(),
        hint: isCut
          ? "The transfer or the file was cut off; try again."
          : "Check that the address serves the description as JSON.",
      },
    );
  }
}

/** Whether an integer differs from the double's exact value and from its shortest decimal form. */
function losesDigits(text: string, value: number): boolean {
  return BigInt(text) !== BigInt(value) && text !== String(value);
}
