/** A facet compares one aspect of a parameter; this folder has one file for each. */
import type { ParameterModel } from "../../model/flow.js";
import type { Finding } from "../change.js";

/** Compares one aspect of a parameter that is in both descriptions. */
export type Facet = (
  old: ParameterModel,
  now: ParameterModel,
) => readonly Pick<Finding, "rule" | "before" | "after">[];
