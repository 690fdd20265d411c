/** Forms of create calls and result uploads. */
import { Busboy } from "@fastify/busboy";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { StoredBlob, BlobStore } from "../blobs.js";
import { ClientGone, HttpError } from "./errors.js";

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

  /** Lets go of the uploaded bytes. Tasks that keep a file hold their own share of it. */
  release(blobs: BlobStore): void {
    for (const part of this.parts) if (part.kind === "file") blobs.release(part.blob);
  }
}

const MAX_PARTS = 1000;
const MAX_TEXT = 1024 * 1024;

async function readMultipart(
  req: IncomingMessage,
  body: Readable,
  blobs: BlobStore,
): Promise<Form> {
  const contentType = req.headers["content-type"] ?? "";
  if (!/;\s*boundary=/i.test(contentType)) {
    body.resume();
    throw new HttpError(400, "Missing boundary in multipart.");
  }
  const slots: Promise<Part>[] = [];
  let fields = 0;
  let files = 0;
  const parser = Busboy({
    headers: { ...req.headers, "content-type": contentType },
    preservePath: true,
    // A part is a file when it has a file name, even an empty one; its media type does not matter.
    isPartAFile: (_name, _type, filename) => filename !== undefined,
    limits: { fieldSize: MAX_TEXT, headerPairs: 100 },
  });
  const parsed = new Promise<void>((resolve, reject) => {
    const refuse = (detail: string): void => reject(new HttpError(400, detail));
    parser.on("field", (name: string | undefined, value, _nameCut, cut) => {
      fields += 1;
      if (fields > MAX_PARTS) refuse(`Too many fields. Maximum number of fields is ${MAX_PARTS}.`);
      if (cut) refuse(`Part exceeded maximum size of ${MAX_TEXT / 1024}KB.`);
      // Starlette's parser gives up on a part without a name.
      if (name === undefined) {
        refuse('The Content-Disposition header field "name" must be provided.');
        return;
      }
      slots.push(Promise.resolve({ kind: "text", name, value }));
    });
    parser.on("file", (name, stream, filename, _encoding, mediaType) => {
      files += 1;
      if (files > MAX_PARTS) {
        refuse(`Too many files. Maximum number of files is ${MAX_PARTS}.`);
        stream.resume();
        return;
      }
      const slot = blobs
        .receive(stream)
        .then((blob): Part => ({ kind: "file", name, filename, mediaType, blob }));
      slot.catch(reject);
      slots.push(slot);
    });
    parser.on("finish", () => resolve());
    parser.on("error", (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      refuse(`There was an error parsing the body: ${reason}`);
    });
    body.on("error", () => {
      parser.destroy();
      reject(new ClientGone("the client went away before its body was complete"));
    });
  });
  body.pipe(parser);
  try {
    await parsed;
    return new Form(await Promise.all(slots));
  } catch (error) {
    body.unpipe(parser);
    body.resume();
    for (const slot of slots) {
      void slot.then(
        (part) => part.kind === "file" && blobs.release(part.blob),
        () => undefined,
      );
    }
    throw error;
  }
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
  const type = (req.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === "multipart/form-data") return readMultipart(req, body, blobs);
  const bytes = await readBody(body);
  if (type !== "application/x-www-form-urlencoded") return new Form([]);
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
