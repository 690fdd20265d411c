/** `vix watch`: waits for existing tasks without changing them. */
import type { TaskOutcome } from "../../index.js";
import { inWords } from "../exit.js";
import type { Session } from "../session.js";
import { Display } from "../tasks/display.js";
import { failureOfTasks } from "../tasks/failure.js";
import { waitForTasks } from "../tasks/wait.js";

/** A task in a JSON document, once it has ended. */
export interface EndedTask {
  readonly id: number;
  readonly state: "done" | "failed" | "gone";
  readonly error?: string;
}

export async function watchCommand(
  session: Session,
  ids: readonly number[],
  { timeout }: { timeout?: number },
): Promise<number> {
  const { out } = session;
  const outcomes = await waitFor(session, ids, timeout);
  for (const { id, state, error } of outcomes.map(endedTask))
    out.line(`${id} ${state}${error === undefined ? "" : `: ${error}`}`);
  return ended(session, outcomes, {});
}

/**
 * Waits for tasks of another process, showing their progress.
 * @param onEnd called as each task ends; without it their files are not looked up
 */
export async function waitFor(
  session: Session,
  ids: readonly number[],
  timeoutMs: number | undefined,
  onEnd?: (outcome: TaskOutcome) => Promise<void>,
): Promise<TaskOutcome[]> {
  const { out, signal, interrupt } = session;
  const client = await session.client();
  // An outage during the wait is waited out; a server that never responds is reported at once.
  await client.whoami({ signal });
  const label = ids.length === 1 ? `task ${ids[0]}` : `${ids.length} tasks`;
  const display = new Display(out, label, client);
  try {
    return await waitForTasks(
      ids.map((id) => client.task(id)),
      {
        signal,
        timeoutMs,
        withFiles: onEnd !== undefined,
        onChange: (views) => display.update(views),
        ...(onEnd && { onEnd }),
      },
    );
  } catch (error) {
    if (signal.aborted) throw interrupt.error("Stopped waiting; the tasks continue.", ids);
    throw error;
  } finally {
    display.close();
  }
}

function endedTask({ task, error }: TaskOutcome): EndedTask {
  if (!error) return { id: task.id, state: "done" };
  const state = error.code === "task_failed" ? "failed" : "gone";
  return { id: task.id, state, error: inWords(error.message.trim()) };
}

/** Ends a command according to the outcome of its tasks. */
export function ended({ out }: Session, outcomes: readonly TaskOutcome[], fields: object): number {
  const document = { tasks: outcomes.map(endedTask), ...fields };
  const failure = failureOfTasks(outcomes, document);
  if (failure) throw failure;
  return out.done(document);
}
