/** Asks a server for what its description lacks: the listing of its flows, and their workflows. */
import { randomUUID } from "node:crypto";
import { CodegenError } from "../errors.js";
import { parseJson } from "../json/parse.js";
import { isObject } from "../json/value.js";
import type { OutputModel } from "../model/flow.js";
import { fetchDescription, type FetchOptions } from "./fetch.js";
import { readListing, type ListedFlow } from "./listing.js";
import { SERVER_DOCUMENT } from "./source.js";
import { outputsOf } from "./workflow.js";

type Options = Omit<FetchOptions, "validators" | "onSlow">;

/** The facts from a server, and the code of the error if some are missing. */
export interface Told<Facts> {
  readonly told?: Facts;
  readonly refused?: string;
}

/** The installed flows; every user may read them. */
export function askForListing(
  description: URL,
  options: Options,
): Promise<Told<ReadonlyMap<string, ListedFlow>>> {
  return told(async () => {
    const listing = readListing(await get(description, "/vapi/flows/installed", options));
    if (listing === undefined)
      throw new CodegenError("not_a_listing", "The response is not a list of flows.");
    return listing;
  });
}

/** Workflows requested at once. */
const AT_ONCE = 4;

/** The output nodes of flows, from their workflows; only admins may read those. */
export async function askForOutputs(
  description: URL,
  flows: ReadonlyMap<string, ListedFlow>,
  options: Options,
): Promise<Told<ReadonlyMap<string, readonly OutputModel[]>>> {
  const found = new Map<string, readonly OutputModel[]>();
  const ask = async (id: string): Promise<void> => {
    const path = `/vapi/flows/flow-details?name=${encodeURIComponent(id)}`;
    const { told: details, refused } = await told(async () =>
      parseJson(await get(description, path, options)),
    );
    // A flow that was just removed, or an invalid response, says nothing about the others.
    if (refused !== undefined && refused !== "not_found" && !refused.startsWith("json_")) {
      throw new CodegenError(refused, "The workflows cannot be read.");
    }
    const workflow = isObject(details) ? details.get("flow_comfy") : undefined;
    const outputs = outputsOf(workflow, optionalFiles(flows.get(id)));
    if (outputs !== undefined) found.set(id, outputs);
  };
  const [first, ...rest] = flows.keys();
  const { refused } = await told(async () => {
    // The first one shows whether the others may be read.
    if (first !== undefined) await ask(first);
    const next = rest.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const id of next) await ask(id);
      }),
    );
  });
  return { told: found, ...(refused === undefined ? {} : { refused }) };
}

/**
 * The current description of some flows. A server caches what it has described, and returns the old schema of
 * a replaced flow as long as the flow's path is in its table, and for every list of names it was asked for
 * before (contract, section 2). So the first request clears the paths, and each list contains a unique name
 * that no flow has.
 */
export function askAnew(
  description: URL,
  ids: readonly string[],
  options: Options,
): Promise<Told<string>> {
  const ask = (names: readonly string[]): Promise<string> => {
    const address = new URL(description);
    address.searchParams.delete("flows");
    const others = address.searchParams.toString();
    const list = [...names.map(encodeURIComponent), `anew_${randomUUID().replaceAll("-", "")}`];
    address.search = `?flows=${list.join(",")}${others === "" ? "" : `&${others}`}`;
    return text(address, options);
  };
  return told(async () => {
    await ask([]);
    return ask(ids);
  });
}

/** The nodes that load an optional file. */
function optionalFiles(flow: ListedFlow | undefined): Set<string> {
  const inputs = [...(flow?.inputs.values() ?? [])];
  return new Set(
    inputs
      .filter(({ kind, isFileRequired }) => kind === "file" && !isFileRequired)
      .flatMap(({ nodes }) => nodes),
  );
}

function get(description: URL, path: string, options: Options): Promise<string> {
  const base = description.pathname.slice(0, -SERVER_DOCUMENT.length);
  return text(new URL(base + path, description), options);
}

async function text(address: URL, options: Options): Promise<string> {
  const fetched = await fetchDescription(address, options);
  return fetched.changed ? fetched.text : "";
}

/** These requests are optional: a failure is returned as a result, unless the caller stops. */
async function told<Facts>(ask: () => Promise<Facts>): Promise<Told<Facts>> {
  try {
    return { told: await ask() };
  } catch (error) {
    if (error instanceof CodegenError) return { refused: error.code };
    throw error;
  }
}
