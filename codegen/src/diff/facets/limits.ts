/** Compares the minimum and maximum of a number. */
import type { Facet } from "./facet.js";
import { isNumeric, refusesOldStep } from "./step.js";

export const limitsFacet: Facet = (old, now) => {
  if (!isNumeric(old) || !isNumeric(now)) return [];
  const least = compare(old.min ?? -Infinity, now.min ?? -Infinity);
  const greatest = compare(old.max ?? Infinity, now.max ?? Infinity);
  return [
    ...(least === 0
      ? []
      : [
          {
            rule: least < 0 ? loweredRule(old, now) : ("param-minimum-raised" as const),
            before: old.min ?? null,
            after: now.min ?? null,
          },
        ]),
    ...(greatest === 0
      ? []
      : [
          {
            rule:
              greatest < 0 ? ("param-maximum-lowered" as const) : ("param-maximum-raised" as const),
            before: old.max ?? null,
            after: now.max ?? null,
          },
        ]),
  ];
};

/** Steps count from the minimum: with another minimum, values that were on a step may not be any more. */
function loweredRule(
  ...[old, now]: Parameters<Facet>
): "param-minimum-moves-steps" | "param-minimum-lowered" {
  return old.step === now.step && refusesOldStep(old, now)
    ? "param-minimum-moves-steps"
    : "param-minimum-lowered";
}

function compare(before: number, after: number): -1 | 0 | 1 {
  return after < before ? -1 : after > before ? 1 : 0;
}
