/**
 * The flow model: what the rest of the program knows about a description. Nothing after this step looks
 * at a description again; two models can be compared (`diff`) or written out (canonical form, modules).
 */

export type ParameterKind = "text" | "choice" | "boolean" | "number" | "integer" | "file";

/** One input of a flow. */
export interface ParameterModel {
  /** Wire name, as sent in the form. */
  readonly name: string;
  readonly kind: ParameterKind;
  /** What the Flows page shows. */
  readonly label: string;
  /** True where the caller must give a value; never together with `default`. */
  readonly required: boolean;
  /** What runs when the parameter is left out. A number at kind `text` means that numbers are fine too. */
  readonly default?: string | number | boolean;
  readonly min?: number;
  readonly max?: number;
  /** Distance between allowed values (`multipleOf`). */
  readonly step?: number;
  /** For `choice`: at least one text, without repeats, in the author's order. */
  readonly choices?: readonly string[];
  /** For `file`: the media types taken, e.g. `image/*`. */
  readonly accept?: string;
  /** The server's own parameter, exactly as every server defines it (see standard.ts). */
  readonly standard: boolean;
}

/** One flow: its id (the last part of the path) and its inputs, the standard ones first. */
export interface FlowModel {
  readonly id: string;
  readonly parameters: readonly ParameterModel[];
}

/** All flows of one description, sorted by id. */
export interface Model {
  readonly flows: readonly FlowModel[];
}

/** Compares texts by code unit: the same order on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The label that a parameter has when its author gave none: `steps_number` → `Steps number`. */
export function defaultLabel(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
