/** Checks the arguments of a flow function, for programs in JavaScript too. */
import {
  called,
  checkMembers,
  count,
  flag,
  invalidOption,
  ms,
  signal,
  text,
  type OptionRule,
} from "../errors/option-rules.js";
import { checkHeaders } from "../http/credentials.js";
import type { RunOptions, WaitOptions } from "./run.js";

/** All options of a flow function. */
const OPTIONS: Readonly<Record<Exclude<keyof RunOptions, "headers">, OptionRule>> = {
  signal,
  timeoutMs: ms,
  onUploadProgress: called,
  idempotencyKey: text,
  firstTry: flag,
  keyAbove: count,
  adoptOnly: flag,
  allowLargeCount: flag,
};

/** @throws VisionatrixError `invalid_option` that names the option */
export function checkRunOptions({ headers, ...options }: RunOptions): void {
  checkMembers(options, OPTIONS, "", ["headers"]);
  checkHeaders("headers", headers);
  const { idempotencyKey, firstTry, adoptOnly } = options;
  for (const name of ["firstTry", "keyAbove", "adoptOnly"] as const)
    if (options[name] !== undefined && idempotencyKey === undefined)
      throw invalidOption(`\`${name}\` needs an idempotencyKey`);
  if (firstTry && adoptOnly)
    throw invalidOption("`firstTry` and `adoptOnly` exclude each other: pass one of them");
}

const WAIT: Readonly<Record<keyof WaitOptions, OptionRule>> = {
  signal,
  timeoutMs: ms,
  onProgress: called,
  onStall: [
    '"wait", "fail" or "rerun"',
    (value: unknown) => ["wait", "fail", "rerun"].includes(value as string),
  ],
  maxReruns: count,
};

/** @throws VisionatrixError `invalid_option` that names the option */
export function checkWaitOptions(options: WaitOptions): void {
  checkMembers(options, WAIT, "");
}

/** @throws VisionatrixError `invalid_option` when `client` is not a client */
export function checkClient(client: unknown, flow: string): void {
  if (typeof (client as { submit?: unknown } | null | undefined)?.submit !== "function")
    throw invalidOption(
      `The first argument of the flow ${flow} must be a client: flow(client, params). Make one with createClient({ baseUrl })`,
    );
}
