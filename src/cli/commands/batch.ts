import type { Session } from "../session.js";
export interface BatchOptions {
  output: string;
}
export async function batchCommand(_s: Session, _f: string, _o: BatchOptions): Promise<number> {
  return 1;
}
