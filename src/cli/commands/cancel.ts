/** `vix cancel`: cancels unfinished tasks, and reports the outcome. */
import type { Client } from "../../index.js";
import { CliError, codeOf, EXIT } from "../exit.js";
import type { Session } from "../session.js";

/** `yes`: off the server · `no`: it had ended · `unknown`: the server did not say · `gone`: no such task */
type Outcome = "yes" | "no" | "unknown" | "gone";

const WORDS: Readonly<Record<Outcome, string>> = {
  yes: "cancelled",
  no: "had already ended; its files are kept",
  unknown: "may still run; the server did not confirm",
  gone: "not found",
};

export async function cancelCommand(session: Session, ids: readonly number[]): Promise<number> {
  const { out } = session;
  const client = await session.client();
  const tasks: { id: number; cancelled: Outcome }[] = [];
  for (const id of ids) {
    const cancelled = await cancel(client, id, session.signal);
    tasks.push({ id, cancelled });
    out.line(`${id} ${WORDS[cancelled]}`);
  }
  const with_ = (outcome: Outcome): number[] =>
    tasks.filter(({ cancelled }) => cancelled === outcome).map(({ id }) => id);
  const [unknown, gone] = [with_("unknown"), with_("gone")];
  if (unknown.length > 0)
    throw new CliError(
      "cancel_uncertain",
      `The server did not confirm that ${list(unknown)} ended.`,
      {
        exitCode: EXIT.server,
        taskIds: unknown,
        fields: { tasks },
      },
    );
  if (gone.length > 0)
    throw new CliError("task_not_found", `You have no such task: ${list(gone)}.`, {
      exitCode: EXIT.failed,
      taskIds: gone,
      fields: { tasks },
    });
  return out.done({ tasks });
}

async function cancel(client: Client, id: number, signal: AbortSignal): Promise<Outcome> {
  const task = client.task(id);
  try {
    // The response to a cancel does not distinguish a task that never existed from one that is now gone.
    await task.details({ signal });
  } catch (error) {
    if (codeOf(error) === "task_not_found") return "gone";
    throw error;
  }
  return task.cancel();
}

function list(ids: readonly number[]): string {
  return ids.join(", ");
}
