import { execFileSync } from "node:child_process";

/** Builds all packages once, so that tests of commands and of the packages run what the sources say. */
export default function setup(): void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}
