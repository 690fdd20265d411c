/** What a file parameter takes, and the rules for it. The rules are loaded only for calls with files. */
import { isStream, isTaken } from "./byte-source.js";
import type { Rule } from "./check.js";
import type { Parameter } from "./flow.js";
import { extensionOf, mediaTypeFor, type MediaKind } from "./media.js";

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

/** The rule that a file parameter's value breaks, if any. */
export function brokenFileRule({ accept }: Parameter, value: unknown): Rule | undefined {
  const wanted = accept?.split("/")[0];
  if (typeof value === "string") {
    const [, payload] = /^data:[^,]*,(.*)$/s.exec(value) ?? [];
    if (payload === undefined) return "path";
    if (payload === "") return "empty";
    return decodes(value) ? brokenKind(wanted, value) : "data";
  }
  if (typeof value !== "object" || value === null) return "type";
  if (value instanceof Blob) return value.size === 0 ? "empty" : brokenKind(wanted, value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return value.byteLength === 0 ? "empty" : undefined;
  if (value instanceof Response) {
    if (!value.ok) return "status";
    if (!value.body) return "empty";
    return isTaken(value) ? "used" : brokenKind(wanted, value);
  }
  if (isStream(value)) return isTaken(value) ? "used" : undefined;
  if (isUrlInput(value)) return isHttpUrl(value.url) ? undefined : "address";
  if (!isReference(value)) return "type";
  return value.kind && wanted && !value.kind.startsWith(wanted) ? "kind" : undefined;
}

/** Only for what cannot be meant: systems name many a picture `application/octet-stream`. */
function brokenKind(wanted: string | undefined, value: object | string): "kind" | undefined {
  const type = mediaTypeOf(value) ?? "";
  const [group = ""] = type.split("/");
  if (!wanted || group === wanted) return undefined;
  const isPage = type === "text/html" && MEDIA.test(wanted);
  return isPage || MEDIA.test(group) ? "kind" : undefined;
}

const MEDIA = /^(image|video|audio)$/;

/** The media type that a value says it has, or its name; undefined for what has no place for one. */
export function mediaTypeOf(value: object | string): string | undefined {
  let type: string;
  if (typeof value === "string") type = /^data:([^,]*)/.exec(value)?.[1] ?? "";
  else if (value instanceof Response) type = value.headers.get("content-type") ?? "";
  else if (value instanceof Blob)
    type = value.type || (value instanceof File ? mediaTypeFor(extensionOf(value.name)) : "");
  else return undefined;
  return type.split(";")[0]?.trim().toLowerCase();
}

export function isReference(value: object): value is FileReference {
  const { task_id, node_id, input_index } = value as FileReference;
  return Number.isInteger(task_id) && Number.isInteger(node_id ?? input_index);
}

export function isUrlInput(value: object): value is UrlInput {
  // Requests and answers have a `url` as well; fetched by it alone, something else would come.
  if ("method" in value || isAnswer(value)) return false;
  return "url" in value && (typeof value.url === "string" || value.url instanceof URL);
}

/** Whether this is an answer of some `fetch`, the platform's or another. */
export function isAnswer(value: object): boolean {
  return "body" in value && "headers" in value && "ok" in value;
}

function isHttpUrl(url: string | URL): boolean {
  try {
    return /^https?:$/.test(new URL(url).protocol);
  } catch {
    return false;
  }
}

function decodes(dataUrl: string): boolean {
  try {
    fromDataUrl(dataUrl);
    return true;
  } catch {
    return false;
  }
}

/** @throws what `atob` or `decodeURIComponent` throws for a payload that is none */
export function fromDataUrl(url: string): Blob {
  const comma = url.indexOf(",");
  const [type = ""] = url.slice("data:".length, comma).split(";");
  const payload = url.slice(comma + 1);
  const bytes = /;\s*base64\s*$/i.test(url.slice(0, comma))
    ? Uint8Array.from(atob(decodeURIComponent(payload)), (char) => char.charCodeAt(0))
    : fromPercent(payload);
  return new Blob([bytes], { type });
}

/** Percent signs stand for bytes, which need not be UTF-8. */
function fromPercent(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const hex = bytes[at] === 0x25 && String.fromCharCode(...bytes.subarray(at + 1, at + 3));
    const escaped = hex && /^[\da-f]{2}$/i.test(hex);
    bytes[length++] = escaped ? parseInt(hex, 16) : (bytes[at] as number);
    if (escaped) at += 2;
  }
  return bytes.slice(0, length);
}
