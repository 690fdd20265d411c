/** Descriptions of 52, 520, 2,600 … flows, as a server would write them. */
import { readFileSync } from "node:fs";
import { readDescription, type Model } from "visionatrix-codegen";
import { serverDocument } from "../../test/codegen/support/documents.js";

/** The public flows, repeated under other ids until there are `count`. */
export function manyFlows(count: number): Model {
  const { flows } = readDescription(readFileSync("specs/flows.openapi.json", "utf8"));
  return {
    flows: Array.from({ length: count }, (_, index) => {
      const flow = flows[index % flows.length];
      const round = Math.floor(index / flows.length);
      if (flow === undefined) throw new Error("The snapshot has no flows.");
      return round === 0 ? flow : { ...flow, id: `v${round}_${flow.id}` };
    }),
  };
}

/** The description of those flows. */
export function describe(model: Model): string {
  return serverDocument(model, { baseEndpoints: false });
}

/** The same flows, with one parameter of one of them changed. */
export function withOneChange({ flows }: Model): Model {
  const [first, ...rest] = flows;
  if (first === undefined) throw new Error("There are no flows.");
  const parameters = first.parameters.map((parameter, index, all) =>
    index === all.length - 1 ? { ...parameter, label: "Another label" } : parameter,
  );
  return { flows: [{ ...first, parameters }, ...rest] };
}
