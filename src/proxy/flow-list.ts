/** The flows that pages may run: those that the site names, or all that the server has installed. */
import type { InstalledFlow } from "../../generated/tasks.js";
import { listedFlow } from "../flow/installed-flow.js";
import { STANDARD_PARAMETERS, type FlowShape, type Parameter } from "../flow/parameter.js";
import type { Api } from "../http/api.js";
import { installedFlows } from "../http/endpoints.js";
import { shownFlow } from "./answers.js";
import { Refusal } from "./refusal.js";

/** Flow functions, generated or from `client.flow(id)`, or all flows of the server. */
export type AllowedFlows = readonly FlowShape[] | "installed";

/** How long a listing is cached, in ms; the server itself caches it for 10 s. */
const LISTING_MS = 10_000;

export class FlowList {
  readonly #api: Api;
  /** By id as written in addresses; undefined for all installed flows. */
  readonly #named: ReadonlyMap<string, FlowShape> | undefined;
  #listing: { readonly at: number; readonly flows: Map<string, FlowShape> } | undefined;

  constructor(api: Api, allowed: AllowedFlows) {
    this.#api = api;
    this.#named = allowed === "installed" ? undefined : bySegment(allowed);
  }

  /**
   * The flow of a create.
   * @param segment its id as written in the address
   * @throws Refusal 404, in the server's own words
   */
  async find(segment: string, signal: AbortSignal): Promise<FlowShape> {
    const flow = (this.#named ?? (await this.#installed(signal))).get(segment);
    if (flow) return flow;
    const shown = /^[\w-]{1,64}$/.test(segment) ? segment : "…";
    throw new Refusal(404, "no_such_flow", `Flow \`${shown}\` is not installed.`);
  }

  /** The server's own listing of the allowed flows, as pages see it. */
  async shown(signal: AbortSignal): Promise<object[]> {
    const listed = await installedFlows(this.#api, signal);
    return listed
      .filter(({ name }) => !this.#named || this.#named.has(encodeURIComponent(name)))
      .map(shownFlow);
  }

  async #installed(signal: AbortSignal): Promise<Map<string, FlowShape>> {
    const now = this.#api.clock.now();
    if (this.#listing && now - this.#listing.at < LISTING_MS) return this.#listing.flows;
    const flows = bySegment((await installedFlows(this.#api, signal)).map(shapeOf));
    this.#listing = { at: now, flows };
    return flows;
  }
}

function bySegment(flows: readonly FlowShape[]): Map<string, FlowShape> {
  return new Map(flows.map((flow) => [encodeURIComponent(flow.id), flow]));
}

function shapeOf(flow: InstalledFlow): FlowShape {
  const { id, parameters } = listedFlow(flow);
  return {
    id,
    parameters: parameters.map((each): Parameter =>
      typeof each === "string" ? { name: each, ...STANDARD_PARAMETERS[each] } : each,
    ),
  };
}
