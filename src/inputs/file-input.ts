/** What a file parameter takes, and how one kind of source is told from another: by what it can do. */
import { isArrayBuffer, isStream } from "../bytes/streams.js";
import type { MediaKind } from "../flow/parameter.js";
import { isBlob, type BlobLike } from "./blob-bytes.js";

/**
 * Points at a file of an earlier task, so that flows chain without moving bytes. Plain data: it can be
 * stored as JSON and used later.
 */
export interface FileReference<Kind extends MediaKind = MediaKind> {
  readonly task_id: number;
  /** Output node of the task. */
  readonly node_id?: number;
  /** Which of the task's input files, from 0. */
  readonly input_index?: number;
  /** Set by `ResultFile.reference()`; not sent. */
  readonly kind?: Kind;
}

/** A file that the client fetches and passes on piece by piece; `ClientOptions.fetchUrls` has the limits. */
export interface UrlInput {
  /** http(s) address. */
  readonly url: string | URL;
}

/** An answer of `fetch`, the platform's or another. */
export interface AnswerInput {
  readonly ok: boolean;
  readonly status?: number;
  readonly headers: { get(name: string): string | null };
  readonly url?: string;
  readonly body?: unknown;
  arrayBuffer?: () => Promise<ArrayBuffer>;
}

/**
 * A file parameter: bytes, a stream of bytes (also a Node `Readable`), an answer of `fetch`, a data
 * URL, an address to fetch, or a reference to a file of an earlier task. Files on disk come from
 * `fileFromPath` of `visionatrix-client/node`.
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
  // A loader of pictures takes the first one of an animation.
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

/** What kind of source a value is; undefined for what is none. */
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

/** Whether this is an answer of some `fetch`. */
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
  // Requests have a `url` as well; fetched by it alone, something else would come.
  if ("method" in value) return false;
  const { url } = value as { url?: unknown };
  return typeof url === "string" || (typeof url === "object" && url !== null && "href" in url);
}
