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
  /** What the flow uses when the parameter is left out. Never sent by the client. */
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
