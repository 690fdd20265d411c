/** Calls to the addresses that tasks name. A hint, not a promise: no retry, and the order may differ. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "./clock.js";
import type { FaultScript } from "./faults/script.js";
import type { TaskStore } from "./tasks/store.js";
import type { Task } from "./tasks/task.js";
import { float } from "./tasks/view.js";

/** The real server gives each phase of a call so long. */
const TIMEOUT_MS = 3000;

/** A webhook call that was made, or not, and what came of it. */
export interface WebhookRecord {
  readonly task: number;
  readonly url: string;
  readonly body: string;
  /** Status of the receiver, or why there is none. */
  outcome: number | string;
}

/** The server appends the path to the text of the URL, whatever the text is. */
function webhookTarget(url: string): string {
  return `${url.endsWith("/") ? url : `${url}/`}task-progress`;
}

/** Bodies are made when the change happens; a late call tells old news. */
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
    // A number or a letter beyond ASCII makes the real server's client give up before it sends.
    if (typeof value !== "string" || !/^[\x20-\x7e\t]*$/.test(value)) return undefined;
    if (name === "x-transport-uds") socket = value;
    else headers[name] = value;
  }
  return { headers, ...(socket === undefined ? {} : { socket }) };
}

export class Webhooks {
  readonly records: WebhookRecord[] = [];
  readonly #clock: Clock;
  readonly #faults: FaultScript;
  readonly #store: TaskStore;
  readonly #stop = new AbortController();

  constructor(parts: { clock: Clock; faults: FaultScript; store: TaskStore }) {
    this.#clock = parts.clock;
    this.#faults = parts.faults;
    this.#store = parts.store;
  }

  /** Reports a task's present progress to its webhook, if it has one. */
  report(task: Task): void {
    if (task.webhookUrl === undefined || this.#store.get(task.id) !== task) return;
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
      return;
    }
    const send = (): void => this.#clock.track(this.#send(task, record));
    if (fault?.do === "late-webhook") this.#clock.after(fault.ms, send);
    else send();
    if (fault?.do === "repeat-webhook") send();
  }

  close(): void {
    this.#stop.abort();
  }

  async #send(task: Task, record: WebhookRecord): Promise<void> {
    const extra = headersOf(task);
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
          "user-agent": "visionatrix-standin",
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
