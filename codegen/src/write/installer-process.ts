/** Entry point of the installer process: receives one job from the command, runs it, responds, and exits. */
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
// The command may have died before this line is reached.
if (!process.connected) giveUp();

// Load the parser while the command is still rendering.
await import("../verify/read-back.js");

/** Exits without a job, and removes what the command staged before it died. */
function giveUp(): void {
  if (isIdle) void settleLeftovers(process.argv[2] ?? "").then(() => process.exit());
}

async function answer(job: Job): Promise<void> {
  const result = await install(job).then(() => ({}), describe);
  // Nothing may be listening any more, but the job is done.
  process.send?.(result, () => process.exit());
}

function describe(cause: unknown): Answer {
  if (!(cause instanceof CodegenError)) throw cause;
  const { code, message, pointer, value, hint } = cause;
  return { error: { code, message, pointer, value, hint } };
}
