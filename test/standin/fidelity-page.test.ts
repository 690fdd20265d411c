/** The page that says what the stand-in is faithful in. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { standinPage } from "../../scripts/standin-doc.js";

it("is what the list of conformance cases gives (npm run docs)", async () => {
  expect(readFileSync("docs/stand-in.md", "utf8")).toBe(await standinPage());
});
