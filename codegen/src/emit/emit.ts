/** Renders a flow model to the texts of all files, by path below the output folder. */
import { posix } from "node:path";
import type { Model } from "../model/flow.js";
import { nameFlows } from "../names/names.js";
import { layOut } from "../layout/layout.js";
import { viewFlow, type FlowView } from "./flow-view.js";
import { documentFlow } from "./flow-doc.js";
import { render } from "./templates.js";

/** Import specifiers of the generated modules. */
export interface Specifiers {
  /** The client package; a relative path is relative to the flow modules. */
  readonly runtime: string;
}

/** A generated client. */
export interface Emitted {
  /** Path with `/`, relative to the output folder → content. */
  readonly files: ReadonlyMap<string, string>;
  /** The views of the flow modules, by path: what the read-back compares with. */
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

/** The runtime specifier for files one folder above the flow modules. */
export function specifierAbove(runtime: string): string {
  if (!runtime.startsWith(".")) return runtime;
  const path = posix.join("flows", runtime);
  return path.startsWith(".") ? path : `./${path}`;
}
