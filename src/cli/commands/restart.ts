/** `vix restart`: requeues failed tasks. */
import { CliError, codeOf, EXIT, withFields } from "../exit.js";
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
      if (codeOf(error) !== "task_not_found") throw withFields(error, { tasks }, { taskIds: [id] });
      throw new CliError("task_not_found", `You have no such task: ${id}.`, {
        exitCode: EXIT.failed,
        taskIds: [id],
        fields: { tasks },
      });
    }
    tasks.push({ id, state: "queued" });
    out.line(`${id} queued`);
  }
  return out.done({ tasks });
}
