/** The one place that knows whether the library takes keys that make a create safe to repeat. */
import type { RunOptions } from "../../index.js";

/** Whether flow functions take `idempotencyKey`. */
export const TAKES_KEYS: boolean = false;

/** The option for a key; nothing where there is none, or the library takes none. */
export function keyOption(key: string | undefined): RunOptions {
  return TAKES_KEYS && key !== undefined ? ({ idempotencyKey: key } as RunOptions) : {};
}
