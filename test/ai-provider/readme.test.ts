import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { readme } from "../../ai-provider/scripts/readme.js";

it("shows the tables of the code: npm run docs -w visionatrix-ai-provider", async () => {
  expect(await readFile("ai-provider/README.md", "utf8")).toBe(await readme());
});
