/** Differences that no caller notices give no finding: spelling, order of keys, parts outside the forms. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readDescription } from "../../../codegen/src/model/read.js";
import { compare } from "./support.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Rewrite = (key: string, value: Json) => Json;

const SNAPSHOT = readFileSync(
  new URL("../../../specs/flows.openapi.json", import.meta.url),
  "utf8",
);

/** The snapshot with each value rewritten. */
function rewritten(rewrite: Rewrite, reorder = false): string {
  const visit = (key: string, value: Json): Json => {
    const changed = rewrite(key, value);
    if (Array.isArray(changed)) return changed.map((item) => visit("", item));
    if (typeof changed !== "object" || changed === null) return changed;
    const members = Object.entries(changed).map(([name, member]) => [name, visit(name, member)]);
    // The order of a flow's properties is the order of its parameters: that one is kept.
    return Object.fromEntries(
      reorder && key !== "properties" ? members.reverse() : members,
    ) as Json;
  };
  return JSON.stringify(visit("", JSON.parse(SNAPSHOT) as Json));
}

function expectNothing(text: string): void {
  const { changes, semver } = compare(readDescription(SNAPSHOT), readDescription(text));
  expect(changes).toEqual([]);
  expect(semver).toBe("none");
}

test("the other spelling of a binary field", () => {
  const text = rewritten((_, value) =>
    JSON.stringify(value) === '{"type":"string","contentMediaType":"application/octet-stream"}'
      ? { type: "string", format: "binary" }
      : value,
  );
  expect(text).toContain('"format":"binary"');
  expectNothing(text);
});

test("another order of keys and paths", () => {
  expectNothing(rewritten((_, value) => value, true));
});

test("1.0 for 1", () => {
  const text = SNAPSHOT.replace(/("(?:minimum|maximum|multipleOf)": -?\d+)(?=[,\s])/g, "$1.0");
  expect(text).toContain('"minimum": 1.0');
  expectNothing(text);
});

test("another info, servers, tags, operation ids, titles", () => {
  const text = rewritten((key, value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if (key === "info") return { title: "Another", version: "99.0.0" };
    if (key === "put") return { ...value, operationId: "x", tags: ["y"], summary: "z" };
    return "type" in value ? { ...value, title: "Made From A Name" } : value;
  }).replace("{", '{"servers":[{"url":"https://example.com"}],');
  expectNothing(text);
});
