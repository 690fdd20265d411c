/** Cleans up an output folder: finishes or removes what killed runs left next to it. */
import { setTimeout as sleep } from "node:timers/promises";
import { journalAge, readJournal } from "./journal.js";
import { discard, stagingsOf, type Staging } from "./staging.js";
import { resumeSwap } from "./swap.js";

/** An installation takes far less; after this time, a process with its id is a different one. */
const LONGEST_INSTALL_MS = 30_000;

/** Waits for a running installation, finishes a killed one, and cleans up. */
export async function settleLeftovers(out: string): Promise<void> {
  for (const staging of stagingsOf(out)) {
    while (isUnderWay(staging)) await sleep(5);
    settle(out, staging);
  }
}

function isUnderWay({ path, owner }: Staging): boolean {
  const age = journalAge(path);
  return age !== undefined && age < LONGEST_INSTALL_MS && isAlive(owner);
}

function settle(out: string, { path, owner }: Staging): void {
  const steps = readJournal(path);
  // Another run that is still preparing.
  if (steps === undefined && isAlive(owner)) return;
  try {
    if (steps !== undefined) resumeSwap(out, path, steps);
    discard(path);
  } catch {
    // The obstacle also affects this run, which will report it.
  }
}

/** Whether another process with this id is running. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
