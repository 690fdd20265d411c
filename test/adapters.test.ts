/** The adapters stay small: code that others need too belongs to the client. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Lines that are neither blank nor part of a comment. */
function linesOfCode(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => readFileSync(`${folder}/${name}`, "utf8").split("\n"))
    .filter((line) => !/^\s*(\/\/|\*|\/\*|$)/.test(line)).length;
}

it.each(["ai-provider/src", "mcp/src"])("%s has fewer than 600 lines of code", (folder) => {
  const lines = linesOfCode(folder);
  expect(lines).toBeGreaterThan(100);
  expect(lines).toBeLessThan(600);
});
