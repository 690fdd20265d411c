/** Reads the body of a request: unchanged, copied for the log, or at the rate of a fault. */
import type { IncomingMessage } from "node:http";
import { PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Clock } from "../clock.js";
import type { RequestFault } from "../faults/fault.js";
import { drip } from "./send.js";

const SLOW_READ_BYTES_PER_SECOND = 10_000;

/**
 * @param keep called with the first `bytes` bytes, as far as they have arrived
 */
export function openBody(
  req: IncomingMessage,
  { bytes, keep }: { bytes: number; keep: (start: Buffer) => void },
): Readable {
  if (bytes === 0) return req;
  const kept: Buffer[] = [];
  let size = 0;
  const copy = new PassThrough();
  req.on("data", (chunk: Buffer) => {
    if (size >= bytes) return;
    kept.push(chunk.subarray(0, bytes - size));
    size += chunk.length;
    keep(Buffer.concat(kept));
  });
  req.on("error", (error) => copy.destroy(error));
  return req.pipe(copy);
}

/** The body, at the rate of the fault if there is one. */
export function slowed(body: Readable, fault: RequestFault | undefined, clock: Clock): Readable {
  if (fault?.do !== "slow-read") return body;
  const pace = fault.bytesPerSecond ?? SLOW_READ_BYTES_PER_SECOND;
  return Readable.from(drip(body, pace, clock), { objectMode: false, highWaterMark: 1 });
}

/** Reads until `count` bytes have arrived, the body ends, or the client disconnects. */
export function readUpTo(body: Readable, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    body.on("data", (chunk: Buffer) => {
      seen += chunk.length;
      if (seen >= count) resolve();
    });
    body.once("close", resolve);
  });
}

/** Reads the body to its end. @returns false if the client went away */
export async function drain(body: Readable): Promise<boolean> {
  try {
    await finished(body.resume());
    return true;
  } catch {
    return false;
  }
}
