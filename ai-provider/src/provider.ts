/** The provider: image models by flow function or by id. */
import { NoSuchModelError, type ProviderV3 } from "@ai-sdk/provider";
import type { Client, Flow } from "visionatrix-client";
import { lookUpFlow } from "./client-features.js";
import {
  checkKinds,
  createModel,
  type ModelSettings,
  type VisionatrixImageModel,
} from "./model.js";

export interface VisionatrixSettings {
  /** A client of `visionatrix-client`: address, credentials, limits. */
  client: Client;
  /**
   * Flows for lookup by id: `{ sdxlLighting }`, or `flows` of `visionatrix-client/flows` for all. Models by
   * flow function need none, so that a bundler leaves the other flows out.
   */
  flows?: Readonly<Record<string, Flow<never>>>;
}

export interface VisionatrixProvider extends ProviderV3 {
  /**
   * The image model of a flow.
   * @throws UnsupportedFunctionalityError when the flow makes no images
   */
  image<FlowParams extends object>(
    flow: Flow<FlowParams>,
    settings?: ModelSettings,
  ): VisionatrixImageModel<FlowParams>;
  /**
   * The image model of a flow, by the flow's id.
   * @throws NoSuchModelError when `flows` was given and does not contain it
   */
  image(id: string, settings?: ModelSettings): VisionatrixImageModel;
  imageModel(id: string): VisionatrixImageModel;
}

/** Creates a provider for `generateImage` of AI SDK 6 and 7. Sends no request. */
export function createVisionatrix({ client, flows }: VisionatrixSettings): VisionatrixProvider {
  const byFlow = <FlowParams extends object>(
    flow: Flow<FlowParams>,
    settings?: ModelSettings,
  ): VisionatrixImageModel<FlowParams> => {
    checkKinds(flow);
    return createModel(client, flow.id, () => Promise.resolve(flow), settings);
  };
  const byId = (id: string, settings?: ModelSettings): VisionatrixImageModel => {
    if (!flows) return createModel(client, id, () => lookUpFlow(client, id), settings);
    const flow = Object.values(flows).find((each) => each.id === id);
    if (!flow) throw new NoSuchModelError({ modelId: id, modelType: "imageModel" });
    // The parameters of a flow looked up by id have no types; the client checks them.
    return byFlow(flow as Flow<object>, settings);
  };
  const none = (modelType: "languageModel" | "embeddingModel") => (modelId: string) => {
    throw new NoSuchModelError({ modelId, modelType });
  };
  return {
    specificationVersion: "v3",
    image: <FlowParams extends object>(
      flow: Flow<FlowParams> | string,
      settings?: ModelSettings,
    ) =>
      typeof flow === "string"
        ? (byId(flow, settings) as VisionatrixImageModel<FlowParams>)
        : byFlow(flow, settings),
    imageModel: (id) => byId(id),
    languageModel: none("languageModel"),
    embeddingModel: none("embeddingModel"),
  };
}
