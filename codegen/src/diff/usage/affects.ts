/** Decides from what a call passes whether a change affects it. Pure. */
import type { Change } from "../change.js";
import { plain, name, value } from "../phrase.js";
import type { Rule } from "../rules.js";

/** What a call passes for one parameter. */
export type Passed =
  | { readonly kind: "left-out" }
  /** Passed; these are all its possible values. */
  | { readonly kind: "known"; readonly values: readonly (string | number | boolean)[] }
  /** Passed, with a value known only at run time. */
  | { readonly kind: "unknown" }
  /** The source does not show whether it is passed. */
  | { readonly kind: "hidden" };

/** The name under which code written before the change passes the parameter. */
export function oldParameterName({ rule, parameter, before }: Change): string | null {
  return rule === "param-renamed" ? String(before) : parameter;
}

/** Changes that affect calls which omit the parameter. */
const MISSED: ReadonlySet<Rule> = new Set<Rule>([
  "param-added-required",
  "param-now-required",
  "param-default-changed",
  "param-default-added",
  "param-default-removed",
]);

/** What to show of a call that a change affects; undefined when it does not. */
export function affects(change: Change, passed: Passed): string | undefined {
  const parameter = name(oldParameterName(change) ?? "").code;
  if (MISSED.has(change.rule)) {
    if (passed.kind === "left-out") return `leaves out ${parameter}`;
    return passed.kind === "hidden" ? `may leave out ${parameter}` : undefined;
  }
  switch (passed.kind) {
    case "left-out":
      return undefined;
    case "hidden":
      return `may pass ${parameter}`;
    case "unknown":
      return `passes ${parameter}`;
    case "known": {
      const touched = passed.values.filter((one) => !stillFits(change, one));
      return touched.length === 0
        ? undefined
        : `${parameter}: ${touched.map((one) => plain([value(one)])).join(" or ")}`;
    }
  }
}

/** Whether the changed parameter still accepts this value, for rules that keep some values. */
function stillFits({ rule, before, now }: Change, passed: string | number | boolean): boolean {
  switch (rule) {
    case "param-choice-removed":
      return Array.isArray(before) && !before.includes(passed);
    case "param-text-to-choice":
      return now?.choices?.includes(String(passed)) === true;
    case "param-minimum-raised":
      return typeof passed === "number" && passed >= (now?.min ?? -Infinity);
    case "param-maximum-lowered":
      return typeof passed === "number" && passed <= (now?.max ?? Infinity);
    case "param-number-to-integer":
      return Number.isInteger(passed);
    case "param-step-narrowed":
    case "param-minimum-moves-steps":
      return typeof passed === "number" && isOnStep(passed, now?.step, now?.min);
    default:
      return false;
  }
}

/** Tolerance, as a part of a step, because steps such as 0.1 have no exact binary form. */
const TOLERANCE = 1e-6;

function isOnStep(number: number, step = 0, min = 0): boolean {
  return [number, number - min].some(
    (distance) => Math.abs(distance / step - Math.round(distance / step)) <= TOLERANCE,
  );
}
