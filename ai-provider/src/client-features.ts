/** What the client is about to offer, each behind one function, so that its coming changes one line. */
import { NoSuchModelError } from "@ai-sdk/provider";
import type { Client, Flow, MediaKind, RunOptions } from "visionatrix-client";

/** The run option that makes the same call with the same parameters the same run. */
export function idempotency(key: string | undefined): RunOptions {
  return key === undefined ? {} : { idempotencyKey: key };
}

/**
 * A flow by its id, as the server describes it.
 * @throws NoSuchModelError where the client cannot look flows up, or the server has none of this id
 */
export async function lookUpFlow(client: Client, id: string): Promise<Flow<object>> {
  const { flow } = client as { flow?: (id: string) => Promise<Flow<object>> };
  if (!flow)
    throw new NoSuchModelError({
      modelId: id,
      modelType: "imageModel",
      message: `No flow ${id} is known here: give its function, or pass \`flows\` to createVisionatrix.`,
    });
  return flow(id);
}

/** The kinds of files that a flow makes; undefined where its function does not tell. */
export function kindsOf(flow: object): readonly MediaKind[] | undefined {
  return (flow as { outputs?: readonly { kind: MediaKind }[] }).outputs?.map(({ kind }) => kind);
}
