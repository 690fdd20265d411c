/**
 * Makes `standin/data/flows.json` from what a server lists of the public flows and a table of their output nodes:
 *
 *   npx tsx standin/scripts/make-flows-data.ts INSTALLED.json OUTPUTS.json
 *
 * Only facts are taken: the listing has no prose and no addresses of models.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { ListedFlow, OutputType } from "../src/flows/listed.js";

const [installed, outputs] = process.argv.slice(2);
if (installed === undefined || outputs === undefined) {
  console.error("usage: make-flows-data.ts INSTALLED.json OUTPUTS.json");
  process.exit(1);
}

/** Ranges whose limits and steps are whole numbers, and which take `45.0` all the same. */
const FLOATS: Readonly<Record<string, readonly string[]>> = {
  ace_step: ["length"],
  stable_audio_open: ["length"],
};

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

const table = read(outputs) as Record<string, { comfy_node_id: number; type: OutputType }[]>;
const flows = (read(installed) as ListedFlow[])
  .map((listed) => ({
    listed,
    outputs: (table[listed.name] ?? []).map(({ comfy_node_id, type }) => ({
      node: comfy_node_id,
      type,
    })),
    ...(FLOATS[listed.name] === undefined ? {} : { floats: FLOATS[listed.name] }),
  }))
  .sort((a, b) => (a.listed.name < b.listed.name ? -1 : 1));

const lines = flows.map((flow) => JSON.stringify(flow)).join(",\n");
writeFileSync(new URL("../data/flows.json", import.meta.url), `[\n${lines}\n]\n`);
console.log(`${flows.length} flows written`);
