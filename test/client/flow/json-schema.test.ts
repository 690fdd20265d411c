/** Parameters as JSON Schema: the client accepts everything that the schema accepts. */
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonSchemaOf, plan, type Parameter } from "visionatrix-client";
import { flows, removeBackgroundBirefnet } from "visionatrix-client/flows";

const ajv = new Ajv({ strict: true });

/** A value that the schema of a parameter accepts; for numbers, a limit. */
function valueOf({ type, min = 0, max = 100, choices, default: initial }: Parameter) {
  if (type === "file") return fc.constant({ task_id: 1, node_id: 2 });
  if (type === "choice") return fc.constantFrom(...choices!);
  if (type === "boolean") return fc.boolean();
  if (type !== "text" || typeof initial === "number") return fc.constantFrom(min, max);
  return fc.constantFrom("a", "a cat");
}

describe("the schema of each flow", () => {
  it.each(Object.values(flows).map((flow) => [flow.id, flow] as const))("%s", async (_, flow) => {
    const schema = jsonSchemaOf(flow.parameters);
    const accepts = ajv.compile(schema);
    const parameters = flow.parameters.filter(
      ({ name }) => !/^(webhook|child_task|count$)/.test(name),
    );
    const params = fc.record(
      Object.fromEntries(parameters.map((each) => [each.name, valueOf(each)])),
      { requiredKeys: schema.required as string[] },
    );
    await fc.assert(
      fc.asyncProperty(params, async (given) => {
        expect(accepts(given), JSON.stringify(accepts.errors)).toBe(true);
        await plan(flow as never, given as never);
      }),
      { numRuns: 10 },
    );
    if (schema.required.length > 0) expect(accepts({})).toBe(false);
  });
});

it("takes another schema for files, and leaves defaults out where asked to", () => {
  const { properties } = jsonSchemaOf(
    [
      { name: "picture", type: "file", label: "Your picture" },
      { name: "steps", type: "integer", min: 1, max: 9, step: 2, default: 3 },
    ],
    { file: { type: "string", description: "a path" }, defaults: false },
  );
  expect(properties).toEqual({
    picture: { type: "string", description: "a path; Your picture" },
    steps: { type: "integer", description: "steps of 2", minimum: 1, maximum: 9 },
  });
});

it("describes the values of files that JSON can hold", () => {
  const accepts = ajv.compile(jsonSchemaOf(removeBackgroundBirefnet.parameters));
  for (const input_image of ["data:image/png;base64,AA==", { url: "https://a.example" }])
    expect(accepts({ input_image })).toBe(true);
  expect(accepts({ input_image: "photo.jpg" })).toBe(false);
});
