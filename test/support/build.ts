import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Builds all packages once, so that tests of commands and packages run the current sources. Creates the
 * folder for the tarballs that all test files share.
 *
 * @returns removes that folder
 */
export default function setup(): () => void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
  const folder = mkdtempSync(join(tmpdir(), "vix-tarballs-"));
  process.env["VIX_TEST_TARBALLS"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
