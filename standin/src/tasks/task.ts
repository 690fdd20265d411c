/** A task as the stand-in stores it. `view.ts` writes what clients see of it. */
import type { StoredBlob } from "../blobs.js";
import type { OutputType } from "../flows/listed.js";

export interface TaskOutput {
  readonly node: number;
  readonly type: OutputType;
  /** -1 until results arrive. */
  fileSize: number;
  /** Number of files the node made, -1 until results arrive. */
  batchSize: number;
}

export interface InputFile {
  /** Name of the parameter that the file was given for. */
  readonly input: string;
  /** `{task}_{input}{extension}`. */
  readonly name: string;
  readonly blob: StoredBlob;
  /** No longer on the disk. */
  readonly gone?: true;
}

export interface ResultFile {
  readonly name: string;
  readonly blob: StoredBlob;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** Engine options of a task, as its `extra_flags` shows them. */
export interface ExtraFlags {
  profiler_execution: boolean;
  unload_models: boolean;
  federated_task: boolean;
}

export interface Task {
  readonly id: number;
  readonly user: string;
  readonly flow: string;
  /** Group and priority in one: `(group - 1) * 16 + priority`. */
  priority: number;
  progress: number;
  error: string;
  /** Values as sent, as text. A given seed is not here, but in `sentSeed`. */
  readonly params: ReadonlyMap<string, string>;
  /** The texts of these parameters that the engine gets instead. */
  readonly translated?: Readonly<Record<string, string>> | undefined;
  readonly sentSeed: bigint | undefined;
  /** The seed of the workflow: the one sent, or one drawn by the server. */
  readonly seed: bigint;
  readonly outputs: TaskOutput[];
  readonly inputs: InputFile[];
  results: ResultFile[];
  lockedAt: number | undefined;
  worker: string | undefined;
  executionTime: number;
  readonly parent: number | undefined;
  readonly parentNode: number | undefined;
  readonly flags: ExtraFlags;
  readonly hidden: boolean;
  updatedAt: number | undefined;
  finishedAt: number | undefined;
  readonly webhookUrl: string | undefined;
  /** Any JSON value; one that is not an object or null poisons lists. */
  readonly webhookHeaders: unknown;
  executionDetails: unknown;
  readonly customWorker: string | undefined;
  /** Clients do not see the task before this time. */
  visibleAt: number;
}

/** The parameters as the engine gets them. */
export function engineParams({ params, translated }: Task): ReadonlyMap<string, string> {
  return translated === undefined ? params : new Map([...params, ...Object.entries(translated)]);
}

export function groupOf(task: Task): number {
  return (task.priority >> 4) + 1;
}

/** Finished as `clear` and restart see it. */
export function isDone(task: Task): boolean {
  return task.progress === 100;
}

/** True for stored `webhook_headers` that the real server cannot show. */
export function isPoisoned(task: Task): boolean {
  const headers = task.webhookHeaders;
  return headers !== null && (typeof headers !== "object" || Array.isArray(headers));
}
