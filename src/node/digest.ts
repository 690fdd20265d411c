/** Hashes of files on disk. */
import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { glance } from "./open-files.js";

/** Bytes per read. */
const READ_BYTES = 256 * 1024;

/** Adds the first `length` bytes of a file to a hash. */
export async function hashInto(
  hash: Hash,
  file: FileHandle,
  length: number = Infinity,
): Promise<void> {
  const buffer = new Uint8Array(Math.min(READ_BYTES, length));
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, length - at), at);
    if (bytesRead === 0) return;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/** Whether two files have the same bytes; false if either cannot be read. */
export async function areSame(a: string, b: string): Promise<boolean> {
  const digest = (path: string): Promise<string> =>
    glance(path, "r", async (file) => {
      const hash = createHash("sha256");
      await hashInto(hash, file);
      return hash.digest("hex");
    });
  try {
    return (await digest(a)) === (await digest(b));
  } catch {
    return false;
  }
}
