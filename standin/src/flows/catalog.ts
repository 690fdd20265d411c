/** The flows a stand-in starts with: the public ones that come with the package, or the user's own. */
import { readFileSync } from "node:fs";
import { DescriptionError, readDescription } from "./description.js";
import { type FlowFacts, withFacts } from "./facts.js";
import { type Flow, floatsOf, flowFrom } from "./flow.js";
import type { FlowOutput, ListedFlow } from "./listed.js";

/** `data/` is a sibling of both `src/` and `dist/`. */
const DATA = new URL("../../data/flows.json", import.meta.url);

interface PublicFlow {
  readonly listed: ListedFlow;
  readonly outputs: readonly FlowOutput[];
  readonly floats?: readonly string[];
}

let publicFlows: ReadonlyMap<string, Flow> | undefined;

/** The 52 flows of the public collection, by id. */
function loadPublicFlows(): ReadonlyMap<string, Flow> {
  publicFlows ??= new Map(
    (JSON.parse(readFileSync(DATA, "utf8")) as PublicFlow[]).map(({ listed, outputs, floats }) => [
      listed.name,
      flowFrom(listed, outputs, floats),
    ]),
  );
  return publicFlows;
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new DescriptionError(`cannot read the flows file ${path} (${code})`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DescriptionError(`the flows file ${path} is not JSON`, { cause: error });
  }
}

/** Flows from a file, from a document already parsed, or the public ones when `source` is left out. */
function readFlows(source: string | object | undefined): readonly Flow[] {
  if (source === undefined) return [...loadPublicFlows().values()];
  const document = typeof source === "string" ? readJson(source) : source;
  try {
    return readDescription(document, loadPublicFlows());
  } catch (error) {
    if (!(error instanceof DescriptionError) || typeof source !== "string") throw error;
    throw new DescriptionError(`${source}: ${error.message}`, { cause: error });
  }
}

/** Facts about flows from the owner of the stand-in. */
export interface FlowSources {
  readonly flows?: string | object;
  readonly outputs?: Readonly<Record<string, readonly FlowOutput[]>>;
  readonly flowFacts?: Readonly<Record<string, FlowFacts>>;
}

/**
 * The flows that a stand-in has.
 *
 * @throws DescriptionError with a sentence that says what is wrong with the source
 */
export function loadFlows({ flows, outputs = {}, flowFacts = {} }: FlowSources): readonly Flow[] {
  return readFlows(flows).map((flow) => {
    const own = Object.hasOwn(outputs, flow.id) ? outputs[flow.id] : undefined;
    const facts = Object.hasOwn(flowFacts, flow.id) ? flowFacts[flow.id] : undefined;
    if (own === undefined && facts === undefined) return flow;
    const listed = facts === undefined ? flow.listed : withFacts(flow.listed, facts);
    return flowFrom(listed, own ?? flow.outputs, floatsOf(flow));
  });
}
