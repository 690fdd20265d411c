/**
 * The parameters of a flow, as data. Codegen writes them into each generated module; everything at run time
 * reads them: checks, encoding, forms in a browser.
 */

/** What an output node makes, in the server's names. */
export type MediaKind = "image" | "image-animated" | "video" | "audio" | "text" | "3d-model";

/** An output node of a flow. */
export interface FlowOutput {
  /** Id of the node. */
  readonly node: number;
  readonly kind: MediaKind;
  /** Missing when an optional file is left out. */
  readonly optional?: true;
}

/** One input of a flow, as its description states it. */
export interface Parameter {
  /** Wire name, e.g. `steps_number`. */
  readonly name: string;
  readonly type: "text" | "choice" | "boolean" | "number" | "integer" | "file";
  /** Label on the Flows page; omitted when it is the name with spaces and a capital letter. */
  readonly label?: string;
  readonly required?: true;
  /**
   * Value that the flow uses when the parameter is left out. Never sent by the client. A long text is cut and
   * ends with `…`.
   */
  readonly default?: string | number | boolean;
  readonly min?: number;
  readonly max?: number;
  /** Values are `min` (or 0 without one) plus a multiple of this. */
  readonly step?: number;
  /** For `choice`: the values the server accepts, in the order of the description. */
  readonly choices?: readonly string[];
  /** For `file`: the accepted media types, e.g. `image/*`. */
  readonly accept?: string;
  /** For experts: forms collapse it. */
  readonly advanced?: true;
  /** Internal: forms do not show it. */
  readonly hidden?: true;
  /** A text that the server can first translate to English (`translate`). */
  readonly translatable?: true;
}

/** What is needed to check and encode a call of a flow. */
export interface FlowShape {
  /** Flow id, as in `PUT /vapi/tasks/create/{id}`. */
  readonly id: string;
  readonly parameters: readonly Parameter[];
}

/** The parameters that the server itself defines. A flow lists the names of those it takes. */
export type StandardName =
  | "group_scope"
  | "priority"
  | "child_task"
  | "webhook_url"
  | "webhook_headers"
  | "seed"
  | "count"
  | "translate"
  | "surprise_me";

const flag = { type: "integer", min: 0, max: 1, default: 0 } as const;

/**
 * Definitions of the standard parameters, as servers of version 2.7 describe them, for flows that do not
 * override them.
 */
export const STANDARD_PARAMETERS: Readonly<Record<StandardName, Omit<Parameter, "name">>> = {
  group_scope: { type: "integer", min: 1, max: 255, default: 1 },
  priority: { type: "integer", min: 0, max: 15, default: 0 },
  child_task: flag,
  webhook_url: { type: "text", label: "Webhook URL", default: "" },
  webhook_headers: { type: "text", default: "" },
  // The description's default of 1 does not apply: the server draws a seed when none is sent.
  seed: { type: "integer", min: 0 },
  count: { type: "integer", min: 1, default: 1 },
  translate: flag,
  surprise_me: flag,
};

/** The label of a parameter in a form. */
export function labelOf({ name, label }: Parameter): string {
  return label ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
}

/** Whether an integer is a flag to the server. */
export function isFlag({ type, min, max }: Parameter): boolean {
  return type === "integer" && min === 0 && max === 1;
}
