/** File values that a model may give: a path below the folders, an address, or an earlier task's output. */
import type { FileInput, Parameter } from "visionatrix-client";
import { fileFromPath, pathWithin } from "visionatrix-client/node";

type Params = Readonly<Record<string, unknown>>;
type Folders = readonly string[];

/** @throws Error that tells the model what it may give instead */
export async function withFiles(
  parameters: readonly Parameter[],
  params: Params,
  folders: Folders,
): Promise<Record<string, unknown>> {
  const opened = { ...params };
  for (const { name, type } of parameters)
    if (type === "file" && params[name] !== undefined)
      opened[name] = await fileOf(name, params[name], folders);
  return opened;
}

async function fileOf(name: string, value: unknown, folders: Folders): Promise<FileInput> {
  if (typeof value === "string") {
    const [, task, node] = /^vix:\/\/tasks\/(\d+)\/(\d+)(\/0)?$/.exec(value) ?? [];
    if (node !== undefined) return { task_id: Number(task), node_id: Number(node) };
    if (/^https?:\/\//i.test(value)) return { url: value };
    if (value.startsWith("data:")) return value as `data:${string}`;
    return fileFromPath(await pathWithin(value, folders));
  }
  const { task, node, task_id = task, node_id = node, url } = Object(value) as Params;
  if (typeof task_id === "number" && typeof node_id === "number") return { task_id, node_id };
  if (typeof url === "string" && /^https?:\/\//i.test(url)) return { url };
  throw new Error(
    `${name} is a file: give a path below ${folders.join(" or ")}, an http(s) address, or {"task": 12, "node": 9} of an earlier task.`,
  );
}
