/** Combines description, listing, workflows, and the earlier snapshot into one model. Pure. */
import { InexactNumber } from "../json/value.js";
import { flowFacts, parameterFlags } from "../model/facts.js";
import type { FlowModel, OutputModel, ParameterModel } from "../model/flow.js";
import { isServersOwn } from "../model/standard.js";
import type { ListedFlow, ListedInput } from "./listing.js";

/** What is known besides the description; each undefined when it could not be read. */
export interface Knowledge {
  readonly listing?: ReadonlyMap<string, ListedFlow> | undefined;
  /** Output nodes by flow id, for flows whose workflow was read. */
  readonly outputs?: ReadonlyMap<string, readonly OutputModel[]> | undefined;
  /** The flows of the earlier snapshot. */
  readonly before?: readonly FlowModel[] | undefined;
}

/** Adds the other known facts to described flows. */
export function completeFlows(
  flows: readonly FlowModel[],
  { listing, outputs, before = [] }: Knowledge,
): FlowModel[] {
  const old = new Map(before.map((flow) => [flow.id, flow]));
  return flows.map((flow) => {
    const known = knownOf(flow, old.get(flow.id));
    const listed = listing?.get(flow.id);
    const made = outputs?.get(flow.id) ?? flow.outputs ?? known?.outputs;
    if (listed === undefined) return withFacts(flow, known, made);
    const { version, ...facts } = listed.facts;
    return {
      id: flow.id,
      // A version combined with the parameters of another version would be wrong.
      ...flowFacts({
        ...facts,
        version: differences(flow, listed).length === 0 ? version : undefined,
        outputs: made,
      }),
      parameters: flow.parameters.map((parameter) =>
        listedParameter(parameter, listed.inputs.get(parameter.name)),
      ),
    };
  });
}

/** What the snapshot knows about a flow, if its parameters are still the same. */
function knownOf(flow: FlowModel, old: FlowModel | undefined): FlowModel | undefined {
  if (old?.parameters.length !== flow.parameters.length) return undefined;
  const isSame = flow.parameters.every((parameter, index) => {
    const before = old.parameters[index];
    return before !== undefined && described(parameter, before) === described(before, parameter);
  });
  return isSame ? old : undefined;
}

/** A parameter as a description shows it, to compare it with another. */
function described(parameter: ParameterModel, other: ParameterModel): string {
  const { name, kind, label, required, min, max, step, choices, accept } = parameter;
  const isRequired = (parameter.sample ?? other.sample) === true ? undefined : required;
  return JSON.stringify([
    [name, kind, label, isRequired, parameter.default],
    [min, max, step, choices, accept],
  ]);
}

/** A flow missing from the listing: uses the facts of its description, otherwise the known ones. */
function withFacts(
  flow: FlowModel,
  known: FlowModel | undefined,
  outputs: readonly OutputModel[] | undefined,
): FlowModel {
  return {
    id: flow.id,
    ...flowFacts({ ...(known === undefined ? {} : flowFacts(known)), ...flowFacts(flow), outputs }),
    parameters: flow.parameters.map((parameter, index) => {
      const before = known?.parameters[index];
      return {
        ...asDescribed(parameter),
        ...(parameter.sample && before ? { required: before.required } : {}),
        ...parameterFlags({ ...parameterFlags(before ?? {}), ...parameterFlags(parameter) }),
      };
    }),
  };
}

function listedParameter(
  parameter: ParameterModel,
  input: ListedInput | undefined,
): ParameterModel {
  const isFile = parameter.kind === "file" && input?.kind === "file";
  const isOurs = input !== undefined && !isServersOwn(parameter.name, parameter.kind);
  return {
    ...asDescribed(parameter),
    ...(isFile ? { required: input.isFileRequired } : {}),
    ...(isOurs ? input.flags : {}),
  };
}

/** A parameter with only the facts that a description has. */
function asDescribed(parameter: ParameterModel): ParameterModel {
  const extras = new Set(["sample", "advanced", "hidden", "translatable"]);
  const facts = Object.entries(parameter).filter(([key]) => !extras.has(key));
  return Object.fromEntries(facts) as unknown as ParameterModel;
}

/** Names of the parameters in which a description differs from the listing. */
export function differences(flow: FlowModel, { inputs, supports }: ListedFlow): string[] {
  const own = new Map(
    flow.parameters
      .filter(({ name, kind }) => !isServersOwn(name, kind))
      .map((parameter) => [parameter.name, parameter]),
  );
  const taken = new Set(flow.parameters.map(({ name }) => name));
  return [
    // An input with the name of a server's own parameter is never in a description.
    ...[...inputs].flatMap(([name, input]) => {
      const parameter = own.get(name);
      if (parameter === undefined) return taken.has(name) ? [] : [name];
      return isAsListed(parameter, input) ? [] : [name];
    }),
    ...[...own.keys()].filter((name) => !inputs.has(name)),
    ...["seed", "count", "translate"].filter(
      (name) => !inputs.has(name) && supports.has(name) !== taken.has(name),
    ),
  ];
}

function isAsListed(parameter: ParameterModel, input: ListedInput): boolean {
  const { kind, label, required, sample, min, max, step, choices } = parameter;
  if (kind !== input.kind || label !== input.label) return false;
  if (kind === "file") return sample === true || required === input.isFileRequired;
  return (
    sameList(choices, input.choices) &&
    (kind !== "number" || sameList([min, max, step].map(limitOf), input.limits.map(limitOf))) &&
    shown(parameter.default) === shown(input.default)
  );
}

function sameList(a: readonly unknown[] = [], b: readonly unknown[] = []): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** A missing limit, or a step of 0, limits nothing. */
function limitOf(limit: unknown): unknown {
  return limit ?? 0;
}

/** A default as a description shows it: empty texts and null are none. */
function shown(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return value instanceof InexactNumber ? value.text : JSON.stringify(value).replace(/^"|"$/g, "");
}
