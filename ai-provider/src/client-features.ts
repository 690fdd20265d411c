/** Flows and runs as the provider needs them. */
import { NoSuchModelError } from "@ai-sdk/provider";
import {
  fileInputs,
  type Client,
  type Flow,
  type MediaKind,
  type RunOptions,
} from "visionatrix-client";

/** The run option that makes the same call with the same parameters the same run. */
export function idempotency(key: string | undefined): RunOptions {
  return key === undefined ? {} : { idempotencyKey: key };
}

/**
 * A flow by its id, as the server describes it.
 * @throws NoSuchModelError where the server has none of this id
 */
export async function lookUpFlow(client: Client, id: string): Promise<Flow<object>> {
  try {
    return (await client.flow(id, { fileInputs })) as unknown as Flow<object>;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== "flow_not_installed") throw error;
    throw new NoSuchModelError({ modelId: id, modelType: "imageModel", message });
  }
}

/** The kinds of files that a flow makes; undefined where its function does not tell. */
export function kindsOf(flow: object): readonly MediaKind[] | undefined {
  return (flow as { outputs?: readonly { kind: MediaKind }[] }).outputs?.map(({ kind }) => kind);
}
