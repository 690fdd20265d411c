/** What a generated module is made of: codegen writes one `defineFlow` call per flow. */
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

/** What a flow function is called with: the part of a client that creates tasks. */
export interface Submitter {
  /** Creates the tasks of a call. Flow functions call it; programs call those. */
  submit<Params extends object, Kind extends MediaKind>(
    flow: Flow<Params, Kind>,
    params: Params,
    options?: RunOptions,
  ): PendingRun<Kind>;
}

/** What is known of a flow beside its parameters. */
export interface FlowExtras {
  /** The code for files, of flows that take some. */
  readonly fileInputs?: FileInputs;
  /** Name for people. */
  readonly title?: string;
  readonly tags?: readonly string[];
  /** Version that the description told of. */
  readonly version?: string;
  /** Left out where they are unknown. */
  readonly outputs?: readonly FlowOutput[];
}

/** A typed request function: call it to submit, read its members to build a form. */
// `in` and `out` spare every program that imports a flow the compiler's work of finding them out.
export interface Flow<in Params, out Kind extends MediaKind = MediaKind>
  extends FlowShape, FlowExtras {
  (client: Submitter, params: Params, options?: RunOptions): PendingRun<Kind>;
}

/** Makes a flow function. For generated modules; `parameters` are in the order of the description. */
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
