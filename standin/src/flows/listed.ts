/** A flow as `/vapi/flows/installed` lists it, with the server's names. All other data is derived from it. */

/** What an output node makes. */
export type OutputType = "image" | "image-animated" | "video" | "audio" | "text" | "3d-model";

export interface FlowOutput {
  /** Id of the node that makes the files. */
  readonly node: number;
  readonly type: OutputType;
  /**
   * Inputs that the output needs, including files and `"seed"`. If one is missing or the engine refuses its
   * value, a task makes only its other outputs. Default: all values, and no optional file.
   */
  readonly needs?: readonly string[];
}

export type ListedType =
  "text" | "list" | "bool" | "range" | "range_scale" | "image" | "image-mask" | "video";

export interface ListedInput {
  readonly name: string;
  readonly display_name: string;
  /** Enforced for files only. */
  readonly optional: boolean;
  readonly advanced: boolean;
  readonly order: number;
  readonly hidden: boolean;
  readonly translatable: boolean;
  /** The image that a mask or a scale is for. */
  readonly source_input_name?: string;
  readonly type: ListedType;
  readonly default: string | number | boolean | null;
  /** The node of the workflow that gets the value, and the path to it there. */
  readonly comfy_node_id: Readonly<Record<string, readonly string[]>>;
  /** For lists: each choice as shown and sent, and the value that the workflow gets for it. */
  readonly options?: Readonly<Record<string, string>>;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly dynamic_lora?: boolean;
  readonly trigger_words?: readonly string[];
}

export interface SubFlow {
  readonly display_name: string;
  readonly type: "image" | "image-inpaint" | "video";
  /** The inputs that differ, by name, with the values that differ. */
  readonly input_params: readonly (Partial<ListedInput> & { readonly name: string })[];
}

export interface ListedModel {
  readonly name: string;
  readonly types: readonly string[];
  readonly gated: boolean;
  readonly file_size: number;
}

/** The facts of a listing. Texts and changing values are added when it is shown. */
export interface ListedFlow {
  readonly name: string;
  readonly display_name: string;
  /** Only what an admin wrote: the stand-in does not copy the server's texts. */
  readonly description?: string;
  readonly license?: string;
  readonly author: string;
  readonly tags: readonly string[];
  readonly sub_flows: readonly SubFlow[];
  readonly models: readonly ListedModel[];
  readonly input_params: readonly ListedInput[];
  readonly version: string;
  readonly requires: readonly string[];
  /** Not in any catalogue. */
  readonly private: boolean;
  /** For the server's own use. */
  readonly hidden: boolean;
  readonly is_seed_supported: boolean;
  readonly is_count_supported: boolean;
  readonly is_translations_supported: boolean;
  readonly is_macos_supported: boolean;
  readonly required_memory_gb: number;
  readonly lora_connect_points: Readonly<Record<string, unknown>>;
  readonly is_surprise_me_supported: boolean;
  readonly remote_vae: boolean;
  /** Whether the documentation has a page about it. */
  readonly documented: boolean;
}
