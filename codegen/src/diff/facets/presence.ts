/** Compares whether a parameter is required, and its default. */
import type { ParameterModel } from "../../model/flow.js";
import { isServersOwn } from "../../model/standard.js";
import type { Fact } from "../fact.js";
import type { Rule } from "../rules.js";
import type { Facet } from "./facet.js";

export const presenceFacet: Facet = (old, now) => {
  const before = old.default ?? null;
  const after = now.default ?? null;
  // If a description names a sample for a file, it does not tell whether the file is required.
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
  // The form carries texts, so 2 and "2" are the same value. (kind.ts compares types.)
  if (before === after || (before !== null && after !== null && String(before) === String(after))) {
    return undefined;
  }
  // The server draws a seed when none is given, whatever the description says.
  if (isServersOwn("seed", old.kind) && old.name === "seed" && isServersOwn("seed", now.kind)) {
    return "seed-default-changed";
  }
  if (before === null) return "param-default-added";
  return after === null ? "param-default-removed" : "param-default-changed";
}
