/** Checks how a flow function was called, also for programs in JavaScript. */
import { VisionatrixError } from "../errors/errors.js";
import { nearestName } from "../errors/suggestion.js";
import { checkHeaders } from "../http/credentials.js";
import type { RunOptions } from "./run.js";

/** All options of a flow function. */
const OPTIONS = [
  "signal",
  "timeoutMs",
  "headers",
  "onUploadProgress",
  "idempotencyKey",
  "firstTry",
  "keyAbove",
  "adoptOnly",
  "allowLargeCount",
];

/** @throws VisionatrixError `invalid_option` that names the option */
export function checkRunOptions(options: RunOptions): void {
  for (const name of Object.keys(options)) {
    if (OPTIONS.includes(name)) continue;
    const near = nearestName(name, OPTIONS);
    throw new VisionatrixError(
      "invalid_option",
      `A flow has no option \`${name}\`${near ? `; did you mean \`${near}\`?` : ": parameters go into the second argument, options of a wait into result()."}`,
    );
  }
  checkHeaders("headers", options.headers);
}

/** @throws VisionatrixError `invalid_option` for what is no client */
export function checkClient(client: unknown, flow: string): void {
  if (typeof (client as { submit?: unknown } | null | undefined)?.submit !== "function")
    throw new VisionatrixError(
      "invalid_option",
      `The flow ${flow} is called with a client first: flow(client, params). Make one by createClient({ baseUrl }).`,
    );
}
