/** Random flow models for property tests, with the awkward texts that descriptions may hold. */
import fc from "fast-check";
import {
  readDescription,
  writeCanonical,
  type FlowFacts,
  type FlowModel,
  type Model,
  type OutputModel,
  type ParameterFlags,
  type ParameterModel,
} from "visionatrix-codegen";

import { oneFlow } from "./documents.js";

/** Pieces of text that have broken generators. */
export const NASTY: readonly string[] = [
  "*/",
  "/*",
  "//",
  "-->",
  "<!--",
  "<script>",
  "'",
  '"',
  "`",
  "\\",
  "\\'",
  '\\"',
  "\\u0041",
  "${x}",
  "${process.exit(1)}",
  "\n",
  "\r\n",
  "\r",
  "\t",
  "\0",
  "\u2028",
  "\u2029",
  "\u202e",
  "\u2066",
  "\ufeff",
  "\u200b",
  "\u00ad",
  "\u{e0041}",
  "{{x}}",
  "{{{x}}}",
  "{{#each this}}",
  "{{/each}}",
  "{{> part}}",
  "{{!-- c --}}",
  "\\{{x}}",
  "@ts-nocheck",
  "@ts-ignore",
  "@jsx evil",
  "eslint-disable",
  "prettier-ignore",
  "//# sourceMappingURL=x",
  "{@link x}",
  "@example",
  "#!/bin/sh",
  "/// <reference path='x'/>",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "prototype",
  "valueOf",
  "delete",
  "class",
  "await",
  "default",
  "import",
  "eval",
  "arguments",
  "let",
  "1st",
  "007",
  "0x10",
  "1e3",
  "-1",
  "猫",
  "ключ",
  "é",
  "e\u0301",
  "🎨",
  "👩‍🚀",
  "İ",
  "ß",
  "../",
  "..",
  "/",
  "C:\\",
  "con",
  "nul.txt",
  ".d",
  "a.d",
  "%2e%2e",
  "%00",
  "?",
  "#",
  " ",
  "  ",
  "$",
  "_",
  "-",
  "});process.exit(1);//",
  "];globalThis.pwned=1;[",
  "\u0085",
];

const word = fc.constantFrom(
  "image",
  "Size",
  "steps",
  "batch_size",
  "prompt",
  "mode",
  "x",
  "A1",
  "seed_2",
);

/** Text as an author, or an attacker, may write it. */
const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(word, fc.constantFrom(...NASTY), fc.string({ unit: "binary", maxLength: 4 })), {
    maxLength: 4,
  })
  .map((parts) => wellFormed(parts.join("")));

/** The text without halves of surrogate pairs: those are refused, and tested elsewhere. */
function wellFormed(text: string): string {
  return text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    "",
  );
}

const anyNumber = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(0.1, 0.01, 1e21, -1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53, 0),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);

const finite = (value: number): number => (Object.is(value, -0) ? 0 : value);

function limits(integer: boolean): fc.Arbitrary<Partial<ParameterModel>> {
  const number = integer ? fc.integer() : anyNumber.map(finite);
  return fc
    .record(
      { a: number, b: number, step: fc.constantFrom(1, 0.1, 8), value: number },
      { requiredKeys: [] },
    )
    .map(({ a, b, step, value }) => {
      const [min, max] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b];
      return {
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(step === undefined ? {} : { step }),
        ...(value === undefined ? {} : { default: value }),
      };
    });
}

const anyShape: fc.Arbitrary<Partial<ParameterModel> & Pick<ParameterModel, "kind">> = fc.oneof(
  fc.option(fc.oneof(anyText, anyNumber.map(finite)), { nil: undefined }).map((value) => ({
    kind: "text" as const,
    ...(value === undefined ? {} : { default: value }),
  })),
  fc.uniqueArray(anyText, { minLength: 1, maxLength: 6 }).chain((choices) =>
    fc.option(fc.constantFrom(...choices), { nil: undefined }).map((value) => ({
      kind: "choice" as const,
      choices,
      ...(value === undefined ? {} : { default: value }),
    })),
  ),
  fc.option(fc.boolean(), { nil: undefined }).map((value) => ({
    kind: "boolean" as const,
    ...(value === undefined ? {} : { default: value }),
  })),
  limits(false).map((facts) => ({ kind: "number" as const, ...facts })),
  limits(true).map((facts) => ({ kind: "integer" as const, ...facts })),
  fc
    .option(
      fc.oneof(
        fc.constantFrom("image/*", "video/*", "audio/*"),
        anyText.filter((text) => text !== ""),
      ),
      { nil: undefined },
    )
    .map((accept) => ({
      kind: "file" as const,
      ...(accept === undefined ? {} : { accept }),
    })),
);

const set = fc.option(fc.constant(true as const), { nil: undefined, freq: 2 });

/** Leaves members without a value out, as the model does. */
function compact<Facts extends object>(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).filter(([, fact]) => fact !== undefined),
  ) as Facts;
}

const anyFlags = fc
  .record({ advanced: set, hidden: set, translatable: set })
  .map((flags) => compact(flags) as ParameterFlags);

/** The facts of a flow from a listing and a workflow. */
const anyFacts: fc.Arbitrary<FlowFacts> = fc
  .record({
    title: fc.option(anyText, { nil: undefined }),
    tags: fc.option(
      fc.array(
        anyText.filter((text) => text !== ""),
        { maxLength: 3 },
      ),
      {
        nil: undefined,
      },
    ),
    version: fc.option(anyText, { nil: undefined }),
    hidden: set,
    private: set,
    outputs: fc.option(
      fc.uniqueArray(
        fc
          .record({
            node: fc.nat(),
            kind: fc.constantFrom(
              ...(["image", "image-animated", "video", "audio", "text", "3d-model"] as const),
            ),
            optional: set,
          })
          .map((output) => compact(output) as OutputModel),
        { maxLength: 4, selector: ({ node }) => node },
      ),
      { nil: undefined },
    ),
  })
  .map((facts) => compact(facts) as FlowFacts);

/** One parameter; its name may be anything. */
const anyParameter: fc.Arbitrary<ParameterModel> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: anyText }, { weight: 1, arbitrary: word }),
    anyText,
    fc.boolean(),
    anyShape,
  )
  .map(([name, label, required, shape]) => ({
    name,
    label,
    required: required && shape.default === undefined,
    standard: false,
    ...shape,
  }))
  .chain((parameter) => anyFlags.map((flags) => ({ ...parameter, ...flags })));

/** An id that an address can carry. */
const anyId: fc.Arbitrary<string> = fc
  .oneof(fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/), anyText)
  .filter((id) => id !== "" && id !== "." && id !== ".." && !/[/\\{}]/.test(id) && id.length < 60);

const anyFlow: fc.Arbitrary<FlowModel> = fc
  .tuple(
    anyId,
    fc.subarray([
      "group_scope",
      "priority",
      "child_task",
      "webhook_url",
      "webhook_headers",
      "seed",
      "count",
      "translate",
    ]),
    fc.uniqueArray(anyParameter, { maxLength: 5, selector: ({ name }) => name }),
    fc.oneof(fc.constant({}), anyFacts),
  )
  .map(([id, standard, own, facts]) => {
    const names = new Set(own.map(({ name }) => name));
    const taken = PUBLIC_STANDARD.filter(({ name }) => standard.includes(name) && !names.has(name));
    return { id, ...facts, parameters: [...taken, ...own] };
  });

const PUBLIC_STANDARD: readonly ParameterModel[] = readDescription(
  oneFlow({
    group_scope: { type: "integer", minimum: 1, maximum: 255, default: 1 },
    priority: { type: "integer", minimum: 0, maximum: 15, default: 0 },
    child_task: { type: "integer", default: 0 },
    webhook_url: { type: "string", default: "" },
    webhook_headers: { type: "string", default: "" },
    seed: { type: "integer", default: 1 },
    count: { type: "integer", minimum: 1, default: 1 },
    translate: { type: "integer", default: 0 },
  }),
).flows.flatMap(({ parameters }) => parameters);

/**
 * A model as the reader makes it: written out and read once, so that standard names, empty labels and the
 * like are normalised.
 */
export const anyModel: fc.Arbitrary<Model> = fc
  .uniqueArray(anyFlow, { minLength: 1, maxLength: 2, selector: ({ id }) => id })
  .map((flows) => readDescription(writeCanonical({ flows })));

/** Any JSON value, with texts and keys that have broken generators. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e300,
      "string",
      "integer",
      "#/components",
      "#/paths",
      ...NASTY,
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        "type",
        "enum",
        "$ref",
        "anyOf",
        "default",
        "required",
        "minimum",
        "x-a",
        "constructor",
      ),
      tie("value"),
      { maxKeys: 3 },
    ),
  ),
})).value;
