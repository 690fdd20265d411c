/** The documentation of a flow's module, as values for its template. */
import type { OutputKind, OutputModel, ParameterModel } from "../model/flow.js";
import { standardParameter } from "../model/standard.js";
import type { FlowView } from "./flow-view.js";

/** What a template needs besides the view of a flow. */
export interface FlowDoc {
  /** The outputs, e.g. `images (node 9)`. */
  readonly makes?: string;
  readonly properties: readonly PropertyDoc[];
  readonly example: Example;
}

/** A parameter, and the parts of its documentation. */
export interface PropertyDoc extends ParameterModel {
  readonly words: string;
  /** Whether the server can translate it on request. */
  readonly isTranslated: boolean;
  readonly isInteger: boolean;
  /** Both limits, or the only one. */
  readonly range?: { readonly min: number; readonly max: number };
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The choices, if they are few enough to read. */
  readonly listed?: readonly string[];
}

/** The example: a call with the flow's required parameters, or with its prompt. */
export interface Example {
  /** Modules from which it imports the client and the function. */
  readonly client: string;
  readonly module: string;
  readonly needsFile: boolean;
  readonly parameters: readonly ExampleParameter[];
}

/** A parameter in the example; one without a value is the file. */
export interface ExampleParameter {
  readonly name: string;
  readonly value?: string | number | boolean;
}

/** The documentation of a flow. */
export function documentFlow({ names, model, properties, runtime }: FlowView): FlowDoc {
  const required = properties.filter((parameter) => parameter.required);
  const prompts = properties.filter(({ name, kind }) => name === "prompt" && kind === "text");
  const shown = required.length > 0 ? required : prompts;
  // A relative runtime means that the modules are part of the client package itself, whose users import them
  // by the package's name.
  const isOwn = runtime.startsWith(".");
  const canTranslate = model.parameters.some(({ name }) => name === "translate");
  return {
    ...(model.outputs === undefined ? {} : { makes: wordsForOutputs(model.outputs) }),
    properties: properties.map((parameter) => documentParameter(parameter, canTranslate)),
    example: {
      client: isOwn ? "visionatrix-client" : runtime,
      module: isOwn ? `visionatrix-client/flows/${names.stem}` : `./${names.stem}.js`,
      needsFile: shown.some(({ kind }) => kind === "file"),
      parameters: shown.map((parameter) => exampleParameter(parameter)),
    },
  };
}

/** What an output makes, in words. */
const KIND_WORDS: Readonly<Record<OutputKind, string>> = {
  image: "images",
  "image-animated": "animated images",
  video: "videos",
  audio: "audio",
  text: "texts",
  "3d-model": "3D models",
};

/** E.g. `images (node 9)`. */
function wordsForOutputs(outputs: readonly OutputModel[]): string {
  const nodesByKind = new Map<OutputKind, string[]>();
  for (const { node, kind, optional } of outputs) {
    const shown = optional ? `${node} if its file is given` : String(node);
    nodesByKind.set(kind, [...(nodesByKind.get(kind) ?? []), shown]);
  }
  return [...nodesByKind]
    .map(([kind, nodes]) => {
      return `${KIND_WORDS[kind]} (${nodes.length === 1 ? "node" : "nodes"} ${nodes.join(", ")})`;
    })
    .join(" and ");
}

const MAX_LISTED_CHOICES = 30;

function documentParameter(parameter: ParameterModel, canTranslate: boolean): PropertyDoc {
  const { kind, min, max, choices = [] } = parameter;
  const isListed = choices.length > 0 && choices.length <= MAX_LISTED_CHOICES;
  return {
    ...parameter,
    words: wordsFor(parameter),
    isTranslated: canTranslate && parameter.translatable === true,
    isInteger: kind === "integer",
    ...(min !== undefined && max !== undefined
      ? { range: { min, max } }
      : {
          ...(min === undefined ? {} : { atLeast: min }),
          ...(max === undefined ? {} : { atMost: max }),
        }),
    ...(isListed ? { listed: choices } : {}),
  };
}

/** Our descriptions of standard parameters that a server defines differently. */
const STANDARD_WORDS: ReadonlyMap<string, string> = new Map([
  ["group_scope", "Group of the task; a higher group always runs before a lower one."],
  ["priority", "Place in the queue within the group; higher runs first."],
  ["child_task", "1 makes the task a child of the one that its first file comes from."],
  ["webhook_url", "Where the server posts progress."],
  ["webhook_headers", "Headers for those posts, as JSON."],
  ["seed", "Start of the random numbers; the same seed gives the same result."],
  ["count", "How many tasks to create."],
  ["translate", "1 has the server translate the texts to English first."],
]);

function wordsFor({ name, kind, label }: ParameterModel): string {
  const words = standardParameter(name)?.kind === kind ? STANDARD_WORDS.get(name) : undefined;
  return words ?? sentence(label.trim());
}

function sentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

function exampleParameter({ name, kind, choices, min = 0 }: ParameterModel): ExampleParameter {
  switch (kind) {
    case "file":
      return { name };
    case "choice":
      return { name, value: choices?.[0] ?? "" };
    case "boolean":
      return { name, value: true };
    case "number":
    case "integer":
      return { name, value: min };
    case "text":
      return { name, value: "a lighthouse at dawn" };
  }
}
