/** The flows with generated code. Each is its own module, so that one can be loaded without the rest. */
import { existsSync, readdirSync } from "node:fs";
import type { Flow } from "../../index.js";

export type AnyFlow = Flow<Record<string, unknown>>;

const FOLDER = new URL("../../../generated/flows/", import.meta.url);

/** Ids of the generated flows, sorted. */
export function generatedIds(): string[] {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
  return names
    .filter((name) => name.endsWith(".js"))
    .map((name) => name.slice(0, -".js".length))
    .sort();
}

/** A generated flow; undefined when there is none with this id. */
export async function generatedFlow(id: string): Promise<AnyFlow | undefined> {
  // The id becomes part of a path.
  if (!/^[\w-]+$/.test(id)) return undefined;
  const url = new URL(`${id}.js`, FOLDER);
  if (!existsSync(url)) return undefined;
  const module = (await import(url.href)) as Record<string, unknown>;
  return Object.values(module).find(
    (value): value is AnyFlow => typeof value === "function" && "id" in value && value.id === id,
  );
}

/** Loads all generated flows. */
export async function generatedFlows(): Promise<AnyFlow[]> {
  const { flows } = await import("../../../generated/index.js");
  return Object.values(flows) as unknown as AnyFlow[];
}
