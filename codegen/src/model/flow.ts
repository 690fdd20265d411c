/**
 * The flow model: everything the rest of the program knows about a description. No later step reads the
 * description again. Two models can be compared (`diff`), or one written out (canonical form, modules).
 */

export type ParameterKind = "text" | "choice" | "boolean" | "number" | "integer" | "file";

/** One input of a flow. */
export interface ParameterModel extends ParameterFlags {
  /** Wire name, as sent in the form. */
  readonly name: string;
  readonly kind: ParameterKind;
  /** Label on the Flows page. */
  readonly label: string;
  /** True if the caller must give a value; never together with `default`. */
  readonly required: boolean;
  /**
   * Value used when the parameter is left out. A number for kind `text` means that numbers are accepted too.
   */
  readonly default?: string | number | boolean;
  readonly min?: number;
  readonly max?: number;
  /** Distance between allowed values (`multipleOf`). */
  readonly step?: number;
  /** For `choice`: at least one text, without repeats, in the author's order. */
  readonly choices?: readonly string[];
  /** For `file`: the accepted media types, e.g. `image/*`. */
  readonly accept?: string;
  /** Whether it is the server's own parameter, exactly as every server defines it (see standard.ts). */
  readonly standard: boolean;
  /**
   * For a file: the document names a sample as its default, so it does not tell whether the file is required
   * (contract 2.1). A listing does; a snapshot never has this flag.
   */
  readonly sample?: true;
}

/** Facts about a parameter that only a server's listing has. */
export interface ParameterFlags {
  /** For experts. */
  readonly advanced?: true;
  /** Internal: not shown to people. */
  readonly hidden?: true;
  /** A text that the server can first translate to English. */
  readonly translatable?: true;
}

/** What an output node makes, in the server's names. */
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
  /** Missing when an optional file is left out. */
  readonly optional?: true;
}

/** Facts about a flow that only a server's listing has; each is left out when unknown. */
export interface FlowFacts {
  /** Display name. */
  readonly title?: string;
  /** In the author's order, without repeats. */
  readonly tags?: readonly string[];
  readonly version?: string;
  /** For the server's own use. */
  readonly hidden?: true;
  /** Not in the public catalogue. */
  readonly private?: true;
  /** Sorted by node, at least one. Not in a listing: they are derived from the workflow. */
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
