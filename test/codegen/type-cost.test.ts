/** Compile-time cost of a program that imports one flow. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { consumerProject, typeCost } from "../../bench/codegen/consumer.js";
import { manyFlows } from "../../bench/codegen/documents.js";
import { generate } from "../../codegen/src/commands/generate.js";

/** Types of the smallest comparable client, in TypeScript 5.9. */
const MOST_TYPES = 470;

test("one flow costs as much among 520 flows as among 52", async () => {
  const scratch = mkdtempSync(join(tmpdir(), "type-cost-"));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  const dir = consumerProject(join(scratch, "consumer"));
  const types: number[] = [];
  for (const flows of [52, 520]) {
    const out = join(dir, "generated");
    await generate({ model: manyFlows(flows), out, runtime: "visionatrix-client" });
    types.push(typeCost(dir).types);
  }
  expect(types[0]).toBeLessThanOrEqual(MOST_TYPES);
  expect(types[1]).toBe(types[0]);
});
