/** Flows and sub-flows as the server shows them, but without its texts, which the stand-in does not copy. */
import type { Flow } from "./flow.js";
import type { ListedFlow, ListedInput, ListedModel, SubFlow } from "./listed.js";

/** Where the flows' documentation is. */
const DOCS = "https://visionatrix.github.io/VixFlowsDocs/";

function showModel({ name, types, gated, file_size }: ListedModel): Record<string, unknown> {
  return {
    name,
    types,
    filename: "",
    url: "",
    homepage: "",
    hash: "",
    hashes: {},
    regexes: [],
    gated,
    file_size,
    installed: null,
  };
}

function show(listed: ListedFlow, isSupported: boolean): Record<string, unknown> {
  return {
    name: listed.name,
    display_name: listed.display_name,
    description: listed.description ?? "",
    author: listed.author,
    homepage: "",
    license: listed.license ?? "",
    documentation: listed.documented ? DOCS : "",
    tags: listed.tags,
    sub_flows: listed.sub_flows,
    models: listed.models.map(showModel),
    input_params: listed.input_params,
    version: listed.version,
    requires: listed.requires,
    private: listed.private,
    hidden: listed.hidden,
    new_version_available: "",
    is_seed_supported: listed.is_seed_supported,
    is_count_supported: listed.is_count_supported,
    is_translations_supported: listed.is_translations_supported,
    is_macos_supported: listed.is_macos_supported,
    is_supported_by_workers: isSupported,
    required_memory_gb: listed.required_memory_gb,
    lora_connect_points: listed.lora_connect_points,
    is_surprise_me_supported: listed.is_surprise_me_supported,
    remote_vae: listed.remote_vae,
  };
}

export function showFlow(flow: Flow, isSupported: boolean): Record<string, unknown> {
  return show(flow.listed, isSupported);
}

function override(input: ListedInput, subFlow: SubFlow): ListedInput {
  return { ...input, ...subFlow.input_params.find(({ name }) => name === input.name) };
}

/** One entry for each sub-flow of the type: the flow under the sub-flow's name and with its defaults. */
export function showSubFlows(
  flows: readonly Flow[],
  type: string,
  isSupported: boolean,
): Record<string, unknown>[] {
  return flows.flatMap(({ listed }) =>
    listed.sub_flows
      .filter((subFlow) => subFlow.type === type)
      .map((subFlow) => {
        const input_params = listed.input_params.map((input) => override(input, subFlow));
        const { display_name } = subFlow;
        return show({ ...listed, display_name, input_params }, isSupported);
      }),
  );
}
