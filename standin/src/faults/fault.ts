/** The script of faults: what may go wrong, and when. */

/** The endpoint of a request, as faults and records name it. */
const ENDPOINTS = [
  "create",
  "create-sync",
  "progress",
  "progress-list",
  "progress-summary",
  "results",
  "inputs",
  "restart",
  "update",
  "cancel",
  "cancel-all",
  "delete",
  "clear",
  "next",
  "report",
  "upload-results",
  "unlock",
  "whoami",
  "version",
  "flows",
  "flow-admin",
  "openapi",
  "docs",
  "workers",
  "settings",
  "other",
  "unknown",
] as const;

export type Endpoint = (typeof ENDPOINTS)[number];

/** When a fault strikes. All given conditions must hold. Without conditions it always strikes. */
export interface FaultTrigger {
  /** Only for this endpoint. Default: all. */
  readonly on?: Endpoint | readonly Endpoint[];
  /** Only for this flow. */
  readonly flow?: string;
  /** Only for this task. */
  readonly task?: number;
  /** Only at these of the calls that match, counted from 1. */
  readonly nth?: number | readonly number[];
  /** Only at every n-th of the calls that match. */
  readonly every?: number;
  /** Not at the first n of the calls that match. */
  readonly after?: number;
  /** Largest number of times. */
  readonly times?: number;
  /**
   * With this chance, 0 to 1. The random numbers come from the option `seed`, so that a run can be repeated.
   */
  readonly chance?: number;
}

/**
 * Whether the server does the work before the fault strikes: `"before"` (the default) means that
 * nothing was done, `"after"` that all was done and only the response is affected.
 */
export type FaultTime = "before" | "after";

/** Faults of a request. */
export type RequestFault =
  /** The connection is reset after the request's head; without `on`, `flow` or `task`, before any byte. */
  | { readonly do: "refuse" }
  | { readonly do: "reset-before-body" }
  /** The connection is reset after `at` bytes of the request's body (default: the first ones). */
  | { readonly do: "reset-during-body"; readonly at?: number }
  /** The request's body is read slowly. Default 10,000 bytes per second. */
  | { readonly do: "slow-read"; readonly bytesPerSecond?: number }
  /** The whole body is read, nothing is done, the connection is reset. */
  | { readonly do: "reset-after-body" }
  /** The work is done and the response lost. `accept` limits how many tasks of a create are made. */
  | {
      readonly do: "reset-after-accept";
      readonly accept?: number;
      /** Milliseconds between two tasks; the connection is lost at once, the tasks come later. */
      readonly spreadMs?: number;
    }
  /** The whole body is read and the connection reset at once; the request is carried out `afterMs` later. */
  | { readonly do: "deliver-late"; readonly afterMs: number }
  /** The request is never answered. */
  | { readonly do: "hang"; readonly when?: FaultTime }
  /** The response is late. */
  | { readonly do: "delay"; readonly ms: number; readonly when?: FaultTime }
  /**
   * The response takes `factor` times as long as on the real server (a list: in proportion to its length), or
   * is sent at `bytesPerSecond`. Default: 100 bytes per second.
   */
  | { readonly do: "slow"; readonly bytesPerSecond?: number; readonly factor?: number }
  | {
      readonly do: "status";
      readonly status: number;
      /** Default: the body of the server, or of a proxy in front of it. An object is sent as JSON. */
      readonly body?: string | object;
      readonly headers?: Readonly<Record<string, string>>;
      /** Seconds, for `Retry-After`. */
      readonly retryAfter?: number | string;
      readonly when?: FaultTime;
    }
  /** `Internal Server Error` as text, without CORS headers, and the connection is closed. */
  | { readonly do: "bare-500"; readonly when?: FaultTime }
  /** A page of HTML, as a proxy or a login wall sends. Default status 200. */
  | { readonly do: "html"; readonly status?: number; readonly when?: FaultTime }
  /**
   * The body ends after `at` bytes (negative: counted from its end; default: half of it) and the connection
   * is lost there. With `quiet`, the headers match the shorter body and the connection is kept.
   */
  | { readonly do: "cut"; readonly at?: number; readonly quiet?: boolean }
  /** JSON of another shape. Default `{"unexpected":true}`. */
  | { readonly do: "wrong-json"; readonly body?: unknown; readonly when?: FaultTime }
  /** Result files have no useful media type. */
  | { readonly do: "no-media-type" }
  /** `outputs` in another order. */
  | { readonly do: "shuffle-outputs" }
  /** Tasks created by this call stay unseen for `ms`. */
  | { readonly do: "hide"; readonly ms: number }
  /** Tasks created by this call break every list that shows them. */
  | { readonly do: "poison" }
  /** The input files that this call gives to its tasks are then missing on the server's disk. */
  | { readonly do: "lose-inputs" }
  /** The response is complete, then the connection is closed without notice. */
  | { readonly do: "drop-connection" }
  /** The server goes down instead of answering, and restarts after `downMs` (default 0). */
  | { readonly do: "restart-server"; readonly downMs?: number; readonly release?: boolean };

/** Faults of a task, looked up when a worker of the stand-in takes it. `at` is a progress, 0 to 99. */
export type TaskFault =
  /**
   * The engine fails with this error. The first `saved` outputs are on disk by then (default 0). If another
   * task runs before a restart of this task, they are written again and listed beside the old files.
   */
  | { readonly do: "fail"; readonly error?: string; readonly at?: number; readonly saved?: number }
  /** The worker dies: it stops reporting, the task stays locked, and another worker replaces it. */
  | { readonly do: "stall"; readonly at?: number }
  /** The worker drops the task: it stays locked, while the worker is alive and asks for other tasks. */
  | { readonly do: "orphan"; readonly at?: number }
  /** The worker releases and takes the task again, about once a second, for ever; tasks behind it starve. */
  | { readonly do: "loop"; readonly at?: number }
  /** The worker gives up without an error: the task is queued again, its progress stays until it is taken. */
  | { readonly do: "give-up"; readonly at?: number }
  /** The task is deleted, as if by another client. */
  | { readonly do: "vanish"; readonly at?: number }
  /** Duration of the task, in ms. */
  | { readonly do: "take"; readonly ms: number }
  /** Finished, but the files are missing. */
  | { readonly do: "lose-files" }
  /** `batch_size` counts a file that cannot be fetched. */
  | { readonly do: "phantom-file" };

/** Faults of webhook calls. */
export type WebhookFault =
  | { readonly do: "lose-webhook" }
  | { readonly do: "repeat-webhook" }
  | { readonly do: "late-webhook"; readonly ms: number };

export type FaultAction = RequestFault | TaskFault | WebhookFault;

/** One line of a fault script. */
export type Fault = FaultTrigger & FaultAction;

const TASK_FAULTS = [
  "fail",
  "stall",
  "orphan",
  "loop",
  "give-up",
  "vanish",
  "take",
  "lose-files",
  "phantom-file",
];
const WEBHOOK_FAULTS = ["lose-webhook", "repeat-webhook", "late-webhook"];
const REQUEST_FAULTS = [
  "refuse",
  "reset-before-body",
  "reset-during-body",
  "slow-read",
  "reset-after-body",
  "reset-after-accept",
  "deliver-late",
  "hang",
  "delay",
  "slow",
  "status",
  "bare-500",
  "html",
  "cut",
  "wrong-json",
  "no-media-type",
  "shuffle-outputs",
  "hide",
  "poison",
  "lose-inputs",
  "drop-connection",
  "restart-server",
];

export type FaultKind = "request" | "task" | "webhook";

export function kindOfFault(fault: FaultAction): FaultKind {
  if (TASK_FAULTS.includes(fault.do)) return "task";
  return WEBHOOK_FAULTS.includes(fault.do) ? "webhook" : "request";
}

const NUMBERS = [
  "ms",
  "afterMs",
  "every",
  "after",
  "times",
  "chance",
  "task",
  "accept",
  "saved",
  "downMs",
  "spreadMs",
  "bytesPerSecond",
  "factor",
];
const MUST_HAVE: Readonly<Record<string, readonly string[]>> = {
  delay: ["ms"],
  "deliver-late": ["afterMs"],
  hide: ["ms"],
  take: ["ms"],
  "late-webhook": ["ms"],
  status: ["status"],
};

/** Describes in one sentence what is wrong with a fault. Scripts may also come over HTTP or from files. */
export function problemOfFault(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return 'a fault must be an object such as { on: "create", nth: 2, do: "reset-after-accept" }';
  }
  const fault = value as Record<string, unknown>;
  const known = [...REQUEST_FAULTS, ...TASK_FAULTS, ...WEBHOOK_FAULTS];
  if (typeof fault["do"] !== "string" || !known.includes(fault["do"])) {
    return `a fault's "do" must be one of ${known.join(", ")}; it is ${JSON.stringify(fault["do"])}`;
  }
  const on = fault["on"];
  for (const endpoint of on === undefined ? [] : Array.isArray(on) ? (on as unknown[]) : [on]) {
    if (!(ENDPOINTS as readonly unknown[]).includes(endpoint)) {
      return `a fault's "on" must be one of ${ENDPOINTS.join(", ")}; it is ${JSON.stringify(endpoint)}`;
    }
  }
  for (const key of MUST_HAVE[fault["do"]] ?? []) {
    if (typeof fault[key] !== "number") return `the fault "${fault["do"]}" needs a number "${key}"`;
  }
  for (const key of NUMBERS) {
    const number = fault[key];
    if (number !== undefined && (typeof number !== "number" || !(number >= 0))) {
      return `a fault's "${key}" must be a number of 0 or more; it is ${JSON.stringify(number)}`;
    }
  }
  return undefined;
}
