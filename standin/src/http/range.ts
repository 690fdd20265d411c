/** Responses with files: complete, or the requested ranges. */
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import type { StoredBlob, BlobStore } from "../blobs.js";
import { bare, plain, type Reply } from "./reply.js";

export interface FileAnswer {
  readonly blob: StoredBlob;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

interface Span {
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
}

/** The ranges in a `Range` header, or why it is refused; undefined without a header. */
type Wanted = readonly Span[] | { readonly malformed: string } | "unsatisfiable" | undefined;

/** One range; undefined for text that is not a range, which is ignored. */
function parseSpan(text: string, size: number): Span | undefined {
  const dash = text.indexOf("-");
  if (dash === -1) return undefined;
  const first = text.slice(0, dash).trim();
  const last = text.slice(dash + 1).trim();
  const isNumber = (part: string): boolean => part === "" || /^-?\d+$/.test(part);
  if (!isNumber(first) || !isNumber(last) || (first === "" && last === "")) return undefined;
  if (first === "") {
    // After `--`, the number is negative: the range then starts after the end.
    return { start: Math.max(0, size - Number(last)), end: size };
  }
  const end = last === "" ? size : Math.min(size, Number(last) + 1);
  return { start: Number(first), end };
}

function parseRange(header: string | undefined, size: number): Wanted {
  if (header === undefined) return undefined;
  const equals = header.indexOf("=");
  if (equals === -1) return { malformed: "Range header: range must be requested" };
  if (header.slice(0, equals).trim().toLowerCase() !== "bytes") {
    return { malformed: "Only support bytes range" };
  }
  const spans = header
    .slice(equals + 1)
    .split(",")
    .flatMap((part) => parseSpan(part, size) ?? []);
  if (spans.length === 0) return { malformed: "Range header: range must be requested" };
  if (spans.some(({ start }) => start < 0 || start >= size)) return "unsatisfiable";
  if (spans.some(({ start, end }) => start >= end)) {
    return { malformed: "Range header: start must be less than end" };
  }
  return merge(spans);
}

/** Overlapping ranges become one, as the real server's library does it. */
function merge(spans: Span[]): Span[] {
  spans.sort((a, b) => a.start - b.start);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}

async function* concatenate(parts: readonly (() => Readable)[]): AsyncGenerator<Buffer> {
  for (const open of parts) yield* open() as AsyncIterable<Buffer>;
}

function multipart(file: FileAnswer, spans: readonly Span[], blobs: BlobStore): Reply["body"] {
  const type = file.headers["content-type"] ?? "";
  const boundary = boundaryOf(file);
  const heads = spans.map(({ start, end }) =>
    Buffer.from(
      `--${boundary}\r\nContent-Type: ${type}\r\n` +
        `Content-Range: bytes ${start}-${end - 1}/${file.blob.size}\r\n\r\n`,
    ),
  );
  const tail = Buffer.from(`--${boundary}--`);
  const newline = Buffer.from("\r\n");
  const parts = spans.flatMap(({ start, end }, index) => [
    () => Readable.from([heads[index] ?? newline]),
    () => blobs.stream(file.blob, start, end),
    () => Readable.from([newline]),
  ]);
  const length =
    spans.reduce((sum, { start, end }) => sum + end - start + newline.length, tail.length) +
    heads.reduce((sum, head) => sum + head.length, 0);
  return {
    length,
    open: () =>
      Readable.from(concatenate([...parts, () => Readable.from([tail])]), { objectMode: false }),
  };
}

function boundaryOf(file: FileAnswer): string {
  return etagOf(file).slice(1, 14);
}

/** A strong ETag from size and time, as on the real server. */
function etagOf({ blob, modified }: FileAnswer): string {
  return `"${createHash("md5").update(`${modified}-${blob.size}`).digest("hex")}"`;
}

/** The response with a file. `Range` and `If-Range` are supported, `If-None-Match` is not. */
export function fileReply(file: FileAnswer, asked: IncomingHttpHeaders, blobs: BlobStore): Reply {
  const { size } = file.blob;
  const etag = etagOf(file);
  const lastModified = new Date(file.modified).toUTCString();
  const headers = {
    ...file.headers,
    "accept-ranges": "bytes",
    "last-modified": lastModified,
    etag,
  };
  const condition = asked["if-range"];
  const holds = condition === undefined || condition === etag || condition === lastModified;
  const wanted = holds ? parseRange(asked.range, size) : undefined;
  if (typeof wanted === "object" && "malformed" in wanted) return plain(wanted.malformed, 400);
  if (wanted === "unsatisfiable") {
    return bare("", 416, {
      "content-range": `bytes */${size}`,
      "content-type": "text/plain; charset=utf-8",
    });
  }
  const [span, ...more] = wanted ?? [];
  if (span === undefined) {
    return {
      status: 200,
      headers,
      body: { length: size, open: () => blobs.stream(file.blob) },
    };
  }
  if (more.length > 0) {
    const boundary = boundaryOf(file);
    return {
      status: 206,
      headers: { ...headers, "content-type": `multipart/byteranges; boundary=${boundary}` },
      body: multipart(file, [span, ...more], blobs),
    };
  }
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${span.start}-${span.end - 1}/${size}` },
    body: {
      length: span.end - span.start,
      open: () => blobs.stream(file.blob, span.start, span.end),
    },
  };
}
