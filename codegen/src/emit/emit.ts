/** Flow model → the texts of all files, by path below the output folder. */
import { posix } from "node:path";
import type { Model } from "../model/flow.js";
import { nameFlows } from "../names/names.js";
import { layOut } from "../layout/layout.js";
import { viewFlow, type FlowView } from "./flow-view.js";
import { documentFlow } from "./flow-doc.js";
import { render } from "./templates.js";

/** What the generated modules import from. */
export interface Specifiers {
  /** The client package; where it is relative, relative to the modules of flows. */
  readonly runtime: string;
}

/** What a generated client is made of. */
export interface Emitted {
  /** Path with `/`, relative to the output folder → content. */
  readonly files: ReadonlyMap<string, string>;
  /** The views behind the modules of flows, by path: what the read-back compares with. */
  readonly views: ReadonlyMap<string, FlowView>;
}

/** Renders all modules. Pure: equal models and specifiers give equal texts. */
export function emit(model: Model, { runtime }: Specifiers): Emitted {
  const names = nameFlows(model.flows);
  const files = new Map<string, string>();
  const views = new Map<string, FlowView>();
  model.flows.forEach((flow, index) => {
    const flowNames = names[index];
    if (flowNames === undefined) return;
    const view = viewFlow(flow, flowNames, runtime);
    const path = `flows/${flowNames.stem}.ts`;
    views.set(path, view);
    files.set(path, layOut(render("flow", { ...view, ...documentFlow(view) })));
  });
  const map = { flows: names, runtime: specifierAbove(runtime) };
  files.set("flow-map.ts", layOut(render("flow-map", map)));
  files.set("index.ts", layOut(render("index", { flows: names })));
  return { files, views };
}

/** The runtime as the files one folder above the modules of flows import it. */
export function specifierAbove(runtime: string): string {
  if (!runtime.startsWith(".")) return runtime;
  const path = posix.join("flows", runtime);
  return path.startsWith(".") ? path : `./${path}`;
}
