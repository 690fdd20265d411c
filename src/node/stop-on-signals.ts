/** Ctrl-C: cancels a program's unfinished tasks on the server before the program exits. */
import { constants } from "node:os";
import type { Client } from "../client.js";
import type { StoppedRun } from "../run/open-runs.js";

/** Longest time until exit after the first signal, in ms. */
const END_MS = 5000;

const WORDS = { yes: "cancelled", unknown: "may still run: the server did not confirm" } as const;

/**
 * On the first SIGINT or SIGTERM, cancels the unfinished tasks of this client's own runs, prints the outcome
 * for each run to stderr, one line each, and lets the program exit within 5 s with exit code 130 or 143. A
 * second signal exits at once. Pending waits reject with an `AbortError`.
 * @returns a function that removes the handlers
 */
export function stopOnSignals(client: Pick<Client, "stop">): () => void {
  let code = 0;
  const handle = (signal: NodeJS.Signals): void => {
    const again = code > 0;
    code = 128 + constants.signals[signal];
    if (again) process.exit(code);
    // However the program handles the errors of its waits.
    process.once("exit", () => (process.exitCode = code));
    setTimeout(() => process.exit(code), END_MS).unref();
    void client.stop(new Error(signal)).then((runs) => {
      for (const run of runs) process.stderr.write(`${line(run)}\n`);
    });
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}

/** Number of ids listed; the rest are only counted. */
const NAMED = 10;

function line({ flow, taskIds, cancelled }: StoppedRun): string {
  const more = taskIds.length - NAMED;
  const ids = taskIds.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
  const none = ids ? "some had already finished" : "not sent";
  return `${flow}${ids && `, task ${ids}`}: ${cancelled === "no" ? none : WORDS[cancelled]}`;
}
