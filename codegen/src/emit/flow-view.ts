/**
 * Converts a flow model to the content of its module: the template prints it, and the read-back compares with
 * it.
 */
import { parameterFlags } from "../model/facts.js";
import {
  defaultLabel,
  OUTPUT_KINDS,
  type FlowFacts,
  type FlowModel,
  type OutputKind,
  type ParameterFlags,
  type ParameterModel,
} from "../model/flow.js";
import { ALWAYS_NAMES, takesSurpriseMe } from "../model/standard.js";
import type { FlowNames } from "../names/names.js";

/** An entry of the metadata: the name of a standard parameter, or a full parameter. */
export type Entry = string | EntryObject;

/** A parameter as the client's run-time checks read it. */
export interface EntryObject
  extends
    Pick<ParameterModel, "name" | "default" | "min" | "max" | "step" | "choices" | "accept">,
    ParameterFlags {
  readonly type: ParameterModel["kind"];
  /** Left out when it can be derived from the name. */
  readonly label?: string;
  readonly required?: true;
}

/** The extras of `defineFlow`, in the order in which they are written. */
export interface Extras extends Pick<FlowFacts, "title" | "tags" | "version" | "outputs"> {
  /** Pass the client's code for files; flows without files need not load it. */
  readonly fileInputs?: true;
}

/**
 * The content of a flow's module: plain data, because it is sent to the process that reads the module back.
 */
export interface FlowView {
  readonly names: FlowNames;
  /** Where the module imports the client from. */
  readonly runtime: string;
  readonly model: FlowModel;
  readonly takesFiles: boolean;
  /** Types that the module imports from the client, sorted. */
  readonly types: readonly string[];
  /** The interfaces that the parameter type extends. */
  readonly bases: readonly string[];
  /** The kinds of the outputs, in a fixed order; empty when unknown. */
  readonly kinds: readonly OutputKind[];
  /** The parameters that the parameter type declares itself, advanced and hidden ones last. */
  readonly properties: readonly ParameterModel[];
  readonly entries: readonly Entry[];
  /** Undefined when there are none. */
  readonly extras: Extras | undefined;
}

/** Standard parameters whose type the client declares, one interface each. */
const SINGLE_BASES: ReadonlyMap<string, string> = new Map([
  ["seed", "SeedParam"],
  ["count", "CountParam"],
  ["translate", "TranslateParam"],
]);

/** The view of one flow. */
export function viewFlow(model: FlowModel, names: FlowNames, runtime: string): FlowView {
  const standard = new Set(model.parameters.filter((p) => p.standard).map((p) => p.name));
  const surprise = takesSurpriseMe(model.parameters);
  // The five that every flow takes form one interface; if a server changes one, all are written out.
  const hasAlways = ALWAYS_NAMES.every((name) => standard.has(name));
  const inherited = new Set([
    ...(hasAlways ? ALWAYS_NAMES : []),
    ...[...SINGLE_BASES.keys()].filter((name) => standard.has(name)),
  ]);
  const bases = [
    ...(hasAlways ? ["StandardParams"] : []),
    ...[...SINGLE_BASES].filter(([name]) => standard.has(name)).map(([, base]) => base),
    ...(surprise ? ["SurpriseMeParam"] : []),
  ];
  const properties = model.parameters.filter(({ name }) => !inherited.has(name));
  const takesFiles = properties.some(({ kind }) => kind === "file");
  return {
    names,
    runtime,
    model,
    takesFiles,
    types: ["Flow", ...bases, ...(takesFiles ? ["FileInput"] : [])].sort(),
    bases,
    kinds: OUTPUT_KINDS.filter((kind) => model.outputs?.some((output) => output.kind === kind)),
    properties: [...properties].sort((a, b) => distance(a) - distance(b)),
    entries: entries(model.parameters, surprise),
    extras: extras(model, takesFiles),
  };
}

/** Sort key of a parameter; equal ones keep their order. */
function distance({ advanced, hidden }: ParameterFlags): number {
  return hidden ? 2 : advanced ? 1 : 0;
}

function extras(
  { title, tags, version, outputs }: FlowFacts,
  takesFiles: boolean,
): Extras | undefined {
  const all: Extras = {
    ...(takesFiles ? { fileInputs: true } : {}),
    ...(title === undefined ? {} : { title }),
    ...(tags === undefined ? {} : { tags }),
    ...(version === undefined ? {} : { version }),
    ...(outputs === undefined ? {} : { outputs }),
  };
  return Object.keys(all).length === 0 ? undefined : all;
}

function entries(parameters: readonly ParameterModel[], surprise: boolean): Entry[] {
  const list = parameters.map((parameter) =>
    parameter.standard ? parameter.name : entry(parameter),
  );
  if (!surprise) return list;
  const end = parameters.filter((parameter) => parameter.standard).length;
  return [...list.slice(0, end), "surprise_me", ...list.slice(end)];
}

function entry(parameter: ParameterModel): EntryObject {
  const { name, kind, label, required, min, max, step, choices, accept } = parameter;
  return {
    name,
    type: kind,
    ...(label === defaultLabel(name) ? {} : { label }),
    ...(required ? { required } : {}),
    ...shownDefault(parameter),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(step === undefined ? {} : { step }),
    ...(choices === undefined ? {} : { choices }),
    ...(accept === undefined ? {} : { accept }),
    ...parameterFlags(parameter),
  };
}

/** Longest default text in the metadata, in characters. Every bundle with the flow carries them. */
const MAX_DEFAULT_TEXT = 40;

/** The default as a form shows it. It is never sent; the parameter's documentation has it in full. */
function shownDefault({ kind, default: value }: ParameterModel): Pick<ParameterModel, "default"> {
  if (value === undefined) return {};
  const characters = kind === "text" && typeof value === "string" ? Array.from(value) : [];
  if (characters.length <= MAX_DEFAULT_TEXT) return { default: value };
  return { default: `${characters.slice(0, MAX_DEFAULT_TEXT - 1).join("")}…` };
}
