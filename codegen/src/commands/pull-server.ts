/** The part of `pull` that only a server makes possible: its listing, its workflows, a second look at its schemas. */
import { CodegenError } from "../errors.js";
import type { FlowModel } from "../model/flow.js";
import type { LeaveOut, LeftOut } from "../model/left-out.js";
import { readDescription } from "../model/read.js";
import { completeFlows, differences } from "../pull/complete.js";
import { authorization } from "../pull/credentials.js";
import type { ListedFlow } from "../pull/listing.js";
import type { LoadOptions } from "../pull/load.js";
import { askAnew, askForListing, askForOutputs } from "../pull/server.js";
import type { Source } from "../pull/source.js";

/** What a server told beside its description. */
export interface Asked {
  /** Code of the error for which the listing of flows could not be read. */
  readonly noListing?: string;
  /** Code of the error for which workflows could not be read; `unauthorized` without an admin's rights. */
  readonly noWorkflows?: string;
  /** Ids of flows that the server describes otherwise than it lists them, after a second look as well. */
  readonly stale: readonly string[];
}

/** Flows that were read, and those that could not be. */
export interface Described {
  readonly flows: readonly FlowModel[];
  readonly leftOut: readonly LeftOut[];
}

export interface ReadInput extends Omit<LoadOptions, "validators"> {
  readonly flows?: readonly string[] | undefined;
  readonly leaveOut?: LeaveOut | undefined;
}

/** Reads a description. @throws CodegenError for a flow that cannot be taken, where nobody wants to hear of it. */
export function readFlows(text: string, { flows: only, leaveOut }: ReadInput): Described {
  const leftOut: LeftOut[] = [];
  const { flows } = readDescription(text, {
    only,
    leaveOut: leaveOut && ((flow) => leftOut.push(flow)),
  });
  return { flows, leftOut };
}

/** Adds what the server tells beside its description. */
export async function completeFromServer(
  { url }: Extract<Source, { kind: "server" }>,
  described: Described,
  before: readonly FlowModel[],
  input: ReadInput,
): Promise<Described & { readonly asked: Asked }> {
  const { timeoutMs, maxBytes, signal } = input;
  const options = { timeoutMs, maxBytes, signal, authorization: authorization(input.env) };
  const { told: listing, refused: noListing } = await askForListing(url, options);
  if (listing === undefined) {
    const flows = completeFlows(described.flows, { before });
    return { ...described, flows, asked: { ...(noListing ? { noListing } : {}), stale: [] } };
  }
  const doubtful = disagreeing(described.flows, listing, isForAll(url) && !input.flows);
  const { told: text } = doubtful.length === 0 ? {} : await askAnew(url, doubtful, options);
  const current = text === undefined ? described : replaced(described, text, doubtful, input);
  const wanted = new Map(
    current.flows.flatMap(({ id }) => {
      const flow = listing.get(id);
      return flow === undefined ? [] : [[id, flow] as const];
    }),
  );
  const { told: outputs, refused: noWorkflows } = await askForOutputs(url, wanted, options);
  const leftOut = new Set(current.leftOut.map(({ flow }) => flow));
  const stale = disagreeing(current.flows, listing, isForAll(url) && !input.flows);
  return {
    flows: completeFlows(current.flows, { listing, outputs, before }),
    leftOut: current.leftOut,
    asked: {
      ...(noWorkflows === undefined ? {} : { noWorkflows }),
      stale: stale.filter((id) => !leftOut.has(id)),
    },
  };
}

function isForAll(url: URL): boolean {
  return url.searchParams.get("flows") === "*";
}

/** Flows that are described otherwise than they are listed, or listed and not described at all. */
function disagreeing(
  flows: readonly FlowModel[],
  listing: ReadonlyMap<string, ListedFlow>,
  isForAll: boolean,
): string[] {
  const ids = new Set(flows.map(({ id }) => id));
  const missing = isForAll ? [...listing.keys()].filter((id) => !ids.has(id)) : [];
  const other = flows.filter((flow) => {
    const listed = listing.get(flow.id);
    return listed !== undefined && differences(flow, listed).length > 0;
  });
  return [...other.map(({ id }) => id), ...missing].sort();
}

/** Puts flows that were described anew in the place of those that were described before. */
function replaced(
  described: Described,
  text: string,
  ids: readonly string[],
  input: ReadInput,
): Described {
  const again = readAgain(text, ids, input);
  const seen = new Set([
    ...again.flows.map(({ id }) => id),
    ...again.leftOut.map(({ flow }) => flow),
  ]);
  const flows = [...described.flows.filter(({ id }) => !seen.has(id)), ...again.flows];
  return {
    flows: flows.sort((a, b) => (a.id < b.id ? -1 : 1)),
    leftOut: [...described.leftOut.filter(({ flow }) => !seen.has(flow)), ...again.leftOut],
  };
}

/** Only the flows that were asked for: the answer may hold others, as the server had them. */
function readAgain(text: string, ids: readonly string[], input: ReadInput): Described {
  try {
    const { flows, leftOut } = readFlows(text, { ...input, flows: undefined });
    return {
      flows: flows.filter(({ id }) => ids.includes(id)),
      leftOut: leftOut.filter(({ flow }) => ids.includes(flow)),
    };
  } catch (error) {
    // The first reading holds; that the two sides disagree is told.
    const isTold = input.leaveOut !== undefined || (error as CodegenError).code === "no_flows";
    if (error instanceof CodegenError && isTold) return { flows: [], leftOut: [] };
    throw error;
  }
}
