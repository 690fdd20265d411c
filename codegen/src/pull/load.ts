/** Loads the text of a description from any source. */
import { CodegenError } from "../errors.js";
import { authorization } from "./credentials.js";
import {
  decodeUtf8,
  fetchDescription,
  tooLarge,
  type Fetched,
  type FetchOptions,
} from "./fetch.js";
import type { Source } from "./source.js";

export interface LoadOptions extends Omit<FetchOptions, "authorization"> {
  /** The environment with `VIX_USERNAME` and `VIX_PASSWORD`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
}

/** Loads a source. Credentials go to servers only. */
export async function loadSource(source: Source, options: LoadOptions): Promise<Fetched> {
  switch (source.kind) {
    case "server":
      return fetchDescription(source.url, {
        ...options,
        authorization: authorization(options.env),
      });
    case "document":
      return fetchDescription(source.url, options);
    case "file":
      return whole(await readFileLimited(source.path, options.maxBytes));
    case "stdin":
      return whole(await readStream(options.stdin ?? process.stdin, options.maxBytes));
  }
}

function whole(text: string): Fetched {
  return { changed: true, text, validators: {} };
}

async function readFileLimited(path: string, maxBytes: number): Promise<string> {
  const { createReadStream } = await import("node:fs");
  try {
    return await readStream(createReadStream(path), maxBytes);
  } catch (error) {
    if (error instanceof CodegenError) throw error;
    throw new CodegenError("file_unreadable", `The file ${path} cannot be read.`, {
      value: (error as NodeJS.ErrnoException).code ?? "",
      hint: "Check the path; the address of a server starts with http:// or https://.",
      cause: error,
    });
  }
}

async function readStream(stream: AsyncIterable<unknown>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const part = chunk as Uint8Array;
    size += part.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes, size);
    chunks.push(part);
  }
  return decodeUtf8(Buffer.concat(chunks));
}
