/** Cancels the unfinished tasks of a batch when it is stopped. */
import type { Client } from "../../index.js";
import { adoptTasks, type CreateTools } from "./create.js";
import type { Ledger } from "./ledger.js";
import type { Line } from "./line.js";

/** Tasks in the ledger that have not ended, including those of an earlier process. */
function unfinished(ledger: Ledger): number[] {
  return [...ledger.entries.values()].flatMap(({ shots }) =>
    shots.flatMap(({ task, files, error }) =>
      task === undefined || files !== undefined || error !== undefined ? [] : [task],
    ),
  );
}

/** Cancels the tasks in the ledger. Never throws. */
export async function cancelKnown(client: Client, ledger: Ledger): Promise<void> {
  await Promise.all(unfinished(ledger).map((id) => client.task(id).cancel()));
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
): Promise<void> {
  const entries = new Map([...ledger.entries].filter(([, { open }]) => open.length > 0));
  if (entries.size === 0) return;
  try {
    for await (const { line, id } of lines) {
      const entry = entries.get(id);
      if (!entry) continue;
      for (const create of entry.open)
        await adoptTasks(tools, line, entry, create, signal).then(
          (run) => run.cancel(),
          () => "unknown",
        );
      entries.delete(id);
      if (entries.size === 0) return;
    }
  } catch {
    // The file has changed since; the next command finds the tasks.
  }
}
