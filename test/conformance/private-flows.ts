/** Private flows, for facts that no public flow shows. */
import type { StandinOptions } from "visionatrix-standin";

const FILE = {
  anyOf: [{ type: "string", format: "binary" }, { type: "string" }],
  contentMediaType: "image/*",
};

const PROPERTIES: Readonly<Record<string, object>> = {
  two_outputs: { seed: { type: "integer", default: 1 }, prompt: { type: "string" } },
  needs_photo: { prompt: { type: "string" }, photo: FILE },
  sample_file: { photo: { ...FILE, default: "x.png" } },
};

function put(properties: object): object {
  const schema = { type: "object", properties };
  return { put: { requestBody: { content: { "multipart/form-data": { schema } } } } };
}

export const privateFlows: Pick<StandinOptions, "flows" | "outputs" | "flowFacts"> = {
  flows: {
    openapi: "3.1.0",
    info: { title: "private flows", version: "1" },
    paths: Object.fromEntries(
      Object.entries(PROPERTIES).map(([id, properties]) => [
        `/vapi/tasks/create/${id}`,
        put(properties),
      ]),
    ),
  },
  outputs: {
    two_outputs: [
      { node: 5, type: "image" },
      { node: 6, type: "image", needs: ["prompt"] },
    ],
    needs_photo: [{ node: 5, type: "image", needs: ["photo"] }],
  },
  flowFacts: {
    two_outputs: {
      displayName: "Two of them",
      hidden: true,
      inputs: { prompt: { displayName: "What to draw", advanced: true, hidden: true } },
    },
  },
};
