/** Every kind of change, what it means for callers, and what it is called. The ids are an interface. */

/**
 * What a change means for callers of the flows. `breaking`: code stops compiling, or an accepted call starts
 * failing; `behaviour`: the same call does something else; `addition`: only new things; `docs`: only texts
 * changed.
 */
export type ChangeClass = "breaking" | "behaviour" | "addition" | "docs";

/** All classes, most severe first. */
export const CLASSES: readonly ChangeClass[] = ["breaking", "behaviour", "addition", "docs"];

/** Rule id → class. The order is that of changes of one class within a report. */
export const RULES = {
  "flow-removed": "breaking",
  "flow-renamed": "breaking",
  "flow-added": "addition",
  "output-removed": "breaking",
  "output-kind-changed": "breaking",
  "output-moved": "behaviour",
  "output-now-optional": "behaviour",
  "output-now-certain": "addition",
  "output-added": "addition",
  "param-removed": "breaking",
  "param-renamed": "breaking",
  "param-added-required": "breaking",
  "param-added": "addition",
  "param-now-required": "breaking",
  "param-now-optional": "addition",
  "standard-param-removed": "breaking",
  "standard-param-added": "addition",
  "param-type-changed": "breaking",
  "param-type-narrowed": "breaking",
  "param-type-widened": "addition",
  "param-file-to-value": "breaking",
  "param-value-to-file": "breaking",
  "param-text-to-choice": "breaking",
  "param-choice-to-text": "addition",
  "param-number-to-integer": "breaking",
  "param-integer-to-number": "addition",
  "param-media-changed": "breaking",
  "param-media-widened": "addition",
  "param-choice-removed": "breaking",
  "param-choice-added": "addition",
  "param-minimum-raised": "breaking",
  "param-minimum-moves-steps": "breaking",
  "param-minimum-lowered": "addition",
  "param-maximum-lowered": "breaking",
  "param-maximum-raised": "addition",
  "param-step-narrowed": "breaking",
  "param-step-widened": "addition",
  "param-default-changed": "behaviour",
  "param-default-added": "behaviour",
  "param-default-removed": "behaviour",
  "param-now-hidden": "behaviour",
  "param-now-shown": "addition",
  "param-now-translated": "behaviour",
  "param-no-longer-translated": "behaviour",
  "flow-title-changed": "docs",
  "flow-tags-changed": "docs",
  "flow-version-changed": "docs",
  "flow-visibility-changed": "docs",
  "seed-default-changed": "docs",
  "param-advanced-changed": "docs",
  "param-label-changed": "docs",
  "param-choice-order-changed": "docs",
  "param-order-changed": "docs",
} as const satisfies Record<string, ChangeClass>;

/** Stable id of a kind of change. */
export type Rule = keyof typeof RULES;

/** All rule ids, in the order of the table. */
export const RULE_IDS = Object.keys(RULES) as readonly Rule[];
