import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { onTestFinished } from "vitest";

/** A folder for one test, removed afterwards. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "vix-codegen-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Path → content of every file below a folder. */
export function readTree(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [relative(dir, path), readFileSync(path, "utf8")]),
  );
}

/** Path → modification time in nanoseconds of every file below a folder. */
export function modified(dir: string): Record<string, bigint> {
  return Object.fromEntries(
    Object.keys(readTree(dir)).map((path) => [
      path,
      statSync(join(dir, path), { bigint: true }).mtimeNs,
    ]),
  );
}
