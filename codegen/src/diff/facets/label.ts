/** Compares the label of a parameter on the Flows page. */
import { defaultLabel } from "../../model/flow.js";
import type { Facet } from "./facet.js";

export const labelFacet: Facet = (old, now) => {
  if (old.label === now.label) return [];
  // A label derived from the name changes with a renamed parameter, and says nothing more.
  const isMade = old.label === defaultLabel(old.name) && now.label === defaultLabel(now.name);
  return isMade ? [] : [{ rule: "param-label-changed", before: old.label, after: now.label }];
};
