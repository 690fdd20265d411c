/** `vix restart`: requeues failed tasks. */
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
    await client.task(id).restart({ force, signal });
    tasks.push({ id, state: "queued" });
    out.line(`${id} queued`);
  }
  return out.done({ tasks });
}
