/**
 * Stores ETag and Last-Modified between pulls, in `.vix/` next to the snapshot. They are valid only for the
 * exact snapshot made from that response; otherwise the next pull fetches in full.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { sha256 } from "../write/manifest.js";
import type { Validators } from "./fetch.js";

interface Remembered extends Validators {
  readonly url: string;
  /** SHA-256 of the snapshot. */
  readonly snapshot: string;
  /** The generator that read the response; another version may read it differently. */
  readonly version: string;
}

/** The validators of the last response from `url`, if the snapshot is still the one made from it. */
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

/** Stores the validators of a response. A failure is ignored: the next pull fetches in full. */
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
