/** The part of `pull` that needs a server: its listing, its workflows, and a second read of its schemas. */
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

/** What a server provided besides its description. */
export interface Asked {
  /** Code of the error that kept the listing of flows from being read. */
  readonly noListing?: string;
  /** Code of the error that kept workflows from being read; `unauthorized` without admin rights. */
  readonly noWorkflows?: string;
  /** Ids of flows whose description and listing differ, even after a second read. */
  readonly stale: readonly string[];
}

/** Flows that were read, and flows that could not be. */
export interface Described {
  readonly flows: readonly FlowModel[];
  readonly leftOut: readonly LeftOut[];
}

export interface ReadInput extends Omit<LoadOptions, "validators"> {
  readonly flows?: readonly string[] | undefined;
  readonly leaveOut?: LeaveOut | undefined;
}

/** Reads a description. @throws CodegenError for an unreadable flow, unless `leaveOut` is given. */
export function readFlows(text: string, { flows: only, leaveOut }: ReadInput): Described {
  const leftOut: LeftOut[] = [];
  const { flows } = readDescription(text, {
    only,
    leaveOut: leaveOut && ((flow) => leftOut.push(flow)),
  });
  return { flows, leftOut };
}

/** Adds what the server provides besides its description. */
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

/** Flows whose description and listing differ, and listed flows without a description. */
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

/** Replaces flows with their newer descriptions. */
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

/** Only the requested flows: the response may contain others in an old form. */
function readAgain(text: string, ids: readonly string[], input: ReadInput): Described {
  try {
    const { flows, leftOut } = readFlows(text, { ...input, flows: undefined });
    return {
      flows: flows.filter(({ id }) => ids.includes(id)),
      leftOut: leftOut.filter(({ flow }) => ids.includes(flow)),
    };
  } catch (error) {
    // The first read is kept; the disagreement is reported.
    const isTold = input.leaveOut !== undefined || (error as CodegenError).code === "no_flows";
    if (error instanceof CodegenError && isTold) return { flows: [], leftOut: [] };
    throw error;
  }
}
