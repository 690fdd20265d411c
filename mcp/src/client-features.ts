/** Flows and runs as the tools need them. */
import {
  fileInputs,
  type Client,
  type Flow,
  type MediaKind,
  type RunOptions,
} from "visionatrix-client";
import { flows } from "visionatrix-client/flows";

/** Parameters are not known to the compiler here; the client checks them. */
export type AnyFlow = Flow<Record<string, unknown>>;

/** The run option that makes the same call with the same parameters the same run, in any process. */
export function idempotency(key: string | undefined): RunOptions {
  return key === undefined ? {} : { idempotencyKey: key };
}

/**
 * A flow by its id: generated, or as the server lists it.
 * @throws Error for one that is not known
 */
export async function lookUpFlow(client: Client, id: string): Promise<AnyFlow> {
  const known = Object.values(flows).find((each) => each.id === id);
  if (known) return known as unknown as AnyFlow;
  return client.flow(id, { fileInputs }).catch((error: unknown) => {
    if ((error as { code?: string }).code !== "flow_not_installed") throw error;
    throw new Error(`${(error as Error).message}: list_flows shows those that there are.`);
  });
}

/** The kinds of files that a flow makes; undefined where nothing tells. */
export function kindsOf(id: string): readonly MediaKind[] | undefined {
  const known = Object.values(flows).find((each) => each.id === id) as object | undefined;
  return (known as { outputs?: readonly { kind: MediaKind }[] } | undefined)?.outputs?.map(
    ({ kind }) => kind,
  );
}
