/** `verifyFlows` with facts that only a listing has, for flows that were generated from one. */
import { expect, test } from "vitest";
import { defineFlow, fileInputs, verifyFlows } from "../../src/index.js";

const photo = { name: "photo", type: "file", required: true, accept: "image/*" } as const;

const flow = defineFlow("paint", [photo], { fileInputs, version: "1.0.0" });

/** The differences from a server that lists the flow with these facts. */
async function drift(facts: object, input: object = {}): Promise<string[]> {
  const listed = {
    name: "paint",
    display_name: "Paint",
    description: "",
    version: "1.0.0",
    is_seed_supported: false,
    is_count_supported: false,
    is_translations_supported: false,
    input_params: [
      {
        name: "photo",
        display_name: "Photo",
        type: "image",
        optional: false,
        default: "",
        ...input,
      },
    ],
    ...facts,
  };
  const found = await verifyFlows({ flows: () => Promise.resolve([listed]) }, [flow]);
  return found.map(({ rule }) => rule);
}

test("another version is reported, since its outputs may differ", async () => {
  expect(await drift({})).toEqual([]);
  expect(await drift({ version: "1.0.1" })).toEqual(["flow-version-changed"]);
  expect(await drift({ version: "" })).toEqual([]);
});

test("a file with a sample as its default is required all the same", async () => {
  expect(await drift({}, { default: "sample.png" })).toEqual([]);
  expect(await drift({}, { default: "sample.png", optional: true })).toEqual([
    "param-now-optional",
  ]);
});
