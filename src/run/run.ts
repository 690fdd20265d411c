/** The types that callers hold: a run is one call of a flow, together with its tasks. Types only. */
import type { TaskOutput } from "../../generated/tasks.js";
import type { Cancelled, VisionatrixError } from "../errors/errors.js";
import type { StallReason } from "../errors/task-errors.js";
import type { MediaKind } from "../flow/parameter.js";
import type { UploadProgress } from "../http/upload-stream.js";
import type { FileReference } from "../inputs/file-input.js";
import type { ResultFile } from "../results/result-file.js";
import type { Duplicate } from "../submit/twins.js";
import type { TaskFullInfo } from "../tasks/task-info.js";
import type { TaskState } from "../tasks/task-state.js";

/** Options that stop a wait. */
export interface StopOptions {
  /** Aborting it rejects the wait at once with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** Longest wait in ms; after that it rejects with a `TimeoutError`. Default: no limit. */
  timeoutMs?: number | undefined;
}

export interface WaitOptions extends StopOptions {
  /** Called at every change. An error that it throws ends the wait. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * What to do with a stalled task (`StallReason` lists the signs). `wait`, the default: its state becomes
   * `stalled`, and the wait goes on. `fail`: reject with `TaskStalledError`. `rerun`: rerun it as
   * `task.rerun()` does, and wait for the new task.
   */
  onStall?: "wait" | "fail" | "rerun" | undefined;
  /** How often `onStall: "rerun"` reruns each task before a stall rejects. Default 1. */
  maxReruns?: number | undefined;
}

/** Options of a flow function. `signal` and `timeoutMs` apply to the whole life of the run. */
export interface RunOptions extends StopOptions {
  /** Sent with the create request, e.g. `X-WORKER-ID` of an admin. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Called while a form with files is sent. An error that it throws stops the call. After a failed attempt it
   * starts again from 0. In browsers it costs one extra request.
   */
  onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
  /**
   * Makes the call idempotent: the same key with the same parameters is the same run, from any process and
   * after any crash. Existing tasks are adopted, and only missing ones are created. A key is scoped to its
   * flow and group. It costs one list of the flow's tasks before the create.
   * @throws VisionatrixError `key_reused` for a key that was used with other parameters, `key_unverifiable`
   * where the lookup costs too much
   */
  idempotencyKey?: string | undefined;
  /** The key has certainly never been used, so the lookup of an earlier run can be skipped. */
  firstTry?: boolean | undefined;
  /**
   * Highest task id known before the key was first used. The lookup skips tasks up to it, which keeps it
   * cheap on servers with a long history.
   */
  keyAbove?: number | undefined;
  /**
   * Adopt the tasks of an earlier call with the key, and create none. The run can have fewer tasks than
   * `count`. Without an earlier run it rejects with `task_not_found`.
   */
  adoptOnly?: boolean | undefined;
  /** Allow a `count` above 1,000, which is usually a typo. */
  allowLargeCount?: boolean | undefined;
}

/** Progress of a run. */
export interface Progress {
  /** 0–100, the mean over the tasks; 100 when all are done. */
  readonly percent: number;
  /** State of the task that is furthest from done. */
  readonly state: TaskState;
  readonly tasks: readonly {
    id: number;
    state: TaskState;
    percent: number;
    /** Why the run is stalled; set only while it is. */
    stalled?: StallReason | undefined;
  }[];
  /** Why the server cannot be reached at the moment. The wait goes on. */
  readonly trouble?: VisionatrixError | undefined;
}

/** The results of a run. */
export interface RunResult<Kind extends MediaKind = MediaKind> {
  /** All files of all tasks, ordered by task, node, and index. */
  readonly files: readonly ResultFile<Kind>[];
  readonly tasks: readonly Task<Kind>[];
}

/** Something that can be waited for. */
export interface Waitable<Kind extends MediaKind = MediaKind> {
  /**
   * Waits for the end.
   * @throws TaskFailedError, TaskGoneError, AbortError, TimeoutError, or the error of an outage that outlasts
   * the outage budget
   */
  result(options?: WaitOptions): Promise<RunResult<Kind>>;
  /** Yields at every change; throws like `result`. */
  progress(options?: StopOptions): AsyncIterableIterator<Progress>;
}

/** One call of a flow: one task, or `count` of them. */
export interface Run<Kind extends MediaKind = MediaKind> extends Waitable<Kind>, AsyncDisposable {
  /** Flow id. */
  readonly flow: string;
  /** Changes when a task is rerun: the new task takes the place of the old one. */
  readonly tasks: readonly Task<Kind>[];
  /**
   * Duplicates of this run's tasks, which a create request that arrives late can leave, with the outcome for
   * each. Grows for up to 10 minutes after the create.
   */
  readonly duplicates: readonly Duplicate[];
  /** Cancels the unfinished tasks, and returns the outcome. Takes at most 5 s, never throws. */
  cancel(): Promise<Cancelled>;
  /** The JSON form, for `JSON.stringify`. */
  toJSON(): { flow: string; tasks: readonly Task<Kind>[] };
}

/** A run that is being submitted. Await it for the run, or call `result()` directly. */
export interface PendingRun<Kind extends MediaKind = MediaKind>
  extends Promise<Run<Kind>>, Waitable<Kind> {}

/** One task on the server. The handle holds no connection and no server state. */
export interface Task<Kind extends MediaKind = MediaKind> extends Waitable<Kind> {
  readonly id: number;
  /**
   * Flow id. For a task attached by its id alone, this and the members below are unknown; `details()` fetches
   * them.
   */
  readonly flow: string | undefined;
  /** The seed that reproduces this result; undefined when the flow takes none. */
  readonly seed: number | undefined;
  /** The texts that were sent, without files. */
  readonly params: Readonly<Record<string, string>>;
  /** Output nodes, as the server listed them on creation. */
  readonly outputs: readonly TaskOutput[];
  /**
   * A value for a file parameter that points at one of this task's input files, counted from 0: references
   * first, then uploaded files.
   */
  inputReference(index: number): FileReference<never>;
  /** Everything the server knows about the task, including the whole workflow. */
  details(options?: { signal?: AbortSignal }): Promise<TaskFullInfo>;
  /**
   * Cancels an unfinished task, even a running one. Takes at most 5 s, never throws.
   * @returns `yes` only if the server confirmed it; `unknown` for a task that the server does not know and
   * this client never saw
   */
  cancel(): Promise<Cancelled>;
  /**
   * Creates the task again with the same texts, files, and seed, and removes this one from the server once
   * the new one exists; a finished task stays. Inside a run, the new task takes the place of this one, and
   * pending waits continue with it. Calling it again returns the same new task.
   * @returns the new task; this one, if it finished after all
   * @throws SubmitUncertainError when it is unknown whether the new task was created; calling again settles
   * it
   * @throws VisionatrixError `not_repeatable`
   */
  rerun(options?: StopOptions): Promise<Task<Kind>>;
  /**
   * Requeues a failed task with the same inputs and seed. Prefer `rerun`: after a restart, a server may write
   * files again that were finished before the failure. A worker that had saved some of them may also take the
   * task again and again without end, and starve the tasks behind it.
   * @param options `force` also restarts a task without an error, e.g. one whose worker died
   */
  restart(options?: { force?: boolean; signal?: AbortSignal }): Promise<void>;
  /** Deletes the task in any state, with its children and files. */
  delete(options?: { signal?: AbortSignal }): Promise<void>;
  /** The JSON form, for `JSON.stringify`. */
  toJSON(): { id: number; flow: string | undefined; seed: number | undefined };
}
