import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the README lists exactly the codes that errors have", () => {
  const sources = readdirSync("codegen/src", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readFileSync(join("codegen/src", path), "utf8"))
    .join("\n");
  const inCode = [
    // The first argument of an error, be it one code or a choice of two.
    ...[...sources.matchAll(/new CodegenError\(\s*([^,]+),/g)].flatMap(([, first = ""]) =>
      [...first.matchAll(/"([a-z0-9_]+)"/g)].map(([, code]) => code),
    ),
    "internal",
  ];
  const table =
    readFileSync("codegen/README.md", "utf8").split("## When it goes wrong")[1]?.split("## ")[0] ??
    "";
  const cells = table.split("\n").flatMap((line) => /^\| (`[^|]+)\|/.exec(line)?.[1] ?? []);
  const inTable = cells.flatMap((cell) =>
    [...cell.matchAll(/`([a-z0-9_]+)`/g)].map(([, code]) => code),
  );
  expect(new Set(inTable)).toEqual(new Set(inCode));
  expect(inTable.length).toBeGreaterThan(25);
});
