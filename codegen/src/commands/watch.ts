/** `vix-codegen generate --watch`: looks at the description again and again. */
import { setTimeout as sleep } from "node:timers/promises";

export interface WatchInput {
  /** The description as it is now. */
  readonly load: (signal: AbortSignal) => Promise<string>;
  /** Called with the description, once at the start and once for every change. */
  readonly generate: (description: string) => Promise<void>;
  /** Called with what `load` or `generate` threw; watching goes on. The same error is told once. */
  readonly onError: (error: unknown) => void;
  readonly intervalMs: number;
  /** Ends the watch at once, also in the middle of a wait or an answer. */
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
