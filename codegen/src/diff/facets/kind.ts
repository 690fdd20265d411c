/** Compares the type of a parameter: text, choice, number, file … */
import type { ParameterKind, ParameterModel } from "../../model/flow.js";
import type { Rule } from "../rules.js";
import { describeKind } from "../shape.js";
import type { Facet } from "./facet.js";

export const kindFacet: Facet = (old, now) => {
  const rule = kindRule(old, now);
  return rule === undefined ? [] : [{ rule, before: describeKind(old), after: describeKind(now) }];
};

function kindRule(old: ParameterModel, now: ParameterModel): Rule | undefined {
  const before = effective(old);
  const after = effective(now);
  if (before === after) return undefined;
  if (before === "file") return "param-file-to-value";
  if (after === "file") return "param-value-to-file";
  return TURNS.get(`${before} ${after}`) ?? "param-type-changed";
}

/** A text with a numeric default accepts numbers too, also in the generated type. */
function effective({ kind, default: value }: ParameterModel): ParameterKind | "text or number" {
  return kind === "text" && typeof value === "number" ? "text or number" : kind;
}

/** Type changes that have their own rules. */
const TURNS: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["text choice", "param-text-to-choice"],
  ["choice text", "param-choice-to-text"],
  ["text or number choice", "param-text-to-choice"],
  ["choice text or number", "param-choice-to-text"],
  ["number integer", "param-number-to-integer"],
  ["integer number", "param-integer-to-number"],
  ["text or number text", "param-type-narrowed"],
  ["text text or number", "param-type-widened"],
  ["text or number number", "param-type-narrowed"],
  ["number text or number", "param-type-widened"],
  ["text or number integer", "param-type-narrowed"],
  ["integer text or number", "param-type-widened"],
]);
