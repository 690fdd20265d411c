/** `vix save`: waits for existing tasks and saves their files. */
import type { Session } from "../session.js";
import { checkFolder, saveAndShow, type SavedFile } from "../tasks/save.js";
import { ended, waitFor } from "./watch.js";

export interface SaveOptions {
  readonly output: string;
  readonly metadata?: boolean;
  readonly resume?: boolean;
  readonly timeout?: number;
}

export async function saveCommand(
  session: Session,
  ids: readonly number[],
  { output, metadata, resume, timeout }: SaveOptions,
): Promise<number> {
  const { out, signal } = session;
  checkFolder(output);
  const files: SavedFile[] = [];
  const outcomes = await waitFor(session, ids, timeout, async (outcome) => {
    files.push(...(await saveAndShow(out, outcome.files, output, { signal, metadata, resume })));
  });
  return ended(session, outcomes, { files });
}
