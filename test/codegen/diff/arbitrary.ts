/** Random descriptions and random edits of them, for property tests. */
import fc from "fast-check";
import type { FlowModel, Model, ParameterModel } from "../../../codegen/src/model/flow.js";
import { STANDARD_NAMES } from "../../../codegen/src/model/standard.js";
import { model, p, standard } from "./support.js";

const HOSTILE = [
  "__proto__",
  "constructor",
  "toString",
  "a|b",
  "`x`",
  "::error::x",
  "a\nb",
  "é",
  "123",
];

const name = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z]{1,6}(_[a-z]{1,5})?$/) },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
);

const text = fc.oneof(
  fc.constantFrom("fast", "slow", "a b", "", "2", "1:1 (1024x1024)", "<b>", "@you", "\u202e"),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

const number = fc.oneof(
  fc.integer({ min: -20, max: 200 }),
  fc.constantFrom(0.1, 0.01, 0.25, 0.5, 1.5, 4.5, 1e21, -0.3),
);

const label = fc.oneof(
  fc.constant(undefined),
  text.filter((value) => value !== ""),
);

/** Leaves members without a value out, as the model does. */
function compact(facts: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

const numeric = fc
  .record({
    kind: fc.constantFrom("number" as const, "integer" as const),
    limits: fc.tuple(maybe(number), maybe(number)),
    step: maybe(fc.constantFrom(0.01, 0.1, 0.5, 1, 2, 3, 8, 64)),
    preset: maybe(fc.integer({ min: -5, max: 50 })),
  })
  .map(({ kind, limits: [a, b], step, preset }) => {
    const isTurned = a !== undefined && b !== undefined && a > b;
    return { kind, min: isTurned ? b : a, max: isTurned ? a : b, step, default: preset };
  });

const choice = fc
  .record({
    choices: fc.uniqueArray(text, { minLength: 1, maxLength: 5 }),
    preset: maybe(fc.nat({ max: 4 })),
  })
  .map(({ choices, preset }) => ({
    kind: "choice" as const,
    choices,
    default: preset === undefined ? undefined : choices[preset % choices.length],
  }));

const kinds = fc.oneof(
  fc.record({
    kind: fc.constant("text" as const),
    default: maybe(fc.oneof(text, fc.integer({ min: 0, max: 9 }))),
  }),
  choice,
  fc.record({ kind: fc.constant("boolean" as const), default: maybe(fc.boolean()) }),
  numeric,
  fc.record({
    kind: fc.constant("file" as const),
    accept: maybe(fc.constantFrom("image/*", "video/*", "image/png")),
  }),
);

/** A parameter without a name. */
const facts = fc
  .record({ shape: kinds, label, required: fc.boolean() })
  .map(({ shape, label: words, required }) => ({
    ...(compact(shape) as Pick<ParameterModel, "kind">),
    ...compact({ label: words }),
    required: required && (shape as { default?: unknown }).default === undefined,
  }));

const parameter = fc
  .record({ name, facts })
  .map(({ name: id, facts: { kind, ...rest } }) => p(id, kind, rest));

const flow = fc
  .record({
    standard: fc.subarray([...STANDARD_NAMES]),
    own: fc.uniqueArray(parameter, {
      maxLength: 5,
      selector: (one) => one.name,
    }),
  })
  .map((parts) => [
    ...parts.standard.map(standard),
    ...parts.own.filter((one) => !STANDARD_NAMES.includes(one.name)),
  ]);

/** A description of up to five flows. */
export const anyModel: fc.Arbitrary<Model> = fc
  .uniqueArray(fc.tuple(name, flow), { minLength: 1, maxLength: 5, selector: ([id]) => id })
  .map((flows) => modelOf(flows.map(([id, parameters]) => ({ id, parameters }))));

/** A model from flows, with `__proto__` among the ids where there is one. */
function modelOf(flows: readonly FlowModel[]): Model {
  const record = Object.create(null) as Record<string, readonly ParameterModel[]>;
  for (const { id, parameters } of flows) record[id] = parameters;
  return model(record);
}

interface Edit {
  readonly what: string;
  readonly at: number;
  readonly where: number;
  readonly value: ParameterModel;
  readonly id: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  what: fc.constantFrom(
    "drop",
    "add",
    "move",
    "rename",
    "replace",
    "standard",
    "drop flow",
    "add flow",
    "rename flow",
    "label",
    "require",
    "tweak",
    "tweak",
    "turn",
  ),
  at: fc.nat(),
  where: fc.nat(),
  value: parameter,
  id: name,
});

/** A description, and the same one after a few random edits. */
export const anyEdit: fc.Arbitrary<readonly [Model, Model]> = fc
  .tuple(anyModel, fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([old, edits]) => [old, modelOf(edits.reduce<readonly FlowModel[]>(apply, old.flows))]);

function apply(flows: readonly FlowModel[], { what, at, where, value, id }: Edit): FlowModel[] {
  const index = flows.length === 0 ? 0 : at % flows.length;
  const target = flows[index];
  const isFree = !flows.some((one) => one.id === id);
  if (what === "add flow" || target === undefined) {
    return isFree ? [...flows, { id, parameters: [value] }] : [...flows];
  }
  if (what === "drop flow") return flows.length > 1 ? without(flows, index) : [...flows];
  if (what === "rename flow") {
    return isFree ? replaced(flows, index, { ...target, id }) : [...flows];
  }
  const parameters = changed(target.parameters, what, where, value);
  return replaced(flows, index, { ...target, parameters });
}

function changed(
  parameters: readonly ParameterModel[],
  what: string,
  where: number,
  value: ParameterModel,
): readonly ParameterModel[] {
  const isFree = !parameters.some((one) => one.name === value.name);
  const index = parameters.length === 0 ? 0 : where % parameters.length;
  const target = parameters[index];
  if (what === "standard") {
    const one = standard(STANDARD_NAMES[where % STANDARD_NAMES.length] ?? "seed");
    const others = parameters.filter((other) => other.name !== one.name);
    return others.length < parameters.length ? others : [...parameters, one];
  }
  if (what === "add" || target === undefined) return isFree ? [...parameters, value] : parameters;
  const isStandard = STANDARD_NAMES.includes(target.name);
  switch (what) {
    case "drop":
      return without(parameters, index);
    case "move":
      return [...without(parameters, index), target];
    case "rename":
      return isFree && !isStandard
        ? replaced(parameters, index, { ...target, name: value.name })
        : parameters;
    case "replace":
      return replaced(parameters, index, { ...value, name: target.name });
    case "tweak":
      return replaced(parameters, index, tweaked(target, where));
    case "turn":
      return replaced(parameters, index, turned(target));
    case "label":
      return replaced(parameters, index, { ...target, label: value.label });
    default:
      return replaced(parameters, index, { ...withoutDefault(target), required: !target.required });
  }
}

/** The same parameter with one changed fact. */
function tweaked(target: ParameterModel, seed: number): ParameterModel {
  const { kind, choices = [], min, max, step, accept, ...rest } = target;
  const limits = compact({ min, max, step });
  const way = Math.floor(seed / 7) % 4;
  switch (kind) {
    case "choice": {
      const others = choices.slice(1);
      const list = [[...choices, "one more"], others, [...choices].reverse(), ["new", ...others]][
        way
      ];
      return {
        ...rest,
        kind,
        choices: list === undefined || list.length === 0 ? choices : [...new Set(list)],
      };
    }
    case "file": {
      const types = [undefined, "image/*", "video/*", "image/png"].filter(
        (type) => type !== accept,
      );
      return { ...rest, kind, ...compact({ accept: types[way % types.length] }) };
    }
    case "number":
    case "integer": {
      const facts: object[] = [
        { min: min === undefined ? (max ?? 3) - 2 : min - 1 },
        { max: max === undefined ? (min ?? 3) + 20 : max + 1 },
        { step: step === 1 ? 0.5 : 1 },
        { step: undefined },
      ];
      return { ...rest, kind, ...compact({ ...limits, ...facts[way] }) };
    }
    case "text":
    case "boolean":
      return target.required
        ? target
        : { ...rest, kind, default: kind === "text" ? `t${way}` : way > 1 };
  }
}

/** The same parameter with another kind, and the facts that still apply. */
function turned({ kind, choices: _, accept: __, ...rest }: ParameterModel): ParameterModel {
  if (kind === "number" || kind === "integer") {
    return { ...rest, kind: kind === "number" ? "integer" : "number" };
  }
  const next = { text: "boolean", boolean: "file", choice: "text", file: "text" } as const;
  return { ...withoutDefault({ ...rest, kind }), kind: next[kind] };
}

function withoutDefault({ default: _, ...rest }: ParameterModel): ParameterModel {
  return rest;
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, at) => at !== index);
}

function replaced<T>(list: readonly T[], index: number, item: T): T[] {
  return list.map((one, at) => (at === index ? item : one));
}
