/** The flows a stand-in starts with: the public ones that come with the package, or the user's own. */
import { readFileSync } from "node:fs";
import { DescriptionError, type OutputTable, readDescription } from "./description.js";
import type { Flow } from "./flow.js";

/** `data/` lies beside both `src/` and `dist/`. */
const DATA = new URL("../../data/flows.json", import.meta.url);

let publicFlows: readonly Flow[] | undefined;

/** The 52 flows of the public collection. */
function loadPublicFlows(): readonly Flow[] {
  publicFlows ??= JSON.parse(readFileSync(DATA, "utf8")) as Flow[];
  return publicFlows;
}

function publicOutputs(): OutputTable {
  return new Map(loadPublicFlows().map((flow) => [flow.id, flow.outputs]));
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

/**
 * Flows from a file, from a document already parsed, or the public ones when `source` is left out.
 *
 * @throws DescriptionError with a sentence that says what is wrong with the source
 */
export function loadFlows(source: string | object | undefined): readonly Flow[] {
  if (source === undefined) return loadPublicFlows();
  const document = typeof source === "string" ? readJson(source) : source;
  try {
    return readDescription(document, publicOutputs());
  } catch (error) {
    if (!(error instanceof DescriptionError) || typeof source !== "string") throw error;
    throw new DescriptionError(`${source}: ${error.message}`, { cause: error });
  }
}
