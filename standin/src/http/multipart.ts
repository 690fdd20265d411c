/** Forms of create calls and result uploads. */
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { StoredBlob, BlobStore } from "../blobs.js";
import { ClientGone, HttpError } from "./errors.js";
import {
  decodeText,
  MalformedMultipart,
  parametersOf,
  PartCutOff,
  type RawPart,
  readParts,
} from "./multipart-parser.js";

export interface TextPart {
  readonly kind: "text";
  readonly name: string;
  readonly value: string;
}

export interface FilePart {
  readonly kind: "file";
  readonly name: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly blob: StoredBlob;
}

export type Part = TextPart | FilePart;

/** A form as received: its parts in order, repeated names included. */
export class Form {
  readonly parts: readonly Part[];
  readonly #byName = new Map<string, Part>();

  constructor(parts: readonly Part[]) {
    this.parts = parts;
    // The last of several parts with one name counts.
    for (const part of parts) this.#byName.set(part.name, part);
  }

  get(name: string): Part | undefined {
    return this.#byName.get(name);
  }

  text(name: string): string | undefined {
    const part = this.get(name);
    return part?.kind === "text" ? part.value : undefined;
  }

  /** Names in the order in which they first came. */
  names(): Iterable<string> {
    return this.#byName.keys();
  }

  /** Releases the uploaded bytes. Tasks that keep a file hold their own reference. */
  release(blobs: BlobStore): void {
    for (const part of this.parts) if (part.kind === "file") blobs.release(part.blob);
  }
}

const MAX_PARTS = 1000;
const MAX_TEXT = 1024 * 1024;

async function readText(content: AsyncGenerator<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > MAX_TEXT) {
      throw new HttpError(400, `Part exceeded maximum size of ${MAX_TEXT / 1024}KB.`);
    }
    chunks.push(chunk);
  }
  return decodeText(Buffer.concat(chunks));
}

async function readPart({ headers, content }: RawPart, blobs: BlobStore): Promise<Part> {
  const disposition = parametersOf(headers.get("content-disposition") ?? "");
  const name = disposition.get("name");
  if (name === undefined) {
    throw new HttpError(400, 'The Content-Disposition header field "name" must be provided.');
  }
  const filename = disposition.get("filename");
  // A part is a file when it has a file name, even an empty one; its media type does not matter.
  if (filename === undefined) return { kind: "text", name, value: await readText(content) };
  const mediaType = headers.get("content-type") ?? "application/octet-stream";
  const blob = await blobs.receive(Readable.from(content));
  return { kind: "file", name, filename, mediaType, blob };
}

/** Counts parts of one kind, and refuses too many of them. */
function counter(what: string): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > MAX_PARTS) {
      throw new HttpError(400, `Too many ${what}. Maximum number of ${what} is ${MAX_PARTS}.`);
    }
  };
}

async function readMultipart(contentType: string, body: Readable, blobs: BlobStore): Promise<Form> {
  const boundary = parametersOf(contentType).get("boundary");
  if (boundary === undefined) {
    body.resume();
    throw new HttpError(400, "Missing boundary in multipart.");
  }
  const parts: Part[] = [];
  const countOf = { text: counter("fields"), file: counter("files") };
  try {
    for await (const raw of readParts(body, boundary)) {
      const part = await readPart(raw, blobs);
      parts.push(part);
      countOf[part.kind]();
    }
  } catch (error) {
    // Complete parts are kept. The real server does not notice that something is missing.
    if (error instanceof PartCutOff) return new Form(parts);
    new Form(parts).release(blobs);
    if (error instanceof MalformedMultipart) throw new HttpError(400, "Invalid multipart data.");
    throw error;
  }
  return new Form(parts);
}

/**
 * The form of a request. A body that is neither multipart nor urlencoded reads as an empty form,
 * as it does on the real server.
 *
 * @throws HttpError for a form the server's parser refuses, ClientGone if the body did not arrive whole
 */
export async function readForm(
  req: IncomingMessage,
  body: Readable,
  blobs: BlobStore,
): Promise<Form> {
  const contentType = req.headers["content-type"] ?? "";
  const type = contentType.split(";")[0]?.trim() ?? "";
  // The real server compares this type case-sensitively, the other one case-insensitively.
  if (type === "multipart/form-data") return readMultipart(contentType, body, blobs);
  const bytes = await readBody(body);
  if (type.toLowerCase() !== "application/x-www-form-urlencoded") return new Form([]);
  const pairs = [...new URLSearchParams(bytes.toString("utf8"))];
  return new Form(pairs.map(([name, value]) => ({ kind: "text", name, value })));
}

/** The whole body. Only for calls whose bodies are small. */
export async function readBody(body: Readable): Promise<Buffer> {
  try {
    return await buffer(body);
  } catch (error) {
    throw new ClientGone("the client went away before its body was complete", { cause: error });
  }
}
