/**
 * Reads a multipart form as it arrives: first its texts in full, then its files, of which it inspects only
 * what stands between them. It accepts one spelling of a form, that of browsers and of this client, and
 * refuses anything that two parsers could read differently. Invariant: nothing after a fault is forwarded.
 */
import { concat } from "../bytes/streams.js";
import { Refusal } from "./refusal.js";

/** The server's limit for one text field, in bytes. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** All texts of one form with their names, in bytes; they are held in memory. */
const MAX_TEXTS_BYTES = 4 * 1024 * 1024;

/** Texts of one form; flows have a few dozen parameters at most. */
const MAX_TEXTS = 100;

/** Name of a field, in bytes. */
const MAX_NAME_BYTES = 100;

/** Headers of one part, in bytes. */
const MAX_HEADERS_BYTES = 2048;

const TEXT_PART = /^Content-Disposition: form-data; name="([^"\\\r\n]+)"$/;

const FILE_PART =
  /^Content-Disposition: form-data; name="([^"\\\r\n]+)"; filename="([^"\\/\r\n\0]+)"\r\nContent-Type: [\w!#$&^.+-]+\/[\x20-\x7e]+$/;

const encoder = new TextEncoder();
const HEADERS_END = encoder.encode("\r\n\r\n");

/** The texts of a form, which precede its files. */
export interface FormTexts {
  /** In the order of the form. */
  readonly texts: readonly (readonly [name: string, value: string])[];
  /** Field name of the first file; undefined for a form without files, which has then been read in full. */
  readonly firstFile: string | undefined;
}

/** Reads the bytes of a form chunk by chunk; undefined at its end. */
export type ReadPiece = () => Promise<Uint8Array | undefined>;

/**
 * The boundary of a form, from its `Content-Type`.
 * @throws Refusal 415
 */
export function boundaryOf(contentType: string | null): string {
  const boundary = /^multipart\/form-data; ?boundary=([\w'.-]{1,70})$/.exec(contentType ?? "")?.[1];
  if (boundary === undefined)
    throw new Refusal(415, "bad_form", "A create needs a multipart/form-data body.");
  return boundary;
}

export class FormReader {
  readonly #read: ReadPiece;
  readonly #opening: Uint8Array;
  readonly #delimiter: Uint8Array;
  readonly #boundary: string;
  #buffer: Uint8Array = new Uint8Array();
  #ended = false;
  /** Bytes read and dropped from the buffer. */
  #consumed = 0;

  constructor(read: ReadPiece, boundary: string) {
    this.#read = read;
    this.#boundary = boundary;
    this.#opening = encoder.encode(`--${boundary}`);
    this.#delimiter = encoder.encode(`\r\n--${boundary}`);
  }

  /** Bytes of the form that `texts()` has read; files start there. */
  get consumed(): number {
    return this.#consumed;
  }

  /** Reads the texts. The files follow. */
  async texts(): Promise<FormTexts> {
    const texts: [string, string][] = [];
    const names = new Set<string>();
    const opening = await this.#peek(this.#opening.length);
    if (!startsWith(opening, this.#opening)) throw damaged("does not begin with its boundary");
    let total = 0;
    for (;;) {
      // Keep the boundary itself: a file's part is forwarded with it.
      if (await this.#atEnd(this.#opening.length)) {
        await this.#expectEnd(this.#opening.length + 2);
        return { texts, firstFile: undefined };
      }
      const { head, length } = await this.#headers(this.#opening.length);
      const file = FILE_PART.exec(head)?.[1];
      if (file !== undefined) return { texts, firstFile: file };
      const name = checkedName(TEXT_PART.exec(head)?.[1], names);
      if (names.size > MAX_TEXTS)
        throw new Refusal(413, "too_large", `A form may have at most ${MAX_TEXTS} text fields.`);
      this.#drop(this.#opening.length + length);
      const bytes = await this.#until(this.#delimiter, MAX_TEXT_BYTES);
      total += length + bytes.length;
      if (total > MAX_TEXTS_BYTES) throw tooLong();
      const text = decoded(bytes);
      // After a bare line feed it would become a real boundary when the text is rewritten.
      if (text.includes(this.#boundary)) throw damaged("has its boundary inside a text field");
      texts.push([name, text]);
      // The line break before the boundary belongs to the preceding text.
      this.#drop(bytes.length + 2);
    }
  }

  /**
   * The files, byte for byte, with the boundaries around them.
   * @param onFile called with each file's field name, before any of its bytes are forwarded
   * @param onEnd called before the last bytes are forwarded
   */
  async *files(onFile: (name: string) => void, onEnd: () => void): AsyncGenerator<Uint8Array> {
    const names = new Set<string>();
    // At the first file, the line break before its boundary is already consumed.
    let boundary = this.#opening.length;
    for (;;) {
      const { head, length } = await this.#headers(boundary);
      const name = FILE_PART.exec(head)?.[1];
      if (name === undefined && TEXT_PART.test(head))
        throw new Refusal(400, "bad_form", "A form must have its text fields before its files.");
      onFile(checkedName(name, names));
      yield this.#take(boundary + length);
      boundary = this.#delimiter.length;
      for (;;) {
        const at = find(this.#buffer, this.#delimiter, 0);
        if (at > 0) yield this.#take(at);
        if (at >= 0) break;
        // Keep what may be the start of a boundary.
        const safe = this.#buffer.length - this.#delimiter.length + 1;
        if (safe > 0) yield this.#take(safe);
        if (!(await this.#more())) throw damaged("ends before its last boundary");
      }
      if (await this.#atEnd(boundary)) {
        await this.#expectEnd(boundary + 2);
        onEnd();
        yield this.#take(this.#buffer.length);
        return;
      }
    }
  }

  /** Whether the following bytes close the form. */
  async #atEnd(offset: number): Promise<boolean> {
    const bytes = await this.#peek(offset + 2);
    const mark = String.fromCharCode(...bytes.subarray(offset, offset + 2));
    if (mark !== "--" && mark !== "\r\n") throw damaged("has a damaged boundary");
    return mark === "--";
  }

  /** Only a line break may follow the closing boundary. */
  async #expectEnd(offset: number): Promise<void> {
    while (this.#buffer.length <= offset + 2 && (await this.#more()));
    const rest = String.fromCharCode(...this.#buffer.subarray(offset, offset + 3));
    if (rest !== "" && rest !== "\r\n") throw damaged("continues after its end");
  }

  /** The headers of a part, without the line breaks around them, and their length including those. */
  async #headers(offset: number): Promise<{ head: string; length: number }> {
    for (;;) {
      const at = find(this.#buffer, HEADERS_END, offset);
      if (
        at > offset + MAX_HEADERS_BYTES ||
        (at < 0 && this.#buffer.length > offset + MAX_HEADERS_BYTES)
      )
        throw damaged("has a part with headers that are too long");
      if (at >= 0) {
        const head = decoded(this.#buffer.subarray(offset + 2, Math.max(at, offset + 2)));
        return { head, length: at + HEADERS_END.length - offset };
      }
      if (!(await this.#more())) throw damaged("ends before its last boundary");
    }
  }

  async #until(mark: Uint8Array, limit: number): Promise<Uint8Array> {
    let from = 0;
    for (;;) {
      const at = find(this.#buffer, mark, from);
      if (at > limit || (at < 0 && this.#buffer.length > limit + mark.length)) throw tooLong();
      if (at >= 0) return this.#buffer.subarray(0, at);
      from = Math.max(0, this.#buffer.length - mark.length + 1);
      if (!(await this.#more())) throw damaged("ends before its last boundary");
    }
  }

  async #peek(length: number): Promise<Uint8Array> {
    while (this.#buffer.length < length)
      if (!(await this.#more())) throw damaged("ends before its last boundary");
    return this.#buffer;
  }

  #take(length: number): Uint8Array {
    const bytes = this.#buffer.subarray(0, length);
    this.#drop(length);
    return bytes;
  }

  #drop(length: number): void {
    this.#buffer = this.#buffer.subarray(length);
    this.#consumed += length;
  }

  /**
   * Reads at least as many bytes as the buffer holds, or a long text in tiny chunks would be copied once per
   * chunk.
   */
  async #more(): Promise<boolean> {
    const pieces = [this.#buffer];
    let gathered = 0;
    while (!this.#ended && (gathered === 0 || gathered < this.#buffer.length)) {
      const piece = await this.#read();
      if (!piece) this.#ended = true;
      else if (piece.length > 0) {
        pieces.push(piece);
        gathered += piece.length;
      }
    }
    if (gathered > 0) this.#buffer = concat(pieces);
    return gathered > 0;
  }
}

/**
 * Position of a mark in bytes; −1 if absent. A loop instead of `indexOf`, whose call would cost more than the
 * byte in a file full of matching first bytes.
 */
function find(bytes: Uint8Array, mark: Uint8Array, from: number): number {
  const [first] = mark;
  const last = bytes.length - mark.length;
  for (let at = from; at <= last; at++) {
    if (bytes[at] !== first) continue;
    let same = 1;
    while (same < mark.length && bytes[at + same] === mark[same]) same++;
    if (same === mark.length) return at;
  }
  return -1;
}

function startsWith(bytes: Uint8Array, mark: Uint8Array): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged("has a text field that is not UTF-8");
  }
}

/** Adds the name of a part to those before it. */
function checkedName(name: string | undefined, names: Set<string>): string {
  if (name === undefined) throw damaged("has a part that is neither a text field nor a file");
  if (encoder.encode(name).length > MAX_NAME_BYTES)
    throw damaged("has a field whose name is too long");
  if (names.has(name))
    throw new Refusal(400, "bad_form", "The form has the same field more than once.");
  names.add(name);
  return name;
}

function damaged(how: string): Refusal {
  return new Refusal(400, "bad_form", `The form ${how}.`);
}

function tooLong(): Refusal {
  return new Refusal(
    413,
    "too_large",
    "A text field of the form is longer than the server's limit.",
  );
}
