/**
 * Reads a multipart body with the tolerance of the real server's parser. It keeps the parts that it
 * understands, and silently drops a last part without a boundary after it.
 */
import type { Readable } from "node:stream";
import { ClientGone } from "./errors.js";

/** The body is not a multipart body with this boundary. */
export class MalformedMultipart extends Error {
  override readonly name = "MalformedMultipart";
}

/** The body ended within a part. */
export class PartCutOff extends Error {
  override readonly name = "PartCutOff";
}

export interface RawPart {
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** Read it to its end before the next part. Throws {@link PartCutOff} if the body ends too early. */
  readonly content: AsyncGenerator<Buffer>;
}

const NEWLINE = Buffer.from("\r\n");
const DASHES = Buffer.from("--");

/** UTF-8, or else Latin-1: nothing is refused. */
export function decodeText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\uFFFD") && !Buffer.from(text).equals(bytes)
    ? bytes.toString("latin1")
    : text;
}

/** A stream with lookahead: bytes can be inspected before they are consumed. */
class Lookahead {
  bytes: Buffer = Buffer.alloc(0);
  readonly #source: AsyncIterator<Buffer>;

  constructor(source: AsyncIterator<Buffer>) {
    this.#source = source;
  }

  /** Waits for more. @returns false at the end */
  async more(): Promise<boolean> {
    let next: IteratorResult<Buffer>;
    try {
      next = await this.#source.next();
    } catch (error) {
      throw new ClientGone("the client went away before its body was complete", { cause: error });
    }
    if (next.done === true) return false;
    this.bytes = this.bytes.length === 0 ? next.value : Buffer.concat([this.bytes, next.value]);
    return true;
  }

  /** Waits until `count` bytes are there. @returns false if there are fewer */
  async has(count: number): Promise<boolean> {
    while (this.bytes.length < count) if (!(await this.more())) return false;
    return true;
  }

  take(count: number): Buffer {
    const taken = this.bytes.subarray(0, count);
    this.bytes = this.bytes.subarray(count);
    return taken;
  }
}

async function skipNewlines(input: Lookahead): Promise<void> {
  while (await input.has(1)) {
    if (input.bytes[0] !== NEWLINE[0] && input.bytes[0] !== NEWLINE[1]) return;
    input.take(1);
  }
}

/** The lines up to the empty one. @returns undefined if the body ends before */
async function readHeaders(input: Lookahead): Promise<Map<string, string> | undefined> {
  const headers = new Map<string, string>();
  for (;;) {
    let end = input.bytes.indexOf(NEWLINE);
    while (end === -1) {
      if (!(await input.more())) return undefined;
      end = input.bytes.indexOf(NEWLINE);
    }
    const line = decodeText(input.take(end));
    input.take(NEWLINE.length);
    if (line === "") return headers;
    const colon = line.indexOf(":");
    if (colon <= 0) throw new MalformedMultipart(`a header without a name: ${line}`);
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

/** What follows a boundary: another part, the end, or neither, which makes it content. */
function meaningOf(bytes: Buffer): "part" | "end" | "content" {
  if (bytes.equals(NEWLINE)) return "part";
  return bytes.equals(DASHES) ? "end" : "content";
}

/** Content up to the next boundary, which is not consumed. */
async function* readContent(input: Lookahead, delimiter: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; ;) {
    const at = input.bytes.indexOf(delimiter, from);
    if (at === -1) {
      // The end of the buffer may be the beginning of a boundary.
      const sure = input.bytes.length - delimiter.length + 1;
      if (sure > 0) yield input.take(sure);
      from = 0;
      if (!(await input.more())) throw new PartCutOff("the body ends within a part");
      continue;
    }
    const after = at + delimiter.length;
    if (!(await input.has(after + 2))) throw new PartCutOff("the body ends within a boundary");
    if (meaningOf(input.bytes.subarray(after, after + 2)) === "content") {
      from = at + 1;
      continue;
    }
    if (at > 0) yield input.take(at);
    return;
  }
}

/**
 * The parts of a body, one after the other.
 *
 * @throws MalformedMultipart, ClientGone
 */
export async function* readParts(body: Readable, boundary: string): AsyncGenerator<RawPart> {
  // Not destroyed at the end, because the response uses the same connection.
  const source = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  const input = new Lookahead(source);
  const first = Buffer.from(`--${boundary}`, "latin1");
  const delimiter = Buffer.concat([NEWLINE, first]);
  try {
    await skipNewlines(input);
    if (!(await input.has(first.length))) {
      if (!first.subarray(0, input.bytes.length).equals(input.bytes)) {
        throw new MalformedMultipart("the body does not begin with the boundary");
      }
      return;
    }
    if (!input.take(first.length).equals(first)) {
      throw new MalformedMultipart("the body does not begin with the boundary");
    }
    for (;;) {
      if (!(await input.has(2))) return;
      const meaning = meaningOf(input.take(2));
      if (meaning === "end") return;
      if (meaning === "content") throw new MalformedMultipart("no line ends after the boundary");
      const headers = await readHeaders(input);
      if (headers === undefined) return;
      yield { headers, content: readContent(input, delimiter) };
      input.take(delimiter.length);
    }
  } finally {
    await source.return?.();
    body.resume();
  }
}

const PARAMETER = /;\s*([\w*-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;]*))/g;

/** The parameters of a header such as `form-data; name="a"; filename="b.png"`. */
export function parametersOf(header: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, bare = ""] of header.matchAll(PARAMETER)) {
    const value = quoted === undefined ? bare.trim() : quoted.replace(/\\(["\\])/g, "$1");
    parameters.set(name.toLowerCase(), value);
  }
  return parameters;
}
