/** What the client is about to offer, each behind one function, so that its coming changes one line. */
import type { Client, Flow, MediaKind, RunOptions } from "visionatrix-client";
import { flows } from "visionatrix-client/flows";

/** Parameters are not known to the compiler here; the client checks them. */
export type AnyFlow = Flow<Record<string, unknown>>;

/** The run option that makes the same call with the same parameters the same run, in any process. */
export function idempotency(key: string | undefined): RunOptions {
  return key === undefined ? {} : { idempotencyKey: key };
}

/**
 * A flow by its id.
 * @throws Error for one that is not known
 */
export async function lookUpFlow(client: Client, id: string): Promise<AnyFlow> {
  const { flow } = client as { flow?: (id: string) => Promise<AnyFlow> };
  if (flow) return flow(id);
  const known = Object.values(flows).find((each) => each.id === id);
  if (!known)
    throw new Error(`There is no flow ${id} here: list_flows shows those that there are.`);
  return known as unknown as AnyFlow;
}

/** The kinds of files that a flow makes; undefined where nothing tells. */
export function kindsOf(id: string): readonly MediaKind[] | undefined {
  const known = Object.values(flows).find((each) => each.id === id) as object | undefined;
  return (known as { outputs?: readonly { kind: MediaKind }[] } | undefined)?.outputs?.map(
    ({ kind }) => kind,
  );
}
