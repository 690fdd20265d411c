/** The values that a file parameter accepts. Kinds of sources are told apart by what they can do. */
import { isArrayBuffer, isStream } from "../bytes/streams.js";
import type { MediaKind } from "../flow/parameter.js";
import { isBlob, type BlobLike } from "./blob-bytes.js";

/**
 * References a file of an earlier task, so that flows can be chained without moving bytes. Plain data: it can
 * be stored as JSON and used later.
 */
export interface FileReference<Kind extends MediaKind = MediaKind> {
  readonly task_id: number;
  /** Output node of the task. */
  readonly node_id?: number;
  /** Index among the task's input files, from 0. */
  readonly input_index?: number;
  /** Set by `ResultFile.reference()`; not sent. */
  readonly kind?: Kind;
}

/** A file that the client fetches and streams to the server; `ClientOptions.fetchUrls` sets the limits. */
export interface UrlInput {
  /** http(s) address. */
  readonly url: string | URL;
}

/** A `fetch` response, the platform's or another. */
export interface AnswerInput {
  readonly ok: boolean;
  readonly status?: number;
  readonly headers: { get(name: string): string | null };
  readonly url?: string;
  readonly body?: unknown;
  arrayBuffer?: () => Promise<ArrayBuffer>;
}

/**
 * A file parameter: bytes, a byte stream (also a Node `Readable`), a `fetch` response, a data URL, an address
 * to fetch, or a reference to a file of an earlier task. For files on disk, use `fileFromPath` of
 * `visionatrix-client/node`.
 */
export type FileInput<Kind extends MediaKind = MediaKind> =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Response
  | UrlInput
  | `data:${string}`
  // An image loader takes the first frame of an animation.
  | FileReference<Kind extends "image" ? "image" | "image-animated" : Kind>;

/** A value of a file parameter, by its kind of source. */
export type Source =
  | { readonly kind: "data"; readonly value: string }
  | { readonly kind: "blob"; readonly value: BlobLike }
  | { readonly kind: "bytes"; readonly value: ArrayBuffer | ArrayBufferView }
  | { readonly kind: "answer"; readonly value: AnswerInput }
  | {
      readonly kind: "stream";
      readonly value: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;
    }
  | { readonly kind: "url"; readonly value: UrlInput }
  | { readonly kind: "reference"; readonly value: FileReference };

/** The kind of source of a value; undefined when it is none. */
export function sourceKind(value: unknown): Source | undefined {
  if (typeof value === "string")
    return /^data:[^,]*,/.test(value) ? { kind: "data", value } : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  if (isArrayBuffer(value) || ArrayBuffer.isView(value)) return { kind: "bytes", value };
  if (isBlob(value)) return { kind: "blob", value };
  if (isAnswer(value)) return { kind: "answer", value };
  if (isStream(value)) return { kind: "stream", value };
  if (isUrlInput(value)) return { kind: "url", value };
  return isReference(value) ? { kind: "reference", value } : undefined;
}

/** Whether this is a response of some `fetch`. */
function isAnswer(value: object): value is AnswerInput {
  const { headers, ok } = value as Partial<AnswerInput>;
  return (
    typeof ok === "boolean" &&
    typeof headers?.get === "function" &&
    ("body" in value || "arrayBuffer" in value)
  );
}

function isReference(value: object): value is FileReference {
  const { task_id, node_id, input_index } = value as FileReference;
  return Number.isInteger(task_id) && Number.isInteger(node_id ?? input_index);
}

function isUrlInput(value: object): value is UrlInput {
  // A `Request` also has a `url`, but fetching only that address would return something else.
  if ("method" in value) return false;
  const { url } = value as { url?: unknown };
  return typeof url === "string" || (typeof url === "object" && url !== null && "href" in url);
}
