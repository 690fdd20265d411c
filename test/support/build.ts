import { execFileSync } from "node:child_process";
import { shareTarballs } from "../surroundings/support/tarballs.js";

/**
 * Builds all packages once, so that tests of commands and packages run the current sources. Creates the
 * folder for the tarballs that all test files share.
 *
 * @returns removes that folder
 */
export default function setup(): () => void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
  return shareTarballs();
}
