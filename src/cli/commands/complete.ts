import type { Session } from "../session.js";
export async function completeCommand(
  _s: Session,
  _f: readonly string[],
  _p: unknown,
): Promise<number> {
  return 1;
}
