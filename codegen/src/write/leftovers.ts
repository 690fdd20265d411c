/** Brings an output folder to rest: what runs that were killed left beside it is finished, or goes. */
import { setTimeout as sleep } from "node:timers/promises";
import { journalAge, readJournal } from "./journal.js";
import { discard, stagingsOf, type Staging } from "./staging.js";
import { resumeSwap } from "./swap.js";

/** A process that installs takes far less; after this long, whoever has its number is another one. */
const LONGEST_INSTALL_MS = 30_000;

/** Waits for an installation that is under way, finishes one that was killed, and clears up. */
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
  // Another run, which is still preparing.
  if (steps === undefined && isAlive(owner)) return;
  try {
    if (steps !== undefined) resumeSwap(out, path, steps);
    discard(path);
  } catch {
    // What stands in the way stands in the way of this run too, and is told then.
  }
}

/** Whether a process other than this one still runs. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
