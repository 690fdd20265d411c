/** Malicious descriptions: rejected, or generated without any effect. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CodegenError, readDescription } from "visionatrix-codegen";
import { describe, expect, test } from "vitest";
import { generate } from "../../codegen/src/commands/generate.js";
import { facts } from "./hostile/facts.js";
import type { HostileCase } from "./hostile/case.js";
import { names } from "./hostile/names.js";
import { documents, enums, numbers, references } from "./hostile/shapes.js";
import { texts } from "./hostile/texts.js";
import { typeErrors } from "./support/compile.js";
import { inspect } from "./support/inspect.js";
import { readTree, tempDir } from "./support/temp.js";

const CORPUS: Readonly<Record<string, readonly HostileCase[]>> = {
  texts,
  names,
  numbers,
  enums,
  references,
  documents,
  facts,
};

/** Everything that was accepted, to be type-checked in one program. */
const accepted = new Map<string, string>();

describe.each(Object.entries(CORPUS))("hostile %s", (group, cases) => {
  test.each(cases.map((item, index) => ({ ...item, index })))(
    "$name",
    async ({ document, outcome, index }) => {
      const dir = tempDir();
      const out = join(dir, "generated");
      const run = async (): Promise<void> => {
        const model = readDescription(document);
        await generate({ model, out, runtime: "visionatrix-client" });
        const files = new Map(Object.entries(readTree(out)));
        files.delete("manifest.json");
        await inspect(files, model);
        for (const [path, text] of files) accepted.set(`${group}-${index}/${path}`, text);
      };
      if (outcome === "accepted") {
        await run();
        expect(readdirSync(dir)).toEqual(["generated"]);
      } else {
        const error = await run().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error).toBeInstanceOf(CodegenError);
        expect(error).toMatchObject({ code: outcome });
        expect((error as CodegenError).hint).toMatch(/\.$|\?$/);
        const { message, value = "" } = error as CodegenError;
        expect(message + value).not.toMatch(/[\p{Cc}\u202e]/u);
        expect(readdirSync(dir)).toEqual([]);
      }
    },
  );
});

test("everything that was accepted type-checks", () => {
  expect(accepted.size).toBeGreaterThan(300);
  expect(typeErrors(accepted)).toEqual([]);
});

test("the corpus is large enough and names nothing twice", () => {
  const all = Object.values(CORPUS).flat();
  expect(all.length).toBeGreaterThanOrEqual(120);
  for (const cases of Object.values(CORPUS)) {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  }
});
