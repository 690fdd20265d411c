/** Checks the arguments of a flow function, for programs in JavaScript too. */
import {
  called,
  checkMembers,
  flag,
  invalidOption,
  ms,
  text,
  type OptionRule,
} from "../errors/option-rules.js";
import { checkHeaders } from "../http/credentials.js";
import type { RunOptions } from "./run.js";

const signal: OptionRule = [
  "an AbortSignal",
  (value: unknown) => typeof (value as AbortSignal | null)?.aborted === "boolean",
];

/** All options of a flow function. */
const OPTIONS: Readonly<Record<Exclude<keyof RunOptions, "headers">, OptionRule>> = {
  signal,
  timeoutMs: ms,
  onUploadProgress: called,
  idempotencyKey: text,
  firstTry: flag,
  keyAbove: ms,
  adoptOnly: flag,
  allowLargeCount: flag,
};

/** @throws VisionatrixError `invalid_option` that names the option */
export function checkRunOptions({ headers, ...options }: RunOptions): void {
  checkMembers(options, OPTIONS, "", ["headers"]);
  checkHeaders("headers", headers);
}

/** @throws VisionatrixError `invalid_option` when `client` is not a client */
export function checkClient(client: unknown, flow: string): void {
  if (typeof (client as { submit?: unknown } | null | undefined)?.submit !== "function")
    throw invalidOption(
      `The flow ${flow} is called with a client first: flow(client, params). Make one by createClient({ baseUrl })`,
    );
}
