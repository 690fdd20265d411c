/** What the streams of this process support, and how to write to them. */
import { writeSync } from "node:fs";

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Whether lines on this stream may be redrawn: a terminal, watched by a person. */
export function isLive(stream: { isTTY?: boolean }, env: Env): boolean {
  return stream.isTTY === true && !isSet(env["CI"]) && env["TERM"] !== "dumb";
}

/** Whether this stream supports colours. */
function hasColours(stream: { isTTY?: boolean }, env: Env): boolean {
  return isLive(stream, env) && !env["NO_COLOR"];
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}

/** Colours that are readable on light and dark backgrounds. */
export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

export function coloursFor(stream: { isTTY?: boolean }, env: Env): Colours {
  const colour = hasColours(stream, env)
    ? (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`
    : () => (text: string) => text;
  return {
    bold: colour(1, 22),
    dim: colour(2, 22),
    red: colour(31, 39),
    green: colour(32, 39),
    yellow: colour(33, 39),
  };
}

/** Columns of a stream; without a terminal, lines are not limited. */
export function columnsOf(stream: { isTTY?: boolean; columns?: number }): number {
  return stream.isTTY === true && stream.columns ? stream.columns : Infinity;
}

let stdoutError: NodeJS.ErrnoException | undefined;

/** Lets the command finish its work when stdout fails: its reader may close it early, as `head` does. */
export function watchStdout(): void {
  process.stdout.on("error", (error: Error) => (stdoutError ??= error));
  process.stderr.on("error", () => undefined);
}

/** Whether nobody reads stdout any more. */
export function isStdoutClosed(): boolean {
  return stdoutError !== undefined;
}

/**
 * Waits until all output is written.
 * @param then called with why output was lost; undefined where all was written, and where the reader did not
 * want more
 */
export function flush(then: (lost: string | undefined) => void): void {
  process.stdout.write("", (error) => {
    if (error) stdoutError ??= error;
    const lost = stdoutError?.code === "EPIPE" ? undefined : stdoutError?.message;
    process.stderr.write("", () => then(lost));
  });
}

/** Writes a whole text synchronously, even to a full pipe, for a process that is about to exit. */
export function writeAll(fd: number, text: string): void {
  const content = Buffer.from(text);
  let at = 0;
  while (at < content.length)
    try {
      at += writeSync(fd, content, at);
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      // The reader is slow.
      if (failure.code === "EAGAIN")
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else {
        if (fd === 1) stdoutError ??= failure;
        return;
      }
    }
}
