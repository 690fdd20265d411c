/** What is filled in for each flow, kept while the page is open. */
import type { FileReference, Parameter, ResultFile } from "visionatrix-client";
import { blobOf, type Item } from "./files.js";
import { store } from "./store.js";

/** A file that was chosen: bytes of this machine, a result, or a file that an earlier task was given. */
export type FileValue =
  | { readonly from: "machine"; readonly file: Blob; readonly name: string }
  | { readonly from: "result"; readonly item: Item; readonly result: ResultFile }
  | { readonly from: "task"; readonly id: number; readonly reference: FileReference<never> };

export type Value = string | boolean | FileValue;

/** By the names of parameters; what is not in it is left to the flow. */
export type Draft = Readonly<Record<string, Value>>;

/** By the ids of flows. */
export const drafts = store<Readonly<Record<string, Draft>>>({});

export function draftOf(flow: string): Draft {
  return drafts.get()[flow] ?? {};
}

export function setDraft(flow: string, draft: Draft): void {
  drafts.update((all) => ({ ...all, [flow]: draft }));
}

export function setValue(flow: string, name: string, value: Value | undefined): void {
  const others = Object.entries(draftOf(flow)).filter(([other]) => other !== name);
  setDraft(
    flow,
    Object.fromEntries(value === undefined ? others : [...others, [name, value] as const]),
  );
}

export function isFileValue(value: Value | undefined): value is FileValue {
  return typeof value === "object";
}

/** Bytes of a chosen file, for showing it; undefined where only the server has them. */
export async function bytesOf(value: FileValue): Promise<Blob | undefined> {
  if (value.from === "machine") return value.file;
  return value.from === "result" ? blobOf(value.item) : undefined;
}

/** The parameters of a call. Texts of numbers that are none stay texts, for the checks to find. */
export async function paramsOf(
  parameters: readonly Parameter[],
  draft: Draft,
): Promise<Record<string, unknown>> {
  const params: Record<string, unknown> = {};
  for (const parameter of parameters) {
    const value = draft[parameter.name];
    if (value === undefined) continue;
    if (isFileValue(value)) params[parameter.name] = await inputOf(value);
    else if (value !== "") params[parameter.name] = typed(parameter, value);
  }
  return params;
}

/** By reference where the server can address the file, so that its bytes stay there. */
async function inputOf(value: FileValue): Promise<unknown> {
  if (value.from === "machine") return value.file;
  if (value.from === "task") return value.reference;
  try {
    return value.result.reference();
  } catch {
    return blobOf(value.item);
  }
}

function typed(parameter: Parameter, value: string | boolean): unknown {
  if (typeof value === "boolean" || !isNumeric(parameter)) return value;
  const number = Number(value.trim().replace(",", "."));
  return Number.isFinite(number) ? number : value;
}

export function isNumeric({ type, default: initial }: Parameter): boolean {
  return (
    type === "number" || type === "integer" || (type === "text" && typeof initial === "number")
  );
}
