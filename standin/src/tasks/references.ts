/** File parameters given as text: a JSON object that points at a file of an earlier task, or at a URL. */
import type { StoredBlob } from "../blobs.js";
import { BareError, HttpError } from "../http/errors.js";
import type { TaskStore } from "./store.js";
import type { Task } from "./task.js";

/** A file parameter whose text named something that exists. The file itself may still be absent. */
export type Reference =
  | { readonly kind: "url"; readonly url: string }
  | {
      readonly kind: "task";
      readonly task: Task;
      readonly nodeId: number | undefined;
      readonly inputIndex: unknown;
      readonly hasInputIndex: boolean;
    };

export interface ReferenceSource {
  readonly store: TaskStore;
  readonly user: string;
  readonly cookie: string | undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, `Invalid file input:${text}`);
  }
}

/** Python's `key in value`: fails for numbers and the like, looks into texts and lists. */
function contains(value: unknown, key: string): boolean {
  if (typeof value === "string" || Array.isArray(value)) return value.includes(key);
  if (typeof value !== "object" || value === null) throw new BareError("argument is not iterable");
  return Object.hasOwn(value, key);
}

function toInteger(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
  if (typeof value === "boolean") return Number(value);
  throw new BareError("int() argument is not a number");
}

/** Reads a reference's text as the server does, wrong ones included. */
export function readReference(text: string, source: ReferenceSource): Reference {
  const value = parse(text);
  const hasUrl = contains(value, "remote_url");
  if (!hasUrl && !contains(value, "task_id")) {
    throw new HttpError(400, "Missing `task_id` or `remote_url` parameter.");
  }
  if (typeof value !== "object" || Array.isArray(value)) throw new BareError("not an object");
  const object = value as Record<string, unknown>;
  if (hasUrl) {
    if (object["type"] !== "nextcloud") {
      const given = object["type"];
      const type =
        typeof given === "string" ? given : given == null ? "None" : JSON.stringify(given);
      // The parenthesis that does not close is the server's.
      throw new HttpError(400, `Unknown type(${type} for \`remote_url\` parameter`);
    }
    return { kind: "url", url: String(object["remote_url"]) };
  }
  const id = toInteger(object["task_id"]);
  const task = source.store.get(id);
  if (task?.user !== source.user) throw new HttpError(400, `Missing task with id=${id}`);
  return {
    kind: "task",
    task,
    nodeId: Object.hasOwn(object, "node_id") ? toInteger(object["node_id"]) : undefined,
    inputIndex: object["input_index"],
    hasInputIndex: Object.hasOwn(object, "input_index"),
  };
}

const REMOTE_TIMEOUT_MS = 30_000;

async function download(url: string, source: ReferenceSource): Promise<StoredBlob> {
  try {
    const headers = source.cookie === undefined ? {} : { cookie: source.cookie };
    const signal = AbortSignal.timeout(REMOTE_TIMEOUT_MS);
    const response = await fetch(url, { headers, redirect: "manual", signal });
    // The status is not looked at: an error page becomes the input file.
    return await source.store.blobs.put(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    throw new BareError("remote_url cannot be fetched", { cause: error });
  }
}

/** The file that a reference means, and the extension it keeps. */
export async function resolveReference(
  name: string,
  reference: Reference,
  source: ReferenceSource,
): Promise<{ blob: StoredBlob; extension: string }> {
  if (reference.kind === "url") {
    return { blob: await download(reference.url, source), extension: "" };
  }
  const { task, nodeId, inputIndex, hasInputIndex } = reference;
  const { blobs } = source.store;
  if (hasInputIndex) {
    if (typeof inputIndex !== "number" || !Number.isInteger(inputIndex)) {
      throw new BareError("input_index is not an integer");
    }
    const file = task.inputs.at(inputIndex);
    if (file === undefined) throw new BareError("input_index is out of range");
    return { blob: blobs.share(file.blob), extension: extensionOf(file.name) };
  }
  if (nodeId !== undefined) {
    const prefix = `${task.id}_${nodeId}_`;
    const file = task.results.find((one) => one.name.startsWith(prefix));
    if (file === undefined) {
      throw new HttpError(
        400,
        `Bad flow, file from task_id=\`${task.id}\`, node_id=${nodeId} not found.`,
      );
    }
    return { blob: blobs.share(file.blob), extension: extensionOf(file.name) };
  }
  throw new HttpError(
    400,
    `Bad flow, \`input_index\`, \`node_id\` or \`file_content\` should be present for '${name}' parameter.`,
  );
}

/** The part of a file name that the server keeps: from the last dot, unless nothing stands before or after it. */
export function extensionOf(filename: string): string {
  const base = filename.slice(Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\")) + 1);
  const dot = base.lastIndexOf(".");
  return dot <= 0 || dot === base.length - 1 ? "" : base.slice(dot);
}
