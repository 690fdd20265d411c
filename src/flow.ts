/**
 * What a generated module is made of. Codegen writes one `defineFlow` call per flow; everything that
 * happens at run time — checks, encoding, forms in a browser — reads the parameters given here.
 */
import type { Client } from "./client.js";
import type { PendingRun } from "./run.js";
import type { RunOptions } from "./options.js";

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

/** A typed request function: call it to submit, read `id` and `parameters` to build a form. */
export interface Flow<Params> {
  (client: Client, params: Params, options?: RunOptions): PendingRun;
  /** Flow id, as in `PUT /vapi/tasks/create/{id}`. */
  readonly id: string;
  readonly parameters: readonly Parameter[];
}

const flag = { type: "integer", min: 0, max: 1, default: 0 } as const;

/** Their definitions, for flows that do not differ. As servers of version 2.7 describe them. */
const STANDARD: Readonly<Record<StandardName, Omit<Parameter, "name">>> = {
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

/** The code for files, which generated modules of flows with a file parameter pass to `defineFlow`. */
export const fileInputs = {} as const;

/** Makes a flow function. For generated modules; `parameters` are in the order of the description. */
export function defineFlow<Params extends object>(
  id: string,
  parameters: readonly (StandardName | Parameter)[],
  _extras: { readonly fileInputs?: typeof fileInputs } = {},
): Flow<Params> {
  const flow = (client: Client, params: Params, options?: RunOptions): PendingRun =>
    client.submit(flow, params, options);
  flow.id = id;
  flow.parameters = parameters.map((parameter) =>
    typeof parameter === "string" ? { name: parameter, ...STANDARD[parameter] } : parameter,
  );
  return flow;
}

/** What a form shows beside a parameter. */
export function labelOf({ name, label }: Parameter): string {
  return label ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
}
