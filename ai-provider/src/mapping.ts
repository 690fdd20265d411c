/** Maps a call of `generateImage` to the parameters of a flow, with one rule per option. Pure. */
import type { ImageModelV3CallOptions, ImageModelV3File, SharedV3Warning } from "@ai-sdk/provider";
import type { Flow, Parameter } from "visionatrix-client";
import { choiceOfRatio, choiceOfSize, sidesOf } from "./sizes.js";

/** The part of a flow that is read. */
export type FlowFacts = Pick<Flow<never>, "id" | "parameters">;

/** The part of a call that is read. */
export type Call = Partial<
  Pick<ImageModelV3CallOptions, "prompt" | "n" | "size" | "aspectRatio" | "seed" | "files" | "mask">
>;

/** Parameters by wire name. */
export type Params = Readonly<Record<string, unknown>>;

/** The result of mapping an option: parameters, and warnings. */
interface Outcome {
  readonly params?: Params;
  /** Makes a warning. */
  readonly details?: string;
}

/** How one option of `generateImage` is mapped. The README uses the same texts. */
export interface Rule {
  readonly option: keyof Call;
  readonly becomes: string;
  readonly otherwise: string;
  /** @param given parameters that the caller set; they are left unchanged */
  readonly map: (flow: FlowFacts, call: Call, given: Params) => Outcome;
}

const named = ({ parameters }: FlowFacts, name: string): Parameter | undefined =>
  parameters.find((parameter) => parameter.name === name);

export const RULES: readonly Rule[] = [
  {
    option: "prompt",
    becomes: "`prompt`",
    otherwise: "warning",
    map: (flow, { prompt }) => {
      if (!prompt) return {};
      return named(flow, "prompt")
        ? { params: { prompt } }
        : { details: `${flow.id} takes no prompt.` };
    },
  },
  {
    option: "n",
    becomes: "`count`: task _i_ gets the seed `seed + i`",
    otherwise: "one picture, and a warning",
    map: (flow, { n = 1 }) => {
      if (n === 1) return {};
      return named(flow, "count")
        ? { params: { count: n } }
        : { details: `${flow.id} runs once a call, so one picture is made.` };
    },
  },
  {
    option: "seed",
    becomes: "`seed`",
    otherwise: "warning",
    map: (flow, { seed }) => {
      if (seed === undefined) return {};
      return named(flow, "seed") ? { params: { seed } } : { details: `${flow.id} takes no seed.` };
    },
  },
  {
    option: "size",
    becomes: "the choice that has it in brackets, e.g. `2:3 (832x1216)`; else `width` and `height`",
    otherwise: "warning with the nearest that fits",
    map: (flow, { size }) => {
      if (size === undefined) return {};
      const choice = choiceOfSize(flow, size);
      const fit = choice ?? sidesOf(flow, size);
      if (!fit) return { details: `${flow.id} chooses the size itself.` };
      if (fit.params) return { params: fit.params };
      return { details: `${flow.id} cannot make ${size}; the nearest is ${fit.nearest}.` };
    },
  },
  {
    option: "aspectRatio",
    becomes: "the choice that begins with it, e.g. `16:9 (1344x768)`",
    otherwise: "warning with the nearest that fits; where `size` fits as well, `size` decides",
    map: (flow, { aspectRatio, size }) => {
      if (aspectRatio === undefined) return {};
      const fit = choiceOfRatio(flow, aspectRatio);
      if (!fit)
        return {
          details: `${flow.id} takes no aspect ratio${named(flow, "width") ? ": give a size" : ""}.`,
        };
      if (!fit.params)
        return { details: `${flow.id} cannot make ${aspectRatio}; the nearest is ${fit.nearest}.` };
      const bySize = size && choiceOfSize(flow, size)?.params;
      if (!bySize) return { params: fit.params };
      const [[name, choice] = ["", ""]] = Object.entries(fit.params);
      return bySize[name] === choice ? {} : { details: `The size ${size} decides.` };
    },
  },
  {
    option: "files",
    becomes:
      'the file parameters that are no mask, in their order; `{ type: "url" }` is fetched by the client',
    otherwise: "warning for those that find no place",
    map: (flow, { files = [] }, given) => {
      const places = fileParameters(flow, given).filter((parameter) => !isMask(parameter));
      const params = Object.fromEntries(
        places.slice(0, files.length).map(({ name }, index) => [name, fileOf(files[index])]),
      );
      const left = files.length - places.length;
      return left > 0
        ? {
            params,
            details: `${flow.id} has a place for ${places.length} of ${files.length} files.`,
          }
        : { params };
    },
  },
  {
    option: "mask",
    becomes: "the first file parameter that is a mask by its name or label",
    otherwise: "warning",
    map: (flow, { mask }, given) => {
      if (!mask) return {};
      const place = fileParameters(flow, given).find(isMask);
      return place
        ? { params: { [place.name]: fileOf(mask) } }
        : { details: `${flow.id} takes no mask.` };
    },
  },
];

/**
 * The parameters of a call, and a warning for every option that the flow does not support.
 * @param given parameters by wire name, which take precedence
 */
export function mapCall(
  flow: FlowFacts,
  call: Call,
  given: Params = {},
): { params: Params; warnings: SharedV3Warning[] } {
  let params: Params = {};
  const warnings: SharedV3Warning[] = [];
  for (const { option, map } of RULES) {
    const outcome = map(flow, call, given);
    params = { ...params, ...outcome.params };
    if (outcome.details !== undefined)
      warnings.push({ type: "unsupported", feature: option, details: outcome.details });
  }
  return { params: { ...params, ...given }, warnings };
}

/** File parameters that have no value yet. */
function fileParameters({ parameters }: FlowFacts, given: Params): Parameter[] {
  return parameters.filter(
    ({ name, type, accept = "image/*" }) =>
      type === "file" && accept.startsWith("image/") && given[name] === undefined,
  );
}

function isMask({ name, label = "" }: Parameter): boolean {
  return /\bmask\b/i.test(`${name.replaceAll("_", " ")} ${label}`);
}

/** Converts a file of the AI SDK for the client. */
function fileOf(file: ImageModelV3File | undefined): unknown {
  if (file?.type !== "file") return file && { url: file.url };
  // The client checks that it decodes.
  if (typeof file.data === "string") return `data:${file.mediaType};base64,${file.data}`;
  return new Blob([file.data as Uint8Array<ArrayBuffer>], { type: file.mediaType });
}
