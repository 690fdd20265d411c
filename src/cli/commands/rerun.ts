/** `vix rerun`: reruns tasks with the same texts, files, and seeds, in place of the old ones. */
import { codeOf, EXIT, withFields } from "../exit.js";
import type { Session } from "../session.js";

export async function rerunCommand(session: Session, ids: readonly number[]): Promise<number> {
  const { out, signal } = session;
  const client = await session.client();
  const tasks: { id: number; seed: number | null; replaces: number }[] = [];
  for (const id of ids) {
    try {
      const { id: made, seed } = await client.task(id).rerun({ signal });
      tasks.push({ id: made, seed: seed ?? null, replaces: id });
      out.line(made === id ? `${id} is done` : `${made} in place of ${id}`);
    } catch (error) {
      if (signal.aborted) throw session.interrupt.error("Stopped.", ids, { tasks });
      // Also report the tasks created before the failure.
      const code = codeOf(error);
      if (code !== "task_not_found" && code !== "not_repeatable") throw error;
      throw withFields(error, { tasks }, { exitCode: EXIT.failed, taskIds: [id] });
    }
  }
  return out.done({ tasks });
}
