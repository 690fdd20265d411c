import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { format } from "prettier";
import { readDescription, type Model } from "visionatrix-codegen";
import { expect, test } from "vitest";
import { emit } from "../../codegen/src/emit/emit.js";
import { oneFlow, PUBLIC_FLOWS } from "./support/documents.js";
import { plainModel } from "./support/plain-models.js";

const HISTORY = "test/codegen/diff/history";

/** Expects that prettier has nothing to change in what is generated. */
async function expectFormatted(model: Model, runtime = "visionatrix-client"): Promise<void> {
  for (const [path, text] of emit(model, { runtime }).files) {
    expect(await format(text, { parser: "typescript", printWidth: 100 }), path).toBe(text);
  }
}

test("prettier would write the public flows in the same way", async () => {
  await expectFormatted(PUBLIC_FLOWS, "../../src/index.js");
});

test.each(readdirSync(HISTORY))("prettier would write %s in the same way", async (file) => {
  await expectFormatted(readDescription(readFileSync(`${HISTORY}/${file}`, "utf8")));
});

test("prettier would write names and texts of every length in the same way", async () => {
  for (let length = 1; length <= 100; length++) {
    const x = "x".repeat(length);
    const standard = length % 2 === 0 ? { seed: { type: "integer", default: 1 } } : {};
    const parameters = {
      ...standard,
      [x]: { type: "string", enum: ["a", x] },
      [`${x}-`]: { type: "string", title: x, default: 1 },
      only: { type: "string", enum: [x], title: `"${x}` },
      text: { type: "string", default: x },
      some: { type: "string", enum: ["some", "more", x], default: x },
    };
    await expectFormatted(readDescription(oneFlow(parameters, { id: x })), `./${x}`);
    await expectFormatted(readDescription(oneFlow(standard, { id: x })));
    const outputs = [
      { node: 9, kind: "image" },
      ...(length % 3 > 0 ? [{ node: 10, kind: "3d-model", optional: true }] : []),
    ];
    for (const facts of [{ outputs }, { title: x, outputs }, { tags: ["a", x], version: x }]) {
      const form = { "x-visionatrix": facts };
      await expectFormatted(readDescription(oneFlow(standard, { id: x, form })));
    }
    const file = { anyOf: [{ type: "string", format: "binary" }, { type: "string" }] };
    await expectFormatted(readDescription(oneFlow({ ...standard, file }, { id: x })));
    await expectFormatted(readDescription(oneFlow({ [x]: file }, { id: "a" })));
    await expectFormatted(readDescription(oneFlow({ a: file, [x]: file }, { id: "a" })));
    await expectFormatted(readDescription(oneFlow({ x: { type: "string", title: x } }, { id: x })));
  }
});

test("prettier would write 200 random descriptions in the same way", async () => {
  const runtime = fc.constantFrom("visionatrix-client", `@our-company/${"long-".repeat(10)}name`);
  await fc.assert(fc.asyncProperty(plainModel, runtime, expectFormatted), { numRuns: 200 });
});
