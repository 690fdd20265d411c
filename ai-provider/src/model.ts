/** One flow as an image model. */
import type { ImageModelV3, ImageModelV3CallOptions, JSONObject } from "@ai-sdk/provider";
import type { Client, FileReference, Flow, Progress } from "visionatrix-client";
import { idempotency, kindsOf } from "./client-features.js";
import { mapCall } from "./mapping.js";
import { noPicture, picturesOf } from "./pictures.js";

/**
 * The JSON-compatible part of a parameter's values; for files these are references, addresses, and data URLs.
 */
type Json<T> = T extends
  string | number | boolean | FileReference | Readonly<Record<string, string>>
  ? T
  : T extends { readonly url: unknown }
    ? { url: string }
    : never;

/** Parameters of a flow for `providerOptions`, by wire name; all are optional. */
export type FlowOptions<FlowParams> = {
  [Name in keyof FlowParams]?: Json<Exclude<FlowParams[Name], undefined>>;
};

export interface ModelSettings {
  /** Called at every change while an image is being made; an error that it throws ends the call. */
  onProgress?: (progress: Progress) => void;
}

/** An image model; `options` builds its `providerOptions`. */
export interface VisionatrixImageModel<FlowParams = object> extends ImageModelV3 {
  /**
   * Typed `providerOptions` of this flow, e.g. `model.options({ steps_number: "8 steps" })`. They take
   * precedence over the values derived from other options of `generateImage`.
   */
  options(params: FlowOptions<FlowParams>): { visionatrix: JSONObject };
}

/** The model's `provider`, and the key of its metadata and `providerOptions`. */
const PROVIDER = "visionatrix";

/** Any large limit works; without one, the AI SDK makes one call per image, all with the same seed. */
const MAX_IMAGES_PER_CALL = 100;

export function createModel<FlowParams extends object>(
  client: Client,
  modelId: string,
  flow: () => Promise<Flow<FlowParams>>,
  { onProgress }: ModelSettings = {},
): VisionatrixImageModel<FlowParams> {
  return {
    specificationVersion: "v3",
    provider: `${PROVIDER}.image`,
    modelId,
    maxImagesPerCall: MAX_IMAGES_PER_CALL,
    options: (params) => ({ [PROVIDER]: params as JSONObject }),
    async doGenerate(call) {
      const known = await flow();
      checkKinds(known);
      const { params, warnings } = mapCall(known, call, call.providerOptions[PROVIDER]);
      const { abortSignal: signal } = call;
      // One create per call: the AI SDK retries neither errors of the client nor results with images.
      const run = await known(client, params as FlowParams, { signal, ...requestOptions(call) });
      const { images, metadata, warnings: missing } = await picturesOf(run, { signal, onProgress });
      return {
        images,
        isRetryable: false,
        warnings: [...warnings, ...missing],
        providerMetadata: { [PROVIDER]: { images: metadata } },
        response: { timestamp: new Date(), modelId, headers: undefined },
      };
    },
  };
}

/** @throws UnsupportedFunctionalityError for a flow that is known to make no images */
export function checkKinds(flow: Pick<Flow<never>, "id">): void {
  const kinds = kindsOf(flow);
  if (kinds && !kinds.includes("image")) throw noPicture(flow.id, kinds);
}

/** Headers for the create, without the AI SDK's own user agent. */
function requestOptions({ headers = {} }: ImageModelV3CallOptions): Parameters<Flow<never>>[2] {
  const sent: Record<string, string> = {};
  let key: string | undefined;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || /^user-agent$/i.test(name)) continue;
    if (/^idempotency-key$/i.test(name)) key = value;
    else sent[name] = value;
  }
  return { headers: sent, ...idempotency(key) };
}
