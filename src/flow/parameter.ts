/**
 * What a flow takes, as data. Codegen writes it into each generated module; everything that happens at
 * run time — checks, encoding, forms in a browser — reads it.
 */

/** What an output node makes; the server's names. */
export type MediaKind = "image" | "image-animated" | "video" | "audio" | "text" | "3d-model";

/** An output node of a flow. */
export interface FlowOutput {
  /** Id of the node. */
  readonly node: number;
  readonly kind: MediaKind;
  /** Falls away when an optional file is left out. */
  readonly optional?: true;
}

/** One input of a flow, as the description states it. */
export interface Parameter {
  /** Wire name, e.g. `steps_number`. */
  readonly name: string;
  readonly type: "text" | "choice" | "boolean" | "number" | "integer" | "file";
  /** What the Flows page shows; left out when it is the name with spaces and a capital letter. */
  readonly label?: string;
  readonly required?: true;
  /**
   * What the flow uses when the parameter is left out. Never sent by the client. Of a long text only the
   * start, with `…` at the end.
   */
  readonly default?: string | number | boolean;
  readonly min?: number;
  readonly max?: number;
  /** Values are `min`, or 0 where there is none, plus a multiple of this. */
  readonly step?: number;
  /** For `choice`: the values the server takes, in the order of the description. */
  readonly choices?: readonly string[];
  /** For `file`: the media types taken, e.g. `image/*`. */
  readonly accept?: string;
  /** Meant for those who know the flow well: forms fold it away. */
  readonly advanced?: true;
  /** Not meant for people: forms do not show it. */
  readonly hidden?: true;
  /** A text that the server can translate to English first (`translate`). */
  readonly translatable?: true;
}

/** What is needed of a flow to check and encode a call of it. */
export interface FlowShape {
  /** Flow id, as in `PUT /vapi/tasks/create/{id}`. */
  readonly id: string;
  readonly parameters: readonly Parameter[];
}

/** The parameters that the server itself defines; a flow lists the names of those that it takes. */
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

/** Definitions of the standard parameters, for flows that do not differ. As servers of version 2.7 describe them. */
export const STANDARD_PARAMETERS: Readonly<Record<StandardName, Omit<Parameter, "name">>> = {
  group_scope: { type: "integer", min: 1, max: 255, default: 1 },
  priority: { type: "integer", min: 0, max: 15, default: 0 },
  child_task: flag,
  webhook_url: { type: "text", label: "Webhook URL", default: "" },
  webhook_headers: { type: "text", default: "" },
  // The description's default of 1 is not what happens: the server draws a seed when none is sent.
  seed: { type: "integer", min: 0 },
  count: { type: "integer", min: 1, default: 1 },
  translate: flag,
  surprise_me: flag,
};

/** What a form shows beside a parameter. */
export function labelOf({ name, label }: Parameter): string {
  return label ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
}

/** Whether an integer is a yes or no to the server. */
export function isFlag({ type, min, max }: Parameter): boolean {
  return type === "integer" && min === 0 && max === 1;
}
