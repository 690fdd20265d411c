/** Cancels the unfinished tasks of a batch when it is stopped. */
import type { Client } from "../../index.js";
import { adoptTasks, type CreateTools } from "./create.js";
import { codeOf } from "../exit.js";
import type { Entry, Ledger, MarkedTask, OpenCreate } from "./ledger.js";
import type { Line } from "./line.js";
import { isOwnTask } from "./own-task.js";

/** Tasks in the ledger that have not ended, including those of an earlier process. */
function unfinished(ledger: Ledger): MarkedTask[] {
  return [...ledger.entries.values()].flatMap(({ shots }) =>
    shots.flatMap(({ task, files, error }) => (!task || files || error ? [] : [task])),
  );
}

/**
 * Cancels the tasks in the ledger that are not in `asked` yet. Never throws.
 * @param asked tasks that are being cancelled already; the others are added
 * @returns ids of the tasks that may still run: the server did not confirm their end in time
 */
export async function cancelKnown(
  client: Client,
  ledger: Ledger,
  isInherited: (id: number) => boolean,
  asked: Set<number>,
  signal: AbortSignal,
): Promise<number[]> {
  const tasks = unfinished(ledger).filter(({ id }) => !asked.has(id));
  const open = new Set(tasks.map(({ id }) => id));
  for (const id of open) asked.add(id);
  const cancel = async (task: MarkedTask): Promise<void> => {
    const isOwn = !isInherited(task.id) || (await isOwnTask(client, task, signal));
    if (!isOwn || (await client.task(task.id).cancel()) !== "unknown") open.delete(task.id);
  };
  const inTime = new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", resolve);
  });
  await Promise.race([Promise.allSettled(tasks.map(cancel)), inTime]);
  return [...open];
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
