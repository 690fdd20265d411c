/** Compares the choices of a parameter. */
import type { Facet } from "./facet.js";

export const choicesFacet: Facet = (old, now) => {
  if (old.choices === undefined || now.choices === undefined) return [];
  const before = new Set(old.choices);
  const after = new Set(now.choices);
  const removed = old.choices.filter((choice) => !after.has(choice));
  const added = now.choices.filter((choice) => !before.has(choice));
  const keptBefore = old.choices.filter((choice) => after.has(choice));
  const keptAfter = now.choices.filter((choice) => before.has(choice));
  return [
    ...(removed.length > 0
      ? [{ rule: "param-choice-removed" as const, before: removed, after: null }]
      : []),
    ...(added.length > 0
      ? [{ rule: "param-choice-added" as const, before: null, after: added }]
      : []),
    ...(keptBefore.some((choice, index) => choice !== keptAfter[index])
      ? [{ rule: "param-choice-order-changed" as const, before: keptBefore, after: keptAfter }]
      : []),
  ];
};
