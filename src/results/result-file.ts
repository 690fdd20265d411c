/** One file made by a task: its facts, and the ways to read it. */
import type { TaskSummary } from "../../generated/tasks.js";
import type { VisionatrixError } from "../errors/errors.js";
import type { MediaKind } from "../flow/parameter.js";
import type { Answer } from "../http/answer.js";
import type { Api } from "../http/api.js";
import type { TimeLimit } from "../http/time-limit.js";
import type { FileReference } from "../inputs/file-input.js";

/** One file made by a task. Only its first bytes are fetched until it is read. */
export interface ResultFile<Kind extends MediaKind = MediaKind> {
  readonly taskId: number;
  /** Id of the output node that made the file. */
  readonly nodeId: number;
  /** Index among the node's files, from 0. */
  readonly index: number;
  readonly kind: Kind;
  /** Flow id. */
  readonly flow: string;
  /** The seed that reproduces the file; undefined when the server knows none. */
  readonly seed: number | undefined;
  /** Name with the extension that fits the bytes; safe on every platform. */
  readonly name: string;
  readonly mediaType: string;
  /** In bytes; undefined when the server does not say. */
  readonly size: number | undefined;
  /**
   * Reads the file in chunks. After a broken connection, the next one resumes. An outage of the server is
   * waited out for up to `poll.outageMs`; five responses without a new byte end the read.
   * @throws VisionatrixError `download_failed`, `download_changed`
   */
  stream(options?: ReadOptions): Promise<ReadableStream<Uint8Array>>;
  /** Reads the file into a `Blob` of its media type. */
  blob(options?: ReadOptions): Promise<Blob>;
  /** Reads the file into memory. */
  bytes(options?: ReadOptions): Promise<Uint8Array>;
  /** Reads the file as UTF-8 text. */
  text(options?: ReadOptions): Promise<string>;
  /**
   * Whether the file is of this kind. Narrows the type, so that `reference()` fits only parameters of that
   * kind.
   */
  is<Known extends MediaKind>(kind: Known): this is ResultFile<Known>;
  /**
   * A value for a file parameter that points at this file, so that its bytes stay on the server.
   * @throws VisionatrixError `ambiguous_reference` when the node made several files, since the server cannot
   * address one of them
   */
  // `any` fits every parameter: a kind that is not known here is checked when it is used.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  reference(): FileReference<MediaKind extends Kind ? any : Kind>;
}

/** Progress of reading a file. */
export interface ReadProgress {
  /** Bytes read so far. */
  readonly loaded: number;
  /** Bytes of the whole file; undefined when the server does not say. */
  readonly total: number | undefined;
  /** Why no bytes arrive at the moment. The read goes on. */
  readonly trouble?: VisionatrixError | undefined;
}

/** Options of `stream()`, `blob()`, `bytes()` and `text()`. */
export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Called as bytes arrive, and when a request for them failed. An error that it throws ends the read. */
  onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** What is needed to read a file. Kept apart from the file, so that its `inspect` and JSON stay plain. */
export interface FileOrigin {
  /** Opens the file; with a `Range` header, only a part of it. */
  readonly open: (signal: AbortSignal, headers: Record<string, string>) => Promise<Answer>;
  readonly api: Api;
  /** Longest outage of the server to wait out, in ms. */
  readonly outageMs: number;
  /** Limit on the server's silence. */
  readonly limit: TimeLimit;
  readonly task: TaskSummary;
  /** Ids of the run's tasks. */
  readonly run: readonly number[];
}

const origins = new WeakMap<ResultFile, FileOrigin>();

/** Stores what is needed to read a file. */
export function setOrigin(file: ResultFile, origin: FileOrigin): void {
  origins.set(file, origin);
}

/** @throws TypeError for an object that only looks like a result file */
export function originOf(file: ResultFile): FileOrigin {
  const origin = origins.get(file);
  if (!origin) throw new TypeError("A result file must be one that this library made.");
  return origin;
}
