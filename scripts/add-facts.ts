/**
 * Adds facts from a server's listing to the snapshot of the public flows. It reads files, where `vix-codegen
 * pull` asks a server.
 *
 *   npx tsx scripts/add-facts.ts INSTALLED OUTPUTS
 *
 * INSTALLED is a response of `GET /vapi/flows/installed` from a server with the public flows. OUTPUTS lists
 * the output nodes by flow id: `{ "sdxl": [{ "comfy_node_id": 9, "type": "image" }] }`. Later pulls keep
 * these facts for flows whose parameters do not change, so only new flows need this again.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readDescription, writeCanonical, type OutputModel } from "visionatrix-codegen";
import { completeFlows, differences } from "../codegen/src/pull/complete.js";
import { readListing } from "../codegen/src/pull/listing.js";

const SNAPSHOT = "specs/flows.openapi.json";

interface TableEntry {
  readonly comfy_node_id: number;
  readonly type: OutputModel["kind"];
}

const [installed, outputsFile] = process.argv.slice(2);
if (installed === undefined || outputsFile === undefined) {
  throw new Error("Give an answer of flows/installed and a table of outputs.");
}
const listing = readListing(readFileSync(installed, "utf8"));
const table = JSON.parse(readFileSync(outputsFile, "utf8")) as Record<string, TableEntry[]>;
const outputs = new Map(
  Object.entries(table).map(([id, nodes]) => [
    id,
    nodes.map(({ comfy_node_id: node, type: kind }) => ({ node, kind })),
  ]),
);
const { flows } = readDescription(readFileSync(SNAPSHOT, "utf8"));
for (const flow of flows) {
  const listed = listing?.get(flow.id);
  const differing = listed === undefined ? ["not listed"] : differences(flow, listed);
  if (differing.length > 0) console.error(`${flow.id}: ${differing.join(", ")}`);
}
writeFileSync(SNAPSHOT, writeCanonical({ flows: completeFlows(flows, { listing, outputs }) }));
