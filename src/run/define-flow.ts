/** The building block of generated modules: codegen writes one `defineFlow` call per flow. */
import {
  STANDARD_PARAMETERS,
  type FlowOutput,
  type FlowShape,
  type MediaKind,
  type Parameter,
  type StandardName,
} from "../flow/parameter.js";
import type { FileInputs } from "../submit/file-inputs.js";
import { checkClient } from "./check-call.js";
import { loadFileInputs } from "./file-code.js";
import type { PendingRun, RunOptions } from "./run.js";

/** The part of a client that creates tasks. Flow functions take it as their first argument. */
export interface Submitter {
  /** Creates the tasks of a call. Flow functions call it; programs call flow functions. */
  submit<Params extends object, Kind extends MediaKind>(
    flow: Flow<Params, Kind>,
    params: Params,
    options?: RunOptions,
  ): PendingRun<Kind>;
}

/** Facts about a flow other than its parameters. */
export interface FlowExtras {
  /** The code for files, for flows that take files. */
  readonly fileInputs?: FileInputs;
  /** Display name. */
  readonly title?: string;
  readonly tags?: readonly string[];
  /** Version of the flow that the code was generated from. */
  readonly version?: string;
  /** Left out when unknown. */
  readonly outputs?: readonly FlowOutput[];
}

/** A typed request function: call it to submit, read its members to build a form. */
// Explicit `in` and `out` save the compiler from inferring variance in every program that imports a flow.
export interface Flow<in Params, out Kind extends MediaKind = MediaKind>
  extends FlowShape, FlowExtras {
  (client: Submitter, params: Params, options?: RunOptions): PendingRun<Kind>;
}

/** Creates a flow function. For generated modules; `parameters` are in the order of the flow description. */
export function defineFlow<Params extends object, Kind extends MediaKind = MediaKind>(
  id: string,
  parameters: readonly (StandardName | Parameter)[],
  extras: FlowExtras = {},
): Flow<Params, Kind> {
  if (extras.fileInputs) loadFileInputs(extras.fileInputs);
  const flow: Flow<Params, Kind> = Object.assign(
    (client: Submitter, params: Params, options?: RunOptions): PendingRun<Kind> => {
      checkClient(client, id);
      return client.submit(flow, params, options);
    },
    {
      ...extras,
      id,
      parameters: parameters.map((parameter) =>
        typeof parameter === "string"
          ? { name: parameter, ...STANDARD_PARAMETERS[parameter] }
          : parameter,
      ),
    },
  );
  return flow;
}
