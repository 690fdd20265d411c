/** What callers hold: a run is one call of a flow, and the tasks that came of it. Types alone. */
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

/** Stops a wait. */
export interface StopOptions {
  /** Aborting it rejects the wait at once with an `AbortError`. */
  signal?: AbortSignal | undefined;
  /** Longest wait in ms, then it rejects with a `TimeoutError`. Default: no limit. */
  timeoutMs?: number | undefined;
}

export interface WaitOptions extends StopOptions {
  /** Called at every change; an error that it throws ends the wait. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * What to do about a task that is stuck (`StallReason` says how that shows). `wait`, the default: its
   * state shows as `stalled`, and the wait goes on. `fail`: reject with `TaskStalledError`. `rerun`: run
   * it again as `task.rerun()` does, and go on with the new task.
   */
  onStall?: "wait" | "fail" | "rerun" | undefined;
  /** How often `onStall: "rerun"` runs each task again before a stall rejects. Default 1. */
  maxReruns?: number | undefined;
}

/** Options of a flow function. `signal` and `timeoutMs` hold for the whole life of the run. */
export interface RunOptions extends StopOptions {
  /** Sent with the create request, e.g. `X-WORKER-ID` of an admin. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Called while a form with files is sent; an error that it throws stops the call. After a try that
   * failed it starts again from 0. In browsers it costs one request more.
   */
  onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
  /**
   * The same key with the same parameters is the same run, from any process and after any crash: what
   * exists is adopted, what is missing is created, nothing else. A key counts per flow and group, and
   * costs one list of the flow before the create.
   * @throws VisionatrixError `key_reused` for a key that was used with other parameters,
   * `key_unverifiable` where looking costs too much
   */
  idempotencyKey?: string | undefined;
  /** The key was surely never used before, so that looking for an earlier run can be left out. */
  firstTry?: boolean | undefined;
  /**
   * Highest task id that was known before the key was first used. Tasks up to it are not looked at, which
   * keeps looking cheap on servers with a long history.
   */
  keyAbove?: number | undefined;
  /**
   * Take what an earlier call with the key has made, and create nothing. The run can have fewer tasks than
   * `count`; where there is none, it rejects with `task_not_found`.
   */
  adoptOnly?: boolean | undefined;
  /** Let `count` be above 1,000, which is mostly a slip of the finger. */
  allowLargeCount?: boolean | undefined;
}

/** How far a run is. */
export interface Progress {
  /** 0–100, the mean of the tasks; 100 when all are done. */
  readonly percent: number;
  /** Of all its tasks, the one that is furthest from done. */
  readonly state: TaskState;
  readonly tasks: readonly {
    id: number;
    state: TaskState;
    percent: number;
    /** Why it is stalled, while it is. */
    stalled?: StallReason | undefined;
  }[];
  /** Why the server cannot be asked at the moment; the wait goes on. */
  readonly trouble?: VisionatrixError | undefined;
}

/** What a run made. */
export interface RunResult<Kind extends MediaKind = MediaKind> {
  /** All files of all tasks, in the order of tasks, nodes and indices. */
  readonly files: readonly ResultFile<Kind>[];
  readonly tasks: readonly Task<Kind>[];
}

/** Something that can be waited for. */
export interface Waitable<Kind extends MediaKind = MediaKind> {
  /**
   * Waits for the end.
   * @throws TaskFailedError, TaskGoneError, AbortError, TimeoutError, or what kept the server from
   * being asked for longer than the outage budget
   */
  result(options?: WaitOptions): Promise<RunResult<Kind>>;
  /** Yields at every change; throws like `result`. */
  progress(options?: StopOptions): AsyncIterableIterator<Progress>;
}

/** One call of a flow: one task, or `count` of them. */
export interface Run<Kind extends MediaKind = MediaKind> extends Waitable<Kind>, AsyncDisposable {
  /** Flow id. */
  readonly flow: string;
  /** Changes when a task is run again: the new one is then in the old one's place. */
  readonly tasks: readonly Task<Kind>[];
  /**
   * Tasks of this run that turned out to be on the server twice, as a create that arrived late makes them,
   * and what became of each. Grows for up to 10 minutes after the create.
   */
  readonly duplicates: readonly Duplicate[];
  /** Cancels what is not finished, and says what came of it. Takes at most 5 s, never throws. */
  cancel(): Promise<Cancelled>;
  /** What `JSON.stringify` shows. */
  toJSON(): { flow: string; tasks: readonly Task<Kind>[] };
}

/** A run that is being submitted: await it for the run, or ask it for the result at once. */
export interface PendingRun<Kind extends MediaKind = MediaKind>
  extends Promise<Run<Kind>>, Waitable<Kind> {}

/** One run of a flow on the server. Its handle holds no connection, and no state of the server's. */
export interface Task<Kind extends MediaKind = MediaKind> extends Waitable<Kind> {
  readonly id: number;
  /**
   * Flow id. Of a task that was attached by its id alone this and what follows are unknown; `details()`
   * asks for them.
   */
  readonly flow: string | undefined;
  /** The seed that makes this result again; undefined where the flow takes none. */
  readonly seed: number | undefined;
  /** What was sent, without files. */
  readonly params: Readonly<Record<string, string>>;
  /** Output nodes, as the server named them on creation. */
  readonly outputs: readonly TaskOutput[];
  /**
   * A value for a file parameter that points at one of the files given to this task, from 0; references
   * come first, then files that were sent.
   */
  inputReference(index: number): FileReference<never>;
  /** Everything that the server knows of the task, the whole workflow included. */
  details(options?: { signal?: AbortSignal }): Promise<TaskFullInfo>;
  /**
   * Takes an unfinished task off the server, also a running one. Takes at most 5 s, never throws.
   * @returns `yes` only where the server said so; `unknown` for a task that the server does not know and
   * this client never saw
   */
  cancel(): Promise<Cancelled>;
  /**
   * Creates the task anew with the same texts, files and seed, and takes this one off the server once the
   * new one is there; a finished one stays. Inside a run the new task takes the place of this one, and
   * waits that are under way go on with it. Asked again it gives the same new task.
   * @returns the new task; this one, where it finished after all
   * @throws SubmitUncertainError when it cannot be told whether the new one was created: asking again
   * finds out
   * @throws VisionatrixError `not_repeatable`
   */
  rerun(options?: StopOptions): Promise<Task<Kind>>;
  /**
   * Queues a failed task again, with the same inputs and seed. Prefer `rerun`: a server may then write
   * files a second time that were finished before the failure, and a worker that had saved some of them
   * may take the task again and again without end, while those behind it starve.
   * @param options `force` restarts a task without an error as well, e.g. one whose worker died
   */
  restart(options?: { force?: boolean; signal?: AbortSignal }): Promise<void>;
  /** Removes the task in any state, with its children and files. */
  delete(options?: { signal?: AbortSignal }): Promise<void>;
  /** What `JSON.stringify` shows. */
  toJSON(): { id: number; flow: string | undefined; seed: number | undefined };
}
