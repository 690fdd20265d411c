/** Flow ids → names of functions, types and files; two flows that would share one are an error. */
import { CodegenError } from "../errors.js";
import { quote } from "../json/value.js";
import type { FlowModel } from "../model/flow.js";
import { fileStem, functionName, typeName } from "../safe/identifier.js";

/** What a flow is called in the generated code. */
export interface FlowNames {
  readonly id: string;
  /** Name of the function, e.g. `sdxlLighting`. */
  readonly fn: string;
  /** Name of the parameter type, e.g. `SdxlLightingParams`. */
  readonly params: string;
  /** Name of the module without extension, e.g. `sdxl_lighting`. */
  readonly stem: string;
}

/** Names for all flows. @throws CodegenError `name_collision`, naming both flows. */
export function nameFlows(flows: readonly FlowModel[]): FlowNames[] {
  const names = flows.map(({ id }) => ({
    id,
    fn: functionName(id),
    params: typeName(id),
    stem: fileStem(id),
  }));
  refuseTwins(names, ({ fn }) => fn, "the function");
  refuseTwins(names, ({ params }) => params, "the type");
  // Some file systems hold `A.ts` and `a.ts` for the same file.
  refuseTwins(names, ({ stem }) => stem.toLowerCase(), "the file");
  return names;
}

function refuseTwins(
  names: readonly FlowNames[],
  keyOf: (names: FlowNames) => string,
  what: string,
): void {
  const owners = new Map<string, FlowNames>();
  for (const flow of names) {
    const key = keyOf(flow);
    const other = owners.get(key);
    if (other !== undefined) {
      throw new CodegenError(
        "name_collision",
        `The flows ${quote(other.id)} and ${quote(flow.id)} would both become ${what} ${quote(key)}.`,
        {
          value: quote(key),
          hint: "Rename one of them on the server, or leave one out with --flows.",
        },
      );
    }
    owners.set(key, flow);
  }
}
