/** The log of requests and their outcomes. */
import type { Endpoint } from "../faults/fault.js";

/** How a request ended. */
export type Fate =
  /** Still being worked on. */
  | "open"
  | "answered"
  /** Reset by a fault, before or after the work was done. */
  | "reset"
  /** Never answered because of a fault. */
  | "hung"
  /** The response was cut off by a fault. */
  | "cut"
  /** The client went away first. */
  | "client-gone";

/** One request and its outcome. */
export interface RequestRecord {
  /** Counted from 1. */
  readonly id: number;
  /** Milliseconds since 1970, by the stand-in's clock. */
  readonly at: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly endpoint: Endpoint;
  /** Number of its connection; two requests with the same number shared one. */
  readonly connection: number;
  /** As sent, but with masked credentials. */
  readonly headers: Readonly<Record<string, string>>;
  user: string | undefined;
  status: number | undefined;
  fate: Fate;
  /** The fault that struck, by name. */
  fault: string | undefined;
  /** Ids of tasks that the request created. */
  taskIds: readonly number[];
  /** Why the stand-in answered like this, if the response does not show it. */
  note: string | undefined;
  /** Bytes received, head included. */
  bytesIn: number;
  /** Bytes of the response's body that were written. */
  bytesOut: number;
  /** The body, if the stand-in was asked to keep bodies; at most `recordBodies` bytes. */
  body: Buffer | undefined;
}

const SECRET = new Set(["authorization", "cookie", "proxy-authorization"]);

/** Headers for a record: `Basic ***` in place of credentials. */
export function maskHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const text = Array.isArray(value) ? value.join(", ") : value;
    masked[name] = SECRET.has(name) ? `${text.split(" ", 1)[0] ?? ""} ***` : text;
  }
  return masked;
}

/** The most recent requests, oldest first. */
export class RequestLog {
  readonly #limit: number;
  #records: RequestRecord[] = [];
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  nextId(): number {
    this.#count += 1;
    return this.#count;
  }

  add(record: RequestRecord): void {
    if (this.#limit === 0) return;
    this.#records.push(record);
    // Cut off in large pieces: removing one at a time from the front is slow.
    if (this.#records.length >= 2 * this.#limit) this.#records = this.#records.slice(-this.#limit);
  }

  list(): readonly RequestRecord[] {
    return this.#records.slice(-this.#limit);
  }

  clear(): void {
    this.#records = [];
  }

  /** Forgets all, and counts from 1 again. */
  reset(): void {
    this.clear();
    this.#count = 0;
  }
}
