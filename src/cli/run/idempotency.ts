/** The one place that knows whether the library takes keys that make a create safe to repeat. */
import type { RunOptions } from "../../index.js";
import { CliError } from "../exit.js";

/** Whether flow functions take `idempotencyKey`. */
const TAKES_KEYS = false as boolean;

/** Options of a call with the key that a person chose. */
export function withKey(options: RunOptions, key: string | undefined): RunOptions {
  if (key === undefined) return options;
  if (!TAKES_KEYS)
    throw new CliError("usage", "--key is not supported by this version of the client.");
  return { ...options, ...{ idempotencyKey: key } };
}
