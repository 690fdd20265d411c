/** What a facet is: the comparison of one side of a parameter, one file each in this folder. */
import type { ParameterModel } from "../../model/flow.js";
import type { Finding } from "../change.js";

/** Compares one side of a parameter that is in both descriptions. */
export type Facet = (
  old: ParameterModel,
  now: ParameterModel,
) => readonly Pick<Finding, "rule" | "before" | "after">[];
