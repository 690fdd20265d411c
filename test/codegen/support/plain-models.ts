/**
 * Random descriptions as authors write them, with texts and names of every length, for tests of the layout.
 */
import fc from "fast-check";
import {
  readDescription,
  writeCanonical,
  type FlowFacts,
  type FlowModel,
  type Model,
  type ParameterModel,
} from "visionatrix-codegen";
import { STANDARD_NAMES, standardParameter } from "../../../codegen/src/model/standard.js";

const word = fc.constantFrom(
  "image",
  "steps",
  "a",
  "of",
  "negative",
  "prompt",
  "Qualität",
  "猫の絵",
  "고양이",
  "рисунок",
  "e\u0301",
  "🎨",
  "👍🏽",
  "☝🏽",
  "✌",
  "🇺🇦",
  "1\u20e3",
  "“quoted”",
  '"quoted"',
  '3"',
  "'single'",
  "don't",
  "'",
  '"',
  "\\",
  '\\"',
  "\n",
  "1:1 (1024x1024)",
  "image/*",
  "a*/b",
  "100%",
);

/** Mostly short texts, some around the width of a line, some far beyond it. */
const text = fc
  .oneof(
    { weight: 6, arbitrary: fc.array(word, { maxLength: 3 }) },
    { weight: 3, arbitrary: fc.array(word, { minLength: 6, maxLength: 16 }) },
    { weight: 1, arbitrary: fc.array(word, { minLength: 20, maxLength: 40 }) },
  )
  .map((words) => words.join(" "));

const name = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z]{1,8}(_[a-z0-9]{1,6}){0,3}$/) },
  { weight: 2, arbitrary: fc.stringMatching(/^[a-z]{20,110}$/) },
  { weight: 1, arbitrary: text.filter((words) => words.trim() !== "") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("class", "__proto__", "1st", "10", "0x1", "a-b", "été", "$", "é"),
  },
);

const number = fc.oneof(
  fc.integer({ min: -100, max: 5000 }),
  fc.constantFrom(0.1, 0.01, -0.5, 1e21, -1e-7, 5e-324, 1.7976931348623157e308, 1e300, 123456.789),
);

function maybe<T>(key: string, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<object> {
  return fc.option(arbitrary).map((value) => (value === null ? {} : { [key]: value }));
}

const limits = fc
  .tuple(maybe("a", number), maybe("b", number), maybe("step", fc.constantFrom(0.1, 1, 8)))
  .map(([low, high, step]) => {
    const { a, b } = { ...low, ...high } as { a?: number; b?: number };
    const isTurned = a !== undefined && b !== undefined && a > b;
    return {
      ...(a === undefined ? {} : { [isTurned ? "max" : "min"]: a }),
      ...(b === undefined ? {} : { [isTurned ? "min" : "max"]: b }),
      ...step,
    };
  });

const shape: fc.Arbitrary<object> = fc.oneof(
  maybe("default", fc.oneof(text, number)).map((facts) => ({ kind: "text", ...facts })),
  fc
    .uniqueArray(text, { minLength: 1, maxLength: 8 })
    .chain((choices) =>
      maybe("default", fc.constantFrom(...choices)).map((facts) => ({ ...facts, choices })),
    )
    .map((facts) => ({ kind: "choice", ...facts })),
  maybe("default", fc.boolean()).map((facts) => ({ kind: "boolean", ...facts })),
  fc
    .tuple(limits, maybe("default", number))
    .map(([facts, value]) => ({ kind: "number", ...facts, ...value })),
  maybe("accept", fc.constantFrom("image/*", "video/*", "application/x-something-of-mine")).map(
    (facts) => ({ kind: "file", ...facts }),
  ),
);

const parameter = fc
  .tuple(name, fc.option(text), fc.boolean(), shape)
  .map(([id, label, required, facts]) => ({
    name: id,
    label: label ?? id,
    required: required && !("default" in facts),
    standard: false,
    ...(facts as Pick<ParameterModel, "kind">),
  }));

const id = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z]{1,6}(_[a-z0-9]{1,8}){0,4}$/) },
  { weight: 2, arbitrary: fc.stringMatching(/^[a-z]{5,9}(_[a-z]{4,9}){1,6}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z]{30,90}$/) },
  { weight: 1, arbitrary: fc.constantFrom("猫の絵を描く", "3d-model", "10", "a.b", '"q"', "été") },
);

const outputs = fc
  .uniqueArray(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 4 })
  .chain((nodes) =>
    fc.tuple(
      ...nodes.map((node) =>
        fc
          .constantFrom("image" as const, "image-animated" as const, "3d-model" as const)
          .map((kind) => ({ node, kind })),
      ),
    ),
  );

const flow: fc.Arbitrary<FlowModel> = fc
  .tuple(
    id,
    fc.oneof(fc.constant([...STANDARD_NAMES]), fc.subarray([...STANDARD_NAMES])),
    fc.uniqueArray(parameter, { maxLength: 5, selector: (one) => one.name }),
    fc
      .tuple(
        maybe("title", text),
        maybe(
          "tags",
          fc.array(
            text.filter((tag) => tag !== ""),
            { maxLength: 3 },
          ),
        ),
        maybe("version", fc.constantFrom("1.0.0", "2")),
        maybe("outputs", outputs),
      )
      .map((facts) => Object.assign({}, ...facts) as FlowFacts),
  )
  .map(([flowId, standard, own, facts]) => {
    const names = new Set(own.map((one) => one.name));
    const taken = standard.filter((one) => !names.has(one)).map(standardParameter);
    return {
      id: flowId,
      ...facts,
      parameters: [...taken.filter((one) => one !== undefined), ...own],
    };
  });

/** A description of up to three flows. */
export const plainModel: fc.Arbitrary<Model> = fc
  .uniqueArray(flow, { minLength: 1, maxLength: 3, selector: (one) => one.id })
  .map((flows) => readDescription(writeCanonical({ flows })));
