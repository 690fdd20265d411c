/** Flow model → the texts of all files, by path below the output folder. */
import type { Model } from "../model/flow.js";
import { nameFlows } from "../names/names.js";
import type { Specifiers } from "./flow-doc.js";
import { viewFlow, type FlowView } from "./flow-view.js";
import { loadTemplates } from "./templates.js";

/** What a generated client is made of. */
export interface Emitted {
  /** Path with `/`, relative to the output folder → content. */
  readonly files: ReadonlyMap<string, string>;
  /** The views behind the modules of flows, by path: what the read-back compares with. */
  readonly views: ReadonlyMap<string, FlowView>;
}

/** Renders all modules. Pure: equal models and specifiers give equal texts. */
export function emit(model: Model, specifiers: Specifiers): Emitted {
  const render = loadTemplates(specifiers);
  const names = nameFlows(model.flows);
  const files = new Map<string, string>();
  const views = new Map<string, FlowView>();
  model.flows.forEach((flow, index) => {
    const flowNames = names[index];
    if (flowNames === undefined) return;
    const view = viewFlow(flow, flowNames);
    const path = `flows/${flowNames.stem}.ts`;
    views.set(path, view);
    files.set(path, render("flow", view));
  });
  files.set("flow-map.ts", render("flow-map", { flows: names }));
  files.set("index.ts", render("index", { flows: names }));
  return { files, views };
}
