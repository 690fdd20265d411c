/** `vix restart`: requeues failed tasks. */
import { CliError, EXIT, exitCodeOf, failureOf } from "../exit.js";
import type { Session } from "../session.js";

export async function restartCommand(
  session: Session,
  ids: readonly number[],
  { force = false }: { force?: boolean },
): Promise<number> {
  const { out, signal } = session;
  const client = await session.client();
  const tasks: { id: number; state: "queued" }[] = [];
  for (const id of ids) {
    try {
      await client.task(id).restart({ force, signal });
    } catch (error) {
      if (signal.aborted) throw session.interrupt.error("Stopped.", ids, { tasks });
      // Also report the tasks queued before the failure.
      const { code, message, hint } = failureOf(error);
      const isMissing = (error as { status?: number }).status === 404;
      throw new CliError(
        isMissing ? "task_not_found" : code,
        isMissing ? `You have no such task: ${id}.` : message,
        {
          exitCode: isMissing ? EXIT.failed : exitCodeOf(error),
          hint: isMissing ? undefined : hint,
          taskIds: [id],
          fields: { tasks },
        },
      );
    }
    tasks.push({ id, state: "queued" });
    out.line(`${id} queued`);
  }
  return out.done({ tasks });
}
