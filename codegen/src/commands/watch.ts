/** `vix-codegen generate --watch`: polls the description. */
import { setTimeout as sleep } from "node:timers/promises";

export interface WatchInput {
  /** Loads the current description. */
  readonly load: (signal: AbortSignal) => Promise<string>;
  /** Called with the description, at the start and after every change. */
  readonly generate: (description: string) => Promise<void>;
  /** Called with errors of `load` or `generate`; the watch goes on. A repeated error is reported once. */
  readonly onError: (error: unknown) => void;
  readonly intervalMs: number;
  /** Ends the watch at once, even during a pause or a request. */
  readonly signal: AbortSignal;
}

/** Watches until the signal is aborted. */
export async function watch({
  load,
  generate,
  onError,
  intervalMs,
  signal,
}: WatchInput): Promise<void> {
  let last: string | undefined;
  let lastError = "";
  const isStopped = (): boolean => signal.aborted;
  while (!isStopped()) {
    try {
      const text = await load(signal);
      if (text !== last) {
        last = text;
        await generate(text);
      }
      lastError = "";
    } catch (error) {
      if (isStopped()) return;
      if (String(error) !== lastError) onError(error);
      lastError = String(error);
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}
