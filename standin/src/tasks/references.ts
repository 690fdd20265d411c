/** File parameters given as text: a JSON object that points at a file of an earlier task, or at a URL. */
import type { StoredBlob } from "../blobs.js";
import { BareError, HttpError } from "../http/errors.js";
import { parsePythonJson, PythonFloat, pythonText } from "../http/python-json.js";
import type { TaskStore } from "./store.js";
import type { Task } from "./task.js";

/** A file parameter whose text named something that exists. The file itself may still be absent. */
export type Reference =
  | { readonly kind: "url"; readonly url: string; readonly keys: readonly string[] }
  | {
      readonly kind: "task";
      readonly task: Task;
      /** The id as a text: names on disk begin with it. */
      readonly node: string | undefined;
      readonly inputIndex: unknown;
      readonly keys: readonly string[];
    };

export interface ReferenceSource {
  readonly store: TaskStore;
  readonly user: string;
  readonly cookie: string | undefined;
}

function parse(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    throw new HttpError(400, `Invalid file input:${text}`);
  }
}

/** Python's `key in value`: searches strings and lists, and fails for numbers and the like. */
function contains(value: unknown, key: string): boolean {
  if (typeof value === "string" || Array.isArray(value)) return value.includes(key);
  if (!isObject(value)) throw new BareError("argument is not iterable");
  return Object.hasOwn(value, key);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !(value instanceof PythonFloat);
}

/** The task with this id. Fails where Python's `int` fails. */
function findTask(id: unknown, source: ReferenceSource): Task {
  const isNumberText = typeof id === "string" && /^\s*[+-]?\d+\s*$/.test(id);
  const isNumber = typeof id === "number" || typeof id === "boolean" || id instanceof PythonFloat;
  if (!isNumberText && !isNumber) throw new BareError("int() argument is not a number");
  const isWhole = isNumberText || typeof id === "number";
  const task = isWhole ? source.store.get(Number(id)) : undefined;
  if (task?.user !== source.user) {
    throw new HttpError(400, `Missing task with id=${pythonText(id)}`);
  }
  return task;
}

/** Reads a reference's text as the server does, wrong ones included. */
export function readReference(text: string, source: ReferenceSource): Reference {
  const value = parse(text);
  const hasUrl = contains(value, "remote_url");
  if (!hasUrl && !contains(value, "task_id")) {
    throw new HttpError(400, "Missing `task_id` or `remote_url` parameter.");
  }
  if (!isObject(value) || Array.isArray(value)) throw new BareError("not an object");
  if (hasUrl) {
    if (value["type"] !== "nextcloud") {
      // The missing closing parenthesis is the server's.
      const type = pythonText(value["type"]);
      throw new HttpError(400, `Unknown type(${type} for \`remote_url\` parameter`);
    }
    return { kind: "url", url: String(value["remote_url"]), keys: Object.keys(value) };
  }
  return {
    kind: "task",
    task: findTask(value["task_id"], source),
    node: Object.hasOwn(value, "node_id") ? pythonText(value["node_id"]) : undefined,
    inputIndex: value["input_index"],
    keys: Object.keys(value),
  };
}

const REMOTE_TIMEOUT_MS = 30_000;

async function download(url: string, source: ReferenceSource): Promise<StoredBlob> {
  try {
    const headers = source.cookie === undefined ? {} : { cookie: source.cookie };
    const signal = AbortSignal.timeout(REMOTE_TIMEOUT_MS);
    const response = await fetch(url, { headers, redirect: "manual", signal });
    // The status is not checked: an error page becomes the input file.
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
  const { task, node, inputIndex, keys } = reference;
  const { blobs } = source.store;
  if (keys.includes("input_index")) {
    if (typeof inputIndex !== "number" || !Number.isInteger(inputIndex)) {
      throw new BareError("input_index is not an integer");
    }
    const file = task.inputs.at(inputIndex);
    if (file === undefined) throw new BareError("input_index is out of range");
    if (file.gone) {
      const where = `task_id=\`${task.id}\`, index=\`${inputIndex}\``;
      throw new HttpError(400, `Bad flow, file from ${where} not found.`);
    }
    return { blob: blobs.share(file.blob), extension: extensionOf(file.name) };
  }
  if (node !== undefined) {
    const prefix = `${task.id}_${node}_`;
    const file = task.results.find((one) => one.name.startsWith(prefix));
    if (file === undefined) {
      throw new HttpError(
        400,
        `Bad flow, file from task_id=\`${task.id}\`, node_id=${node} not found.`,
      );
    }
    return { blob: blobs.share(file.blob), extension: extensionOf(file.name) };
  }
  throw new HttpError(
    400,
    `Bad flow, \`input_index\`, \`node_id\` or \`file_content\` should be present for '${name}' parameter.`,
  );
}

/**
 * The part of a file name that the server keeps: from the last dot, unless nothing is before or after it.
 * Slashes at the end do not count.
 */
export function extensionOf(filename: string): string {
  const path = filename.replace(/\/+$/, "");
  const base = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const dot = base.lastIndexOf(".");
  return dot <= 0 || dot === base.length - 1 ? "" : base.slice(dot);
}
