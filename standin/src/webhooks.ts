/** Calls the webhook URLs of tasks. Not reliable: calls are not retried, and may be out of order. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "./clock.js";
import type { FaultScript } from "./faults/script.js";
import type { TaskStore } from "./tasks/store.js";
import type { Task } from "./tasks/task.js";
import { float } from "./tasks/view.js";

/** The real server's timeout for each phase of a call. */
const TIMEOUT_MS = 3000;

/** A webhook call, made or not, and its outcome. */
export interface WebhookRecord {
  readonly task: number;
  readonly url: string;
  readonly body: string;
  /** Status of the receiver, or why there is none. */
  outcome: number | string;
}

/** The server appends the path to the text of the URL, without parsing it. */
function webhookTarget(url: string): string {
  return `${url.endsWith("/") ? url : `${url}/`}task-progress`;
}

/** Bodies are made when the change happens; a late call has old data. */
function bodyOf(task: Task): string {
  return (
    `{"task_id":${task.id},"progress":${float(task.progress)},` +
    `"execution_time":${float(task.executionTime)},"error":${JSON.stringify(task.error)}}`
  );
}

/** Headers of a call, and the socket to go through; undefined if no call can be made with them. */
function headersOf(task: Task): { headers: Record<string, string>; socket?: string } | undefined {
  const given = (task.webhookHeaders ?? {}) as Record<string, unknown>;
  const headers: Record<string, string> = {};
  let socket: string | undefined;
  for (const [name, value] of Object.entries(given)) {
    // With a number or a non-ASCII letter, the real server's client fails before it sends.
    if (typeof value !== "string" || !/^[\x20-\x7e\t]*$/.test(value)) return undefined;
    if (name === "x-transport-uds") socket = value;
    else headers[name] = value;
  }
  return { headers, ...(socket === undefined ? {} : { socket }) };
}

/** True if its webhook can be called with the headers that the task names. */
export function canCall(task: Task): boolean {
  return headersOf(task) !== undefined;
}

/** Who reports: a worker inside the server, or the server for a remote worker. */
export type Reporter = "embedded" | "remote";

export class Webhooks {
  readonly records: WebhookRecord[] = [];
  readonly #clock: Clock;
  readonly #faults: FaultScript;
  readonly #store: TaskStore;
  readonly #stop = new AbortController();
  readonly #called = new WeakSet<Task>();

  constructor(parts: { clock: Clock; faults: FaultScript; store: TaskStore }) {
    this.#clock = parts.clock;
    this.#faults = parts.faults;
    this.#store = parts.store;
  }

  /**
   * Reports a task's present progress to its webhook.
   *
   * @returns a promise that settles with the call; undefined if there is nothing to wait for
   */
  report(task: Task, reporter: Reporter): Promise<void> | undefined {
    if (task.webhookUrl === undefined || this.#store.get(task.id) !== task) return undefined;
    const record: WebhookRecord = {
      task: task.id,
      url: webhookTarget(task.webhookUrl),
      body: bodyOf(task),
      outcome: "not sent yet",
    };
    this.records.push(record);
    const fault = this.#faults.webhookFault({ flow: task.flow, task: task.id });
    if (fault?.do === "lose-webhook") {
      record.outcome = "lost by a fault";
      return undefined;
    }
    // An embedded worker forgets the socket after its first call.
    const bySocket = reporter === "remote" || !this.#called.has(task);
    this.#called.add(task);
    const send = (): Promise<void> => {
      const sent = this.#send(task, record, bySocket);
      this.#clock.track(sent);
      return sent;
    };
    if (fault?.do === "late-webhook") {
      this.#clock.after(fault.ms, () => void send());
      return undefined;
    }
    if (fault?.do === "repeat-webhook") void send();
    return send();
  }

  close(): void {
    this.#stop.abort();
  }

  async #send(task: Task, record: WebhookRecord, bySocket: boolean): Promise<void> {
    const given = headersOf(task);
    const extra = given && (bySocket ? given : { headers: given.headers });
    if (extra === undefined) {
      record.outcome = "not sent: a header value is not ASCII text";
      return;
    }
    try {
      record.outcome = await post(record, extra, this.#stop.signal);
    } catch (error) {
      record.outcome = error instanceof Error ? error.message : String(error);
    }
  }
}

function post(
  record: WebhookRecord,
  extra: { headers: Record<string, string>; socket?: string },
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = new URL(record.url);
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(
      url,
      {
        method: "POST",
        headers: {
          accept: "*/*",
          "user-agent": "python-httpx/0.28.1",
          ...extra.headers,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(record.body),
        },
        timeout: TIMEOUT_MS,
        signal,
        ...(extra.socket === undefined ? {} : { socketPath: extra.socket }),
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on("timeout", () => request.destroy(new Error("the receiver did not answer in time")));
    request.on("error", reject);
    request.end(record.body);
  });
}
