/** Whether a call is touched by a change: decided from what the call passes. Pure. */
import type { Change } from "../change.js";
import { plain, name, value } from "../phrase.js";
import type { Rule } from "../rules.js";

/** What a call passes for one parameter. */
export type Passed =
  | { readonly kind: "left-out" }
  /** Passed, and these are all the values that it can have. */
  | { readonly kind: "known"; readonly values: readonly (string | number | boolean)[] }
  /** Passed, with a value that only the running program knows. */
  | { readonly kind: "unknown" }
  /** Nobody can tell from here whether it is passed. */
  | { readonly kind: "hidden" };

/** The name under which code written before the change passes the parameter. */
export function oldParameterName({ rule, parameter, before }: Change): string | null {
  return rule === "param-renamed" ? String(before) : parameter;
}

/** Changes that touch the calls which leave the parameter out. */
const MISSED: ReadonlySet<Rule> = new Set<Rule>([
  "param-added-required",
  "param-now-required",
  "param-default-changed",
  "param-default-added",
  "param-default-removed",
]);

/** What to show of a call that a change touches; undefined where it touches none of it. */
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

/** Whether the changed parameter still takes this value, for rules that leave some values in. */
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

/** Steps such as 0.1 have no exact binary form; this much of a step is forgiven. */
const TOLERANCE = 1e-6;

function isOnStep(number: number, step = 0, min = 0): boolean {
  return [number, number - min].some(
    (distance) => Math.abs(distance / step - Math.round(distance / step)) <= TOLERANCE,
  );
}
