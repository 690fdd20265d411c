import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { llmsText } from "../../scripts/llms.js";

it("llms.txt is what the pages say: npm run docs", () => {
  expect(readFileSync("llms.txt", "utf8")).toBe(llmsText());
});
