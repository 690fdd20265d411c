/** Client features as the provider needs them. */
import { NoSuchModelError } from "@ai-sdk/provider";
import {
  fileInputs,
  type Client,
  type Flow,
  type MediaKind,
  type RunOptions,
} from "visionatrix-client";

/** The run option that makes repeated calls with the same parameters share one run. */
export function idempotency(key: string | undefined): RunOptions {
  return key === undefined ? {} : { idempotencyKey: key };
}

/**
 * Finds a flow by id, as the server describes it.
 * @throws NoSuchModelError when the server has no flow with this id
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

/** The kinds of files that a flow makes; undefined when its function does not say. */
export function kindsOf(flow: object): readonly MediaKind[] | undefined {
  return (flow as { outputs?: readonly { kind: MediaKind }[] }).outputs?.map(({ kind }) => kind);
}
