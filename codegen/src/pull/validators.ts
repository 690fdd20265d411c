/**
 * Remembers ETag and Last-Modified between pulls, in `.vix/` beside the snapshot. They hold only for the
 * very snapshot that was made from that answer; whatever does not fit is asked for as if for the first time.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sha256 } from "../write/manifest.js";
import type { Validators } from "./fetch.js";

interface Remembered extends Validators {
  readonly url: string;
  /** SHA-256 of the snapshot. */
  readonly snapshot: string;
  /** The generator that read the answer; another may read it differently. */
  readonly version: string;
}

/** What is known of the last answer from `url`, if the snapshot is still the one made from it. */
export function recall(snapshotPath: string, url: string, version: string): Validators | undefined {
  try {
    const file = JSON.parse(readFileSync(place(snapshotPath), "utf8")) as Remembered;
    const isSame =
      file.url === url &&
      file.version === version &&
      file.snapshot === sha256(readFileSync(snapshotPath));
    return isSame ? { etag: file.etag, lastModified: file.lastModified } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what an answer said about itself. Failing to is no failure: the next pull asks in full. */
export function remember(
  snapshotPath: string,
  url: string,
  version: string,
  snapshot: string,
  { etag, lastModified }: Validators,
): void {
  if (etag === undefined && lastModified === undefined) return;
  const remembered: Remembered = { url, version, snapshot: sha256(snapshot), etag, lastModified };
  try {
    const path = place(snapshotPath);
    mkdirSync(dirname(path), { recursive: true });
    const ignore = join(dirname(path), ".gitignore");
    if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
    writeFileSync(path, `${JSON.stringify(remembered)}\n`);
  } catch {
    // Read-only checkouts can still pull to another place.
  }
}

function place(snapshotPath: string): string {
  return join(dirname(snapshotPath), ".vix", `${basename(snapshotPath)}.pull`);
}
