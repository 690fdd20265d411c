/** Random and damaged descriptions: rejected with a code, or read and generated correctly. */
import fc from "fast-check";
import { CodegenError, readDescription, writeCanonical, type Model } from "visionatrix-codegen";
import { expect, test } from "vitest";
import { emit, type Emitted } from "../../codegen/src/emit/emit.js";
import { nameFlows } from "../../codegen/src/names/names.js";
import { readBack } from "../../codegen/src/verify/read-back.js";
import { typeErrors } from "./support/compile.js";
import { serverDocument } from "./support/documents.js";
import { inspect } from "./support/inspect.js";
import { anyJson, anyModel, NASTY } from "./support/models.js";

const runtime = "visionatrix-client";
const RUNS = 2_000;

test(`${RUNS} random descriptions are refused, or become code that is what they say`, async () => {
  const batch = new Map<string, string>();
  let written = 0;
  let checked = 0;
  const checkBatch = (): void => {
    expect(typeErrors(batch)).toEqual([]);
    checked += batch.size;
    batch.clear();
  };
  await fc.assert(
    fc.asyncProperty(anyModel, async (model) => {
      const read = readDescription(serverDocument(model, { facts: true }));
      expect(read).toEqual(model);
      const client = emitted(read);
      if (client === undefined) return;
      const { files, views } = client;
      await inspect(files, read);
      readBack(files, { runtime, views, names: nameFlows(read.flows) });
      for (const [path, text] of files) batch.set(`${written}/${path}`, text);
      written += 1;
      if (batch.size > 3_000) checkBatch();
    }),
    { numRuns: RUNS },
  );
  checkBatch();
  // Most descriptions must get through, or the test shows nothing.
  expect(written).toBeGreaterThan(RUNS * 0.9);
  expect(checked).toBeGreaterThan(written * 2);
});

/** The client of a model; nothing if two of its flows share a name. */
function emitted(model: Model): Emitted | undefined {
  try {
    return emit(model, { runtime });
  } catch (error) {
    expect(error).toMatchObject({ name: "CodegenError", code: "name_collision" });
    return undefined;
  }
}

test("500 random edits of a description are refused with a code, or read in full", () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(anyModel, anyJson, fc.nat(), (model, value, at) => {
      const document = JSON.parse(serverDocument(model, { facts: true })) as object;
      edit(document, value, at);
      try {
        const read = readDescription(JSON.stringify(document));
        expect(readDescription(writeCanonical(read))).toEqual(read);
        outcomes.add("accepted");
      } catch (error) {
        if (!(error instanceof CodegenError)) throw error;
        expect(error.code).toMatch(/^[a-z0-9_]+$/);
        outcomes.add(error.code);
      }
    }),
    { numRuns: 500 },
  );
  expect(outcomes).toContain("accepted");
  expect(outcomes).toContain("schema_unknown");
});

/** Puts `value` in the place of the document's `at`-th member. */
function edit(document: object, value: unknown, at: number): void {
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const collect = (holder: Record<string, unknown>): void => {
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      const member = holder[key];
      if (typeof member === "object" && member !== null) collect(member as Record<string, unknown>);
    }
  };
  collect(document as Record<string, unknown>);
  const place = places[at % places.length];
  if (place !== undefined) place[0][place[1]] = value;
}

test("any text at all is refused with a code, or read", () => {
  const anyDocument = fc.oneof(
    fc
      .array(fc.constantFrom(...NASTY, "{", "}", "[", "]", ",", ":", '"', "1", "null", " "), {
        maxLength: 20,
      })
      .map((parts) => parts.join("")),
    fc.json(),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(anyDocument, (text) => {
      expect(() => readDescription(text)).toThrow(CodegenError);
    }),
    { numRuns: 1_000 },
  );
});
