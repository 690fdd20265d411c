/** Whether a parameter must be given, and what runs when it is not. */
import type { ParameterModel } from "../../model/flow.js";
import { isServersOwn } from "../../model/standard.js";
import type { Fact } from "../fact.js";
import type { Rule } from "../rules.js";
import type { Facet } from "./facet.js";

export const presenceFacet: Facet = (old, now) => {
  const before = old.default ?? null;
  const after = now.default ?? null;
  // A description that names a sample for a file does not tell whether the file is required.
  const isUnknown = old.sample === true || now.sample === true;
  const rule =
    isUnknown || old.required === now.required ? defaultRule(old, now) : requiredRule(now);
  return rule === undefined ? [] : [{ rule, before, after }];
};

function requiredRule(now: ParameterModel): Rule {
  return now.required ? "param-now-required" : "param-now-optional";
}

function defaultRule(old: ParameterModel, now: ParameterModel): Rule | undefined {
  const before: Fact = old.default ?? null;
  const after: Fact = now.default ?? null;
  // The form carries texts: 2 and "2" are the same value. (What type is taken is kind.ts's matter.)
  if (before === after || (before !== null && after !== null && String(before) === String(after))) {
    return undefined;
  }
  // The server draws a seed where none is given, whatever the description says.
  if (isServersOwn("seed", old.kind) && old.name === "seed" && isServersOwn("seed", now.kind)) {
    return "seed-default-changed";
  }
  if (before === null) return "param-default-added";
  return after === null ? "param-default-removed" : "param-default-changed";
}
