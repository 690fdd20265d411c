import type { Session } from "../session.js";
export async function completionCommand(_s: Session, _f: string): Promise<number> {
  return 1;
}
