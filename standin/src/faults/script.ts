/** Decides which fault strikes at which call. */
import { hash, randomFrom } from "../random.js";
import {
  type Endpoint,
  type Fault,
  type FaultKind,
  type RequestFault,
  type TaskFault,
  type WebhookFault,
  kindOfFault,
  problemOfFault,
} from "./fault.js";

/** A call for which a fault is looked up. */
export interface CallFacts {
  readonly endpoint?: Endpoint;
  readonly flow?: string | undefined;
  readonly task?: number | undefined;
}

/** A fault of the script with its counts. */
export interface FaultState {
  readonly fault: Fault;
  /** Calls that matched. */
  seen: number;
  /** Times it struck. */
  struck: number;
}

interface Entry extends FaultState {
  readonly kind: FaultKind;
  readonly random: () => number;
}

/** A mistake in a fault script, described in one sentence. */
export class FaultError extends Error {
  override readonly name = "FaultError";
}

function matches(fault: Fault, facts: CallFacts): boolean {
  if (fault.on !== undefined) {
    const on: readonly Endpoint[] = typeof fault.on === "string" ? [fault.on] : fault.on;
    if (facts.endpoint === undefined || !on.includes(facts.endpoint)) return false;
  }
  if (fault.flow !== undefined && fault.flow !== facts.flow) return false;
  return fault.task === undefined || fault.task === facts.task;
}

function strikes(entry: Entry): boolean {
  const { fault, seen } = entry;
  if (fault.times !== undefined && entry.struck >= fault.times) return false;
  if (fault.after !== undefined && seen <= fault.after) return false;
  if (fault.nth !== undefined) {
    const nth: readonly number[] = typeof fault.nth === "number" ? [fault.nth] : fault.nth;
    if (!nth.includes(seen)) return false;
  }
  if (fault.every !== undefined && seen % fault.every !== 0) return false;
  // Random numbers are drawn last, so that they depend only on calls that meet all other conditions.
  return fault.chance === undefined || entry.random() < fault.chance;
}

/** A `refuse` without `on`, `flow` and `task` strikes when a connection opens, before a byte is read. */
function isForConnections({ do: action, on, flow, task }: Fault): boolean {
  return action === "refuse" && on === undefined && flow === undefined && task === undefined;
}

export class FaultScript {
  readonly #seed: number;
  #entries: Entry[] = [];
  #added = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** @throws FaultError if one of them is invalid; then none is added */
  add(...faults: readonly Fault[]): void {
    for (const fault of faults) {
      const problem = problemOfFault(fault);
      if (problem !== undefined) throw new FaultError(problem);
    }
    for (const fault of faults) {
      const random = randomFrom(this.#seed ^ hash(`fault ${this.#added++}`));
      this.#entries.push({ fault, kind: kindOfFault(fault), seen: 0, struck: 0, random });
    }
  }

  clear(): void {
    this.#entries = [];
  }

  /** The script with its counts. */
  list(): FaultState[] {
    return this.#entries.map(({ fault, seen, struck }) => ({ fault, seen, struck }));
  }

  requestFault(facts: CallFacts): RequestFault | undefined {
    return this.#next("request", facts) as RequestFault | undefined;
  }

  taskFault(facts: CallFacts): TaskFault | undefined {
    return this.#next("task", facts) as TaskFault | undefined;
  }

  webhookFault(facts: CallFacts): WebhookFault | undefined {
    return this.#next("webhook", facts) as WebhookFault | undefined;
  }

  /** True if a new connection must be refused, before its request is known. */
  refusesConnection(): boolean {
    const entry = this.#entries.find(({ fault }) => isForConnections(fault));
    return entry !== undefined && this.#count(entry);
  }

  #next(kind: FaultKind, facts: CallFacts): Fault | undefined {
    let first: Fault | undefined;
    for (const entry of this.#entries) {
      if (entry.kind !== kind || !matches(entry.fault, facts)) continue;
      if (isForConnections(entry.fault)) continue;
      if (first !== undefined) entry.seen += 1;
      else if (this.#count(entry)) first = entry.fault;
    }
    return first;
  }

  #count(entry: Entry): boolean {
    entry.seen += 1;
    if (!strikes(entry)) return false;
    entry.struck += 1;
    return true;
  }
}
