/** One file that a task made: what is known of it, and the ways to read it. */
import type { TaskSummary } from "../../generated/tasks.js";
import type { VisionatrixError } from "../errors/errors.js";
import type { MediaKind } from "../flow/parameter.js";
import type { Answer } from "../http/answer.js";
import type { Api } from "../http/api.js";
import type { TimeLimit } from "../http/time-limit.js";
import type { FileReference } from "../inputs/file-input.js";

/** One file that a task made. Nothing but its first bytes is fetched until it is read. */
export interface ResultFile<Kind extends MediaKind = MediaKind> {
  readonly taskId: number;
  /** Id of the output node that made it. */
  readonly nodeId: number;
  /** Which file of the node, from 0. */
  readonly index: number;
  readonly kind: Kind;
  /** Flow id. */
  readonly flow: string;
  /** The seed that makes it again; undefined where the server knows none. */
  readonly seed: number | undefined;
  /** Name with the extension that fits the bytes; safe to use on every platform. */
  readonly name: string;
  readonly mediaType: string;
  /** In bytes; undefined where the server does not say. */
  readonly size: number | undefined;
  /**
   * Reads the file piece by piece. Where a connection breaks, the next one goes on from there. An outage
   * of the server is sat out for `poll.outageMs`; five answers without a new byte end the reading.
   * @throws VisionatrixError `download_failed`, `download_changed`
   */
  stream(options?: ReadOptions): Promise<ReadableStream<Uint8Array>>;
  /** Reads the file into a `Blob` of its media type. */
  blob(options?: ReadOptions): Promise<Blob>;
  /** Reads the file into memory. */
  bytes(options?: ReadOptions): Promise<Uint8Array>;
  /** Reads the file as UTF-8. */
  text(options?: ReadOptions): Promise<string>;
  /** Whether it is of this kind. Narrows the type, so that `reference()` fits parameters of that kind alone. */
  is<Known extends MediaKind>(kind: Known): this is ResultFile<Known>;
  /**
   * A value for a file parameter that points at this file, so that its bytes stay on the server.
   * @throws VisionatrixError `ambiguous_reference` for one file of several of a node, which the server
   * cannot address
   */
  // `any` fits every parameter: a kind that is not known here is checked when it is used.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  reference(): FileReference<MediaKind extends Kind ? any : Kind>;
}

/** How far the reading of a file is. */
export interface ReadProgress {
  /** Bytes that are there. */
  readonly loaded: number;
  /** Bytes of the whole file; undefined where the server does not say. */
  readonly total: number | undefined;
  /** Why nothing comes at the moment; the reading goes on. */
  readonly trouble?: VisionatrixError | undefined;
}

/** Options of `stream()`, `blob()`, `bytes()` and `text()`. */
export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Called as bytes come, and when a request for them failed. An error that it throws ends the reading. */
  onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/** What a file is read by. Kept apart from the file, whose `inspect` and JSON stay plain. */
export interface FileOrigin {
  /** Opens the file; a `Range` among the headers has it open a part. */
  readonly open: (signal: AbortSignal, headers: Record<string, string>) => Promise<Answer>;
  readonly api: Api;
  /** How long an outage of the server is sat out, in ms. */
  readonly outageMs: number;
  /** How long the server may be silent. */
  readonly limit: TimeLimit;
  readonly task: TaskSummary;
  /** Ids of the tasks of the run. */
  readonly run: readonly number[];
}

const origins = new WeakMap<ResultFile, FileOrigin>();

/** Notes what a file is read by. */
export function setOrigin(file: ResultFile, origin: FileOrigin): void {
  origins.set(file, origin);
}

/** @throws TypeError for an object that only looks like a result file */
export function originOf(file: ResultFile): FileOrigin {
  const origin = origins.get(file);
  if (!origin) throw new TypeError("A result file must be one that this library made.");
  return origin;
}
