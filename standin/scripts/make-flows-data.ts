/**
 * Makes `standin/data/flows.json` from a description of the public flows and a table of their output nodes:
 *
 *   npx tsx standin/scripts/make-flows-data.ts DESCRIPTION.json OUTPUTS.json
 *
 * Only interface facts are taken; no sentence of the description's standard properties is kept.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readDescription } from "../src/flows/description.js";
import type { OutputType } from "../src/flows/flow.js";

const [description, outputs] = process.argv.slice(2);
if (description === undefined || outputs === undefined) {
  console.error("usage: make-flows-data.ts DESCRIPTION.json OUTPUTS.json");
  process.exit(1);
}

const table = JSON.parse(readFileSync(outputs, "utf8")) as Record<
  string,
  { comfy_node_id: number; type: OutputType }[]
>;
const nodes = new Map(
  Object.entries(table).map(([flow, list]) => [
    flow,
    list.map((one) => ({ node: one.comfy_node_id, type: one.type })),
  ]),
);
const flows = readDescription(JSON.parse(readFileSync(description, "utf8")), nodes);
flows.sort((a, b) => (a.id < b.id ? -1 : 1));

const lines = flows.map((flow) => JSON.stringify(flow)).join(",\n");
writeFileSync(new URL("../data/flows.json", import.meta.url), `[\n${lines}\n]\n`);
console.log(`${flows.length} flows written`);
