/**
 * The flow model: what the rest of the program knows about a description. Nothing after this step looks
 * at a description again; two models can be compared (`diff`) or written out (canonical form, modules).
 */

export type ParameterKind = "text" | "choice" | "boolean" | "number" | "integer" | "file";

/** One input of a flow. */
export interface ParameterModel extends ParameterFlags {
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
  /**
   * Of a file: the document names a sample as its default, so that it cannot tell whether the file is
   * required (contract 2.1). A listing tells; a snapshot never has this.
   */
  readonly sample?: true;
}

/** What only a server's listing tells of a parameter. */
export interface ParameterFlags {
  /** Meant for those who know the flow well. */
  readonly advanced?: true;
  /** Not meant for people. */
  readonly hidden?: true;
  /** A text that the server can translate to English first. */
  readonly translatable?: true;
}

/** What an output node makes; the server's names. */
export const OUTPUT_KINDS = [
  "image",
  "image-animated",
  "video",
  "audio",
  "text",
  "3d-model",
] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];

/** An output node of a flow. */
export interface OutputModel {
  /** Id of the node. */
  readonly node: number;
  readonly kind: OutputKind;
  /** Falls away when an optional file is left out. */
  readonly optional?: true;
}

/** What only a server's listing tells of a flow; each left out where it is not known. */
export interface FlowFacts {
  /** Name for people. */
  readonly title?: string;
  /** In the author's order, without repeats. */
  readonly tags?: readonly string[];
  readonly version?: string;
  /** Meant for the server's own use. */
  readonly hidden?: true;
  /** Not in the public catalogue. */
  readonly private?: true;
  /** Sorted by node, at least one. They are in no listing: they follow from the workflow. */
  readonly outputs?: readonly OutputModel[];
}

/** One flow: its id (the last part of the path) and its inputs, the standard ones first. */
export interface FlowModel extends FlowFacts {
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
