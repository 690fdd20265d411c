import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import openapiTS from "openapi-typescript";
import { readDescription, writeCanonical, type Model } from "visionatrix-codegen";
import { describe, expect, test } from "vitest";
import { DESCRIBED, oneFlow, PUBLIC_FLOWS, serverDocument, SNAPSHOT } from "./support/documents.js";
import { anyModel } from "./support/models.js";

const canonical = (text: string): string => writeCanonical(readDescription(text));

describe("the canonical form of one set of flows", () => {
  test("is the committed snapshot, however the server spells it", () => {
    const reversed = (keys: string[]): string[] => [...keys].reverse();
    const sorted = (keys: string[]): string[] => [...keys].sort();
    const spellings = [
      {},
      { binary: "contentMediaType" as const },
      { shuffle: reversed },
      { shuffle: sorted },
      { baseEndpoints: true, shuffle: reversed },
      { version: "9.9.9", server: "https://vix.example:8443", openapi: "3.1.1" },
    ];
    for (const spelling of spellings) {
      expect(canonical(serverDocument(PUBLIC_FLOWS, spelling))).toBe(DESCRIBED);
    }
  });

  test("is a fixed point", () => {
    expect(canonical(SNAPSHOT)).toBe(SNAPSHOT);
  });

  test("survives a byte order mark and another formatting", () => {
    expect(canonical(`\ufeff${JSON.stringify(JSON.parse(SNAPSHOT))}`)).toBe(SNAPSHOT);
  });

  test("is the same for any model in any order of keys, and loses nothing", () => {
    fc.assert(
      fc.property(
        anyModel,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (model, random) => {
          const shuffle = (keys: string[]): string[] =>
            keys
              .map((key) => ({ key, rank: random.next().value as number }))
              .sort((a, b) => a.rank - b.rank)
              .map(({ key }) => key);
          const plain = canonical(serverDocument(model, { facts: true }));
          const other = serverDocument(model, {
            shuffle,
            binary: "contentMediaType",
            version: "x",
            facts: true,
          });
          expect(canonical(other)).toBe(plain);
          expect(readDescription(plain)).toEqual(normal(model));
          expect(canonical(plain)).toBe(plain);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Models compare by value; the reader sorts flows. */
function normal(model: Model): Model {
  return { flows: [...model.flows].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

describe("what a caller can notice is kept", () => {
  const facts: readonly (readonly [what: string, one: object, other: object])[] = [
    ["name", { a: { type: "string" } }, { b: { type: "string" } }],
    [
      "label",
      { a: { type: "string", description: "x" } },
      { a: { type: "string", description: "y" } },
    ],
    ["default", { a: { type: "string", default: "x" } }, { a: { type: "string", default: "y" } }],
    ["no default", { a: { type: "string", default: "" } }, { a: { type: "string" } }],
    [
      "number as default of a text",
      { a: { type: "string", default: 2 } },
      { a: { type: "string", default: "2" } },
    ],
    ["minimum", { a: { type: "number", minimum: 1 } }, { a: { type: "number", minimum: 2 } }],
    ["maximum", { a: { type: "number", maximum: 1 } }, { a: { type: "number" } }],
    [
      "step",
      { a: { type: "number", multipleOf: 0.1 } },
      { a: { type: "number", multipleOf: 0.01 } },
    ],
    ["number and integer", { a: { type: "number" } }, { a: { type: "integer" } }],
    [
      "choices",
      { a: { type: "string", enum: ["x"] } },
      { a: { type: "string", enum: ["x", "y"] } },
    ],
    [
      "order of choices",
      { a: { type: "string", enum: ["x", "y"] } },
      { a: { type: "string", enum: ["y", "x"] } },
    ],
    [
      "order of parameters",
      { a: { type: "string" }, b: { type: "string" } },
      { b: { type: "string" }, a: { type: "string" } },
    ],
    [
      "limits of a standard parameter",
      { priority: { type: "integer", maximum: 15 } },
      { priority: { type: "integer", maximum: 20 } },
    ],
    [
      "presence of a standard parameter",
      { seed: { type: "integer", default: 1 }, a: { type: "string" } },
      { a: { type: "string" } },
    ],
    [
      "media type",
      {
        a: {
          anyOf: [{ type: "string", format: "binary" }, { type: "string" }],
          contentMediaType: "image/*",
        },
      },
      { a: { anyOf: [{ type: "string", format: "binary" }, { type: "string" }] } },
    ],
  ];
  test.each(facts)("%s", (_, one, other) => {
    expect(canonical(oneFlow(one))).not.toBe(canonical(oneFlow(other)));
  });

  test("required", () => {
    const properties = { a: { type: "string" } };
    expect(canonical(oneFlow(properties, { required: ["a"] }))).not.toBe(
      canonical(oneFlow(properties)),
    );
  });
});

describe("an invisible change is not", () => {
  const same: readonly (readonly [what: string, one: object, other: object])[] = [
    [
      "1 and 1.0 and 10e-1",
      { a: { type: "number", minimum: 1 } },
      { a: { type: "number", minimum: 10e-1 } },
    ],
    ["titles", { a: { type: "string", title: "A" } }, { a: { type: "string", title: "B" } }],
    [
      "words of standard parameters",
      { seed: { type: "integer", default: 1, description: "x" } },
      { seed: { type: "integer", default: 1 } },
    ],
    [
      "a label that is the name",
      { a_b: { type: "string", description: "A b" } },
      { a_b: { type: "string" } },
    ],
    ["no default and null", { a: { type: "string", default: null } }, { a: { type: "string" } }],
    [
      "place of standard parameters",
      { a: { type: "string" }, seed: { type: "integer" } },
      { seed: { type: "integer" }, a: { type: "string" } },
    ],
    ["extensions", { a: { type: "string", "x-order": 3 } }, { a: { type: "string" } }],
    [
      "repeated choices",
      { a: { type: "string", enum: ["x", "y", "x"] } },
      { a: { type: "string", enum: ["x", "y"] } },
    ],
  ];
  test.each(same)("%s", (_, one, other) => {
    expect(canonical(oneFlow(one))).toBe(canonical(oneFlow(other)));
  });
});

describe("other tools", () => {
  test("an independent validator finds a valid OpenAPI 3.1 document", async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(SNAPSHOT) as Record<string, unknown>);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
    expect(validator.version).toBe("3.1");
  });

  test("also for ids that are no component names", async () => {
    const text = canonical(oneFlow({ "ключ / ~": { type: "string" } }, { id: "猫 flow.v2~x#?" }));
    const result = await new Validator().validate(JSON.parse(text) as Record<string, unknown>);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  test("the validator does refuse what is not valid", async () => {
    const broken = JSON.parse(SNAPSHOT.replace('"required": true', '"required": "yes"')) as Record<
      string,
      unknown
    >;
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  test("every form is a JSON schema that validates what callers send", () => {
    // The OpenAPI schema does not check JSON schemas, so they have their own validator.
    const ajv = new Ajv2020({ strict: true, strictTypes: false });
    ajv.addKeyword("x-visionatrix");
    const { components } = JSON.parse(SNAPSHOT) as {
      components: { schemas: Record<string, object> };
    };
    const valid = ajv.compile(components.schemas["TaskRun_sdxl_lighting"] ?? {});
    expect(valid({ prompt: "a sunset", steps_number: "8 steps", batch_size: 3 })).toBe(true);
    expect(valid({ steps_number: "8 steps" })).toBe(false);
    expect(valid({ prompt: "a sunset", steps_number: "9 steps" })).toBe(false);
    expect(valid({ prompt: "a sunset", batch_size: 11 })).toBe(false);
    for (const schema of Object.values(components.schemas))
      expect(() => ajv.compile(schema)).not.toThrow();
  });

  test("openapi-typescript accepts it", async () => {
    expect((await openapiTS(SNAPSHOT)).length).toBeGreaterThan(0);
  });
});

test("the prose of the standard parameters is not in the snapshot", () => {
  const { components } = JSON.parse(SNAPSHOT) as {
    components: { schemas: Record<string, { properties: Record<string, object> }> };
  };
  for (const { properties } of Object.values(components.schemas)) {
    for (const name of [
      "group_scope",
      "priority",
      "child_task",
      "webhook_url",
      "webhook_headers",
    ]) {
      expect(properties[name]).toBeDefined();
      expect(properties[name]).not.toHaveProperty("description");
    }
  }
});
