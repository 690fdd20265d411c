/** Reads generated code token by token: words, quoted texts, brackets, comments. Knows no grammar. */

/** Characters that end a word. */
const AFTER_WORD = /[\s,;:?=|(){}[\]"']/g;

export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Skips white space. @returns number of line breaks in it. */
  skipSpace(): number {
    let lines = 0;
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit === 0x0a) lines += 1;
      else if (unit !== 0x20) return lines;
      this.#at += 1;
    }
  }

  /** Whether `token` comes next. */
  isNext(token: string): boolean {
    return this.#text.startsWith(token, this.#at);
  }

  /** The next character; empty at the end. */
  peek(): string {
    return this.#text.charAt(this.#at);
  }

  /** Skips `token` if it comes next. */
  take(token: string): boolean {
    if (!this.isNext(token)) return false;
    this.#at += token.length;
    return true;
  }

  /** Skips white space, `token`, and white space. @returns number of line breaks before and after. */
  expect(token: string): { readonly before: number; readonly after: number } {
    const before = this.skipSpace();
    if (!this.take(token)) this.fail(`expected ${token}`);
    return { before, after: this.skipSpace() };
  }

  /** Skips a semicolon; the white space after it shows whether a blank line follows. */
  endStatement(): void {
    this.skipSpace();
    if (!this.take(";")) this.fail("expected ;");
  }

  /** Returns everything up to `end`, and skips both. */
  upTo(end: string): string {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) this.fail(`expected ${end}`);
    const text = this.#text.slice(this.#at, found);
    this.#at = found + end.length;
    return text;
  }

  /** A word, or a quoted text. */
  word(): string {
    const start = this.#at;
    const unit = this.#text.charCodeAt(start);
    if (unit === 0x22 || unit === 0x27) this.#skipQuoted(unit);
    else {
      AFTER_WORD.lastIndex = start;
      this.#at = AFTER_WORD.exec(this.#text)?.index ?? this.#text.length;
    }
    if (this.#at === start) this.fail("expected a word");
    return this.#text.slice(start, this.#at);
  }

  #skipQuoted(quote: number): void {
    for (let at = this.#at + 1; at < this.#text.length; at += 1) {
      const unit = this.#text.charCodeAt(at);
      if (unit === quote) {
        this.#at = at + 1;
        return;
      }
      if (unit === 0x5c) at += 1;
    }
    this.fail("a string is not terminated");
  }

  /** A template wrote something that the layout does not know: a bug in this package. */
  fail(reason: string): never {
    const here = JSON.stringify(this.#text.slice(this.#at, this.#at + 40));
    throw new TypeError(`Cannot lay out the generated code at ${here}: ${reason}.`);
  }
}
