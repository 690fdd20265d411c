/** The flows of this server, and which one is chosen. The address keeps the choice through a reload. */
import type { MediaKind } from "visionatrix-client";
import outputs from "virtual:flow-outputs";
import { client } from "./client.js";
import { health } from "./health.js";
import { store, useStore } from "./store.js";
import { tasks } from "./tasks.js";

/** Flows that are installed while the page is open show after so long, in ms. */
const REFRESH_MS = 60_000;

export type InstalledFlow = Awaited<ReturnType<typeof client.flows>>[number];

export const flows = store<readonly InstalledFlow[] | undefined>(undefined);

/** Id of the chosen flow; empty while none is. */
export const chosen = store(idInAddress());

export function choose(id: string): void {
  if (idInAddress() !== id) history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  chosen.set(id);
}

function titleOf(id: string): string {
  return flows.get()?.find(({ name }) => name === id)?.display_name || id.replaceAll("_", " ");
}

/** The titles of flows, for a component that is drawn anew when they come. */
export function useTitles(): (id: string) => string {
  useStore(flows);
  return titleOf;
}

/** What a flow makes, as far as it is known: by its generated code, else by its latest task. */
export function kindsOf(id: string): readonly MediaKind[] {
  const known = outputs[id];
  if (known) return known;
  const task = tasks.get().list.find(({ name, outputs: made }) => name === id && made.length > 0);
  return [...new Set((task?.outputs ?? []).map(({ type }) => type))];
}

/** Ids of the flows that were used last. */
export function recentFlows(most: number): readonly string[] {
  return [...new Set(tasks.get().list.map(({ name }) => name))].slice(0, most);
}

/** Flows that have all words of a search in their title, id, tags or description. Pure. */
export function searchFlows(list: readonly InstalledFlow[], search: string): InstalledFlow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter(({ name, display_name, tags = [], description }) => {
    const text = [name, display_name, ...tags, description].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

let loading = false;

async function load(): Promise<void> {
  if (loading) return;
  loading = true;
  try {
    const listed = (await client.flows()).filter(({ hidden }) => !hidden);
    listed.sort((a, b) => (a.display_name || a.name).localeCompare(b.display_name || b.name));
    if (JSON.stringify(listed) !== JSON.stringify(flows.get())) flows.set(listed);
    if (!listed.some(({ name }) => name === chosen.get())) choose(firstChoice(listed));
  } catch {
    // The list of tasks tells that the server is away, and when it is back.
  }
  loading = false;
}

/** The flow used last, else one that makes a picture of a text. */
function firstChoice(list: readonly InstalledFlow[]): string {
  const has = (id: string): boolean => list.some(({ name }) => name === id);
  const recent = recentFlows(Infinity).find(has);
  const text = list.find(({ input_params }) => input_params.some(({ name }) => name === "prompt"));
  return recent ?? (has("sdxl_lighting") ? "sdxl_lighting" : (text ?? list[0])?.name) ?? "";
}

function idInAddress(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    // A damaged escape, such as `#%`, names no flow.
    return "";
  }
}

/** Follows the address to a flow that there is; an address that names none is put right. */
function followAddress(): void {
  const id = idInAddress();
  const listed = flows.get();
  choose(!listed || listed.some(({ name }) => name === id) ? id : chosen.get());
}

export function followFlows(): void {
  window.addEventListener("hashchange", followAddress);
  health.subscribe(() => health.get() === "ok" && void load());
  window.setInterval(() => document.hidden || void load(), REFRESH_MS);
  void load();
}
