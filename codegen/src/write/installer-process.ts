/** Entry of the process that installs: gets one job from the command, does it, answers, ends. */
import { CodegenError } from "../errors.js";
import { install, type Job } from "./install.js";
import type { Answer } from "./installer.js";
import { settleLeftovers } from "./leftovers.js";

let isIdle = true;

process.once("message", (job) => {
  isIdle = false;
  void answer(job as Job);
});
process.once("disconnect", giveUp);
// The command can be gone before this line is reached.
if (!process.connected) giveUp();

// The parser loads while the command still renders.
await import("../verify/read-back.js");

/** Ends without a job: what the command staged before it died is ours to clear. */
function giveUp(): void {
  if (isIdle) void settleLeftovers(process.argv[2] ?? "").then(() => process.exit());
}

async function answer(job: Job): Promise<void> {
  const result = await install(job).then(() => ({}), describe);
  // Nobody may be there to hear it. What had to be done is done.
  process.send?.(result, () => process.exit());
}

function describe(cause: unknown): Answer {
  if (!(cause instanceof CodegenError)) throw cause;
  const { code, message, pointer, value, hint } = cause;
  return { error: { code, message, pointer, value, hint } };
}
