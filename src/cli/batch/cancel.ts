/** Cancels the unfinished tasks of a batch when it is stopped. */
import type { Client } from "../../index.js";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../exit.js";
import { adoptTasks, type CreateTools } from "./create.js";
import type { Entry, Ledger, MarkedTask, OpenCreate } from "./ledger.js";
import type { Line } from "./line.js";

/** Tasks in the ledger that have not ended, including those of an earlier process. */
function unfinished(ledger: Ledger): MarkedTask[] {
  return [...ledger.entries.values()].flatMap(({ shots }) =>
    shots.flatMap(({ task, files, error }) => (!task || files || error ? [] : [task])),
  );
}

/** Cancels the tasks in the ledger, each once. */
export class KnownCancel {
  readonly #client: Client;
  readonly #ledger: Ledger;
  readonly #owns: (task: MarkedTask) => Promise<boolean>;
  readonly #timeoutMs: number;
  readonly #asked = new Set<number>();
  /** Tasks whose end the server has not confirmed. */
  readonly #open = new Set<number>();
  readonly #cancels: Promise<void>[] = [];
  #late: Promise<void> | undefined;

  /**
   * @param owns whether a task is the batch's own
   * @param timeoutMs how long to wait for the server, from the first cancel on, in ms
   */
  constructor(
    client: Client,
    ledger: Ledger,
    owns: (task: MarkedTask) => Promise<boolean>,
    timeoutMs: number,
  ) {
    this.#client = client;
    this.#ledger = ledger;
    this.#owns = owns;
    this.#timeoutMs = timeoutMs;
  }

  /** Cancels what is unfinished by now. Never throws. */
  start(): void {
    this.#late ??= sleep(this.#timeoutMs, undefined, { ref: false });
    for (const task of unfinished(this.#ledger)) {
      if (this.#asked.has(task.id)) continue;
      this.#asked.add(task.id);
      this.#open.add(task.id);
      this.#cancels.push(this.#cancel(task).catch(() => undefined));
    }
  }

  /** Ids of the tasks that may still run: the server did not confirm their end in time. */
  async running(): Promise<number[]> {
    await Promise.race([Promise.all(this.#cancels), this.#late]);
    return [...this.#open];
  }

  async #cancel(task: MarkedTask): Promise<void> {
    const isOwn = await this.#owns(task);
    if (!isOwn || (await this.#client.task(task.id).cancel()) !== "unknown")
      this.#open.delete(task.id);
  }
}

/** What may still run after a stop. */
export interface Leftover {
  readonly ids: readonly number[];
  /** Whether all such tasks are known. */
  readonly isComplete: boolean;
}

/**
 * Cancels the tasks of creates whose response is not in the ledger, as an earlier process leaves them. Never
 * throws.
 * @param lines those of the file
 */
export async function cancelOpen(
  tools: CreateTools,
  ledger: Ledger,
  lines: AsyncIterable<{ line: Line; id: string }>,
  signal: AbortSignal,
): Promise<Leftover> {
  const entries = new Map([...ledger.entries].filter(([, { open }]) => open.length > 0));
  const ids: number[] = [];
  const unknown = new Set<OpenCreate>();
  const cancel = async (line: Line, entry: Entry, create: OpenCreate): Promise<void> => {
    try {
      const run = await adoptTasks(tools, line, entry, create, signal);
      if ((await run.cancel()) === "unknown") ids.push(...run.tasks.map(({ id }) => id));
    } catch (error) {
      if (codeOf(error) !== "task_not_found") unknown.add(create);
    }
  };
  try {
    if (entries.size > 0)
      for await (const { line, id } of lines) {
        const entry = entries.get(id);
        for (const create of entry?.open ?? []) await cancel(line, entry as Entry, create);
        entries.delete(id);
        if (entries.size === 0) break;
      }
  } catch {
    // The file has changed since; the next command finds the tasks.
  }
  return { ids, isComplete: unknown.size === 0 && entries.size === 0 };
}
