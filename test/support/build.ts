import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Builds all packages once, so that tests of commands and of the packages run what the sources say, and gives
 * the test files one folder for the tarballs of these packages.
 *
 * @returns removes that folder
 */
export default function setup(): () => void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
  const folder = mkdtempSync(join(tmpdir(), "vix-tarballs-"));
  process.env["VIX_TEST_TARBALLS"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
