/**
 * Compares the audience of a parameter, and whether its text can be translated. Requires a listing on both
 * sides.
 */
import type { Facet } from "./facet.js";

export const flagsFacet: Facet = (old, now) => [
  ...turn(old.hidden, now.hidden, "param-now-hidden", "param-now-shown"),
  ...turn(old.translatable, now.translatable, "param-now-translated", "param-no-longer-translated"),
  ...turn(old.advanced, now.advanced, "param-advanced-changed", "param-advanced-changed"),
];

function turn(
  before: boolean | undefined,
  after: boolean | undefined,
  on: ReturnType<Facet>[number]["rule"],
  off: ReturnType<Facet>[number]["rule"],
): ReturnType<Facet> {
  if (before === after) return [];
  return [{ rule: after ? on : off, before: before ?? false, after: after ?? false }];
}
