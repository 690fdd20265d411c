/** Derives the names of functions, types, and files from flow ids; flows whose names collide are rejected. */
import { CodegenError } from "../errors.js";
import { quote } from "../json/value.js";
import type { FlowModel, Model } from "../model/flow.js";
import { takeEach, type LeaveOut } from "../model/left-out.js";
import { fileStem, functionName, typeName } from "../safe/identifier.js";

/** The names of a flow in the generated code. */
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
  const names = flows.map(namesOf);
  const owners = ownersOf(names);
  for (const flow of names) refuseTwin(flow, owners);
  return names;
}

/**
 * The flows with unique names. If flows share a name, none of them is taken: adding a flow must never turn a
 * call into a call of another flow.
 */
export function takeNamed({ flows }: Model, leaveOut: LeaveOut | undefined): Model {
  const named = takeEach(flows, (flow) => ({ flow, names: namesOf(flow), id: flow.id }), leaveOut);
  const owners = ownersOf(named.map(({ names }) => names));
  const take = ({ flow, names }: (typeof named)[number]): FlowModel => {
    refuseTwin(names, owners);
    return flow;
  };
  return { flows: takeEach(named, take, leaveOut) };
}

function namesOf({ id }: FlowModel): FlowNames {
  return { id, fn: functionName(id), params: typeName(id), stem: fileStem(id) };
}

/** The names that must be unique, and what each is. */
function keysOf({
  fn,
  params,
  stem,
}: FlowNames): readonly (readonly [what: string, key: string])[] {
  return [
    ["the function", fn],
    ["the type", params],
    // Some file systems treat `A.ts` and `a.ts` as the same file.
    ["the file", stem.toLowerCase()],
  ];
}

/** `what key` → ids of the flows with that name. */
function ownersOf(names: readonly FlowNames[]): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const flow of names) {
    for (const [what, key] of keysOf(flow)) {
      const ids = owners.get(`${what} ${key}`);
      if (ids === undefined) owners.set(`${what} ${key}`, [flow.id]);
      else ids.push(flow.id);
    }
  }
  return owners;
}

function refuseTwin(flow: FlowNames, owners: ReadonlyMap<string, readonly string[]>): void {
  for (const [what, key] of keysOf(flow)) {
    const [first = "", second] = owners.get(`${what} ${key}`) ?? [];
    if (second === undefined) continue;
    throw new CodegenError(
      "name_collision",
      `The flows ${quote(first)} and ${quote(second)} would both become ${what} ${quote(key)}.`,
      {
        value: quote(key),
        hint: "Rename one of them on the server, or leave one out with --flows.",
      },
    );
  }
}
