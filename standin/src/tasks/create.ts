/** Turns a form into tasks, with the real server's order of checks, exact texts and odd results. */
import type { StoredBlob } from "../blobs.js";
import type { Flow } from "../flows/flow.js";
import { Checks, parseInteger } from "../http/checks.js";
import { BareError, HttpError, type Problem } from "../http/errors.js";
import type { FilePart, Form } from "../http/multipart.js";
import { nextTurn } from "../timers.js";
import {
  extensionOf,
  readReference,
  type Reference,
  type ReferenceSource,
  resolveReference,
} from "./references.js";
import type { TaskStore } from "./store.js";
import type { ExtraFlags, InputFile, Task } from "./task.js";

/** Standard keys after the type check. */
export interface StandardValues {
  readonly group: number;
  readonly priority: number;
  readonly child: boolean;
  readonly count: number;
  readonly seed: bigint | undefined;
}

/** An upload where an integer was due, as the server describes it. */
function describeUpload(part: FilePart): Record<string, unknown> {
  return {
    filename: part.filename,
    file: {},
    size: part.blob.size,
    headers: {
      "content-disposition": `form-data; name="${part.name}"; filename="${part.filename}"`,
      "content-type": part.mediaType,
    },
  };
}

/**
 * The type check, which comes before anything else and holds for every flow.
 *
 * @throws ValidationError with all problems
 */
export function checkStandardValues(form: Form): StandardValues {
  const checks = new Checks();
  const integer = (name: string, fallback: bigint, min?: number, max?: number): bigint => {
    const loc = ["body", name];
    const part = form.get(name);
    if (part?.kind === "file") {
      const problem: Problem = {
        type: "int_type",
        loc,
        msg: "Input should be a valid integer",
        input: describeUpload(part),
      };
      checks.problems.push(problem);
      return fallback;
    }
    return checks.integer(loc, part?.value, {
      fallback,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    });
  };
  const group = integer("group_scope", 1n, 1, 255);
  const priority = integer("priority", 0n, 0, 15);
  const child = integer("child_task", 0n);
  const count = integer("count", 1n, 1);
  integer("translate", 0n);
  integer("seed", 0n);
  checks.done();
  const seedText = form.text("seed");
  return {
    group: Number(group),
    priority: Number(priority),
    child: child !== 0n,
    count: Number(count),
    seed: seedText === undefined ? undefined : parseInteger(seedText),
  };
}

/** What admin headers add to a task. */
export interface WorkerDemands {
  readonly customWorker?: string;
  readonly flags: ExtraFlags;
}

/** Ways in which a fault bends a create. */
export interface CreateTweaks {
  /** Only so many tasks come to be; the rest is lost. */
  readonly limit?: number;
  /** New tasks stay unseen for so many milliseconds. */
  readonly hideMs?: number;
  /** The tasks get `webhook_headers` that no list can show. */
  readonly poison?: boolean;
  /** Milliseconds between two tasks of one call. */
  readonly spreadMs?: number;
}

export interface CreateRequest extends ReferenceSource {
  readonly flow: Flow;
  readonly form: Form;
  readonly standard: StandardValues;
  readonly demands: WorkerDemands;
  readonly tweaks: CreateTweaks;
  now(): number;
  /** A number in [0, 1), for seeds that the caller left out. */
  random(): number;
  pause(ms: number): Promise<void>;
}

/** A file parameter of the form: an upload, or a reference already read. */
type FileSource =
  | { readonly name: string; readonly upload: FilePart }
  | { readonly name: string; readonly reference: Reference; readonly keys: readonly string[] };

function readFileSources(request: CreateRequest): FileSource[] {
  const fileInputs = new Set(
    request.flow.inputs.filter((input) => input.kind === "file").map((input) => input.name),
  );
  const sources: FileSource[] = [];
  for (const name of request.form.names()) {
    if (!fileInputs.has(name)) continue;
    const part = request.form.get(name);
    if (part?.kind === "file") sources.push({ name, upload: part });
    if (part?.kind === "text") {
      const reference = readReference(part.value, request);
      sources.push({ name, reference, keys: Object.keys(JSON.parse(part.value) as object) });
    }
  }
  return sources;
}

function readTexts(request: CreateRequest): Map<string, string> {
  const params = new Map<string, string>();
  for (const input of request.flow.inputs) {
    if (input.kind === "file") continue;
    const part = request.form.get(input.name);
    if (part?.kind === "file") throw new BareError(`an upload for the text input ${input.name}`);
    if (part !== undefined) params.set(input.name, part.value);
  }
  return params;
}

function parseWebhookHeaders(form: Form): unknown {
  const part = form.get("webhook_headers");
  if (part === undefined) return null;
  if (part.kind === "file") throw new BareError("webhook_headers is an upload");
  if (part.value === "") return null;
  try {
    return JSON.parse(part.value);
  } catch (error) {
    throw new BareError("webhook_headers is not JSON", { cause: error });
  }
}

const BOOLEANS = /^(?:true|1|yes|y|on|false|0|no|n|off)$/i;

/** Choices and booleans, which the server itself looks up; a wrong one is more than it can bear. */
function checkChoices(flow: Flow, params: ReadonlyMap<string, string>): void {
  for (const input of flow.inputs) {
    const value = params.get(input.name);
    if (value === undefined) continue;
    if (input.kind === "list" && !(input.choices ?? []).includes(value)) {
      throw new BareError(`${input.name} is not one of the choices`);
    }
    if (input.kind === "bool" && !BOOLEANS.test(value.trim())) {
      throw new BareError(`${input.name} is not a boolean`);
    }
  }
}

const FLOAT = /^\s*[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;
const INTEGER = /^\s*[+-]?\d+(?:_\d+)*\s*$/;
const MAX_SEED = 2n ** 64n - 1n;

function badFlow(details: string): HttpError {
  const quoted = details.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return new HttpError(
    400,
    "Bad Flow: `{'type': 'prompt_outputs_failed_validation', " +
      `'message': 'Prompt outputs failed validation', 'details': '${quoted}', 'extra_info': {}}\``,
  );
}

/** What the engine finds wrong when it looks at the workflow. */
function checkWithEngine(flow: Flow, params: ReadonlyMap<string, string>, seed: bigint): void {
  for (const input of flow.inputs) {
    const value = params.get(input.name);
    if (value === undefined || (input.kind !== "range" && input.kind !== "range_scale")) continue;
    const whole = input.integer;
    if (!(whole ? INTEGER : FLOAT).test(value)) {
      const type = whole ? "INT" : "FLOAT";
      throw badFlow(`Failed to convert an input value to a ${type} value: ${input.name}, ${value}`);
    }
  }
  if (flow.listed.is_seed_supported && (seed < 0n || seed > MAX_SEED)) {
    throw badFlow(`Value ${seed} is outside the limits of seed`);
  }
}

/** Data URLs given as a file: recognised only if the marker is among the first 30 bytes. */
async function decodeDataUrl(blob: StoredBlob, store: TaskStore): Promise<StoredBlob> {
  const head = await store.blobs.slice(blob, 0, 30);
  const marker = head.indexOf("base64,");
  if (marker === -1) return store.blobs.share(blob);
  const text = (await store.blobs.read(blob)).toString("latin1", marker + "base64,".length);
  return store.blobs.put(Buffer.from(text, "base64"));
}

async function storeInputs(
  request: CreateRequest,
  id: number,
  sources: readonly FileSource[],
): Promise<InputFile[]> {
  const given = new Set(sources.map((source) => source.name));
  for (const input of request.flow.inputs) {
    if (input.mandatory && !given.has(input.name)) {
      throw new HttpError(400, `The parameter '${input.name}' is required, but missing.`);
    }
  }
  const files: InputFile[] = [];
  try {
    for (const source of sources) {
      const { blob, extension } =
        "upload" in source
          ? {
              blob: await decodeDataUrl(source.upload.blob, request.store),
              extension: extensionOf(source.upload.filename),
            }
          : await resolveReference(source.name, source.reference, request);
      files.push({ input: source.name, name: `${id}_${source.name}${extension}`, blob });
    }
    return files;
  } catch (error) {
    for (const file of files) request.store.blobs.release(file.blob);
    throw error;
  }
}

/** A child's parent is what its first file refers to. */
function findParent(
  request: CreateRequest,
  sources: readonly FileSource[],
): { parent: number; node: number } | undefined {
  if (!request.standard.child) return undefined;
  const first = sources[0];
  if (first === undefined) {
    throw new HttpError(400, "No input file provided. Use the parent task's node ID.");
  }
  if ("upload" in first || first.reference.kind !== "task" || !first.keys.includes("task_id")) {
    throw new HttpError(400, "Invalid input file. Use the parent task's node ID.");
  }
  if (first.reference.nodeId === undefined) throw new BareError("KeyError: node_id");
  return { parent: first.reference.task.id, node: first.reference.nodeId };
}

function sentSeed(request: CreateRequest): bigint | undefined {
  const text = request.form.text("seed");
  if (text === undefined || !request.flow.listed.is_seed_supported) return undefined;
  // The type check lets `1.0` pass; what comes after does not.
  if (!INTEGER.test(text)) throw new BareError("seed has a fraction");
  return request.standard.seed;
}

const SERVER_SEEDS = 2_147_483_647;

function seedOf(request: CreateRequest, sent: bigint | undefined): bigint {
  return sent ?? BigInt(1 + Math.floor(request.random() * SERVER_SEEDS));
}

/**
 * Creates the tasks of one call, one after the other; each is seen by workers and lists at once.
 * A failure leaves those before it in the queue, as on the real server.
 *
 * @throws HttpError or BareError, whichever the real server answers with
 */
export async function createTasks(request: CreateRequest): Promise<Task[]> {
  const { flow, form, standard, store } = request;
  const params = readTexts(request);
  const sources = readFileSources(request);
  if (form.text("surprise_me") === "1" && flow.listed.is_surprise_me_supported) {
    throw new BareError("no language model is configured");
  }
  const webhookHeaders = request.tweaks.poison === true ? [] : parseWebhookHeaders(form);
  const webhookUrl = form.text("webhook_url");
  const firstSeed = sentSeed(request);

  const tasks: Task[] = [];
  const wanted = Math.min(standard.count, request.tweaks.limit ?? Infinity);
  for (let k = 0; k < wanted; k += 1) {
    if (k > 0 && request.tweaks.spreadMs !== undefined)
      await request.pause(request.tweaks.spreadMs);
    // A long row of tasks must not hold up everybody else.
    if (k % 64 === 63) await nextTurn();
    const id = store.takeId();
    checkChoices(flow, params);
    const inputs = await storeInputs(request, id, sources);
    const own = firstSeed === undefined ? undefined : firstSeed + BigInt(k);
    const seed = seedOf(request, own);
    let parent;
    try {
      checkWithEngine(flow, params, seed);
      parent = findParent(request, sources);
    } catch (error) {
      for (const file of inputs) store.blobs.release(file.blob);
      throw error;
    }
    const task: Task = {
      id,
      user: request.user,
      flow: flow.id,
      priority: (standard.group - 1) * 16 + standard.priority,
      progress: 0,
      error: "",
      params,
      sentSeed: own,
      seed,
      outputs: flow.outputs.map((one) => ({ ...one, fileSize: -1, batchSize: -1 })),
      inputs,
      results: [],
      lockedAt: undefined,
      worker: undefined,
      executionTime: 0,
      parent: parent?.parent,
      parentNode: parent?.node,
      flags: request.demands.flags,
      hidden: flow.listed.hidden || request.demands.flags.federated_task,
      updatedAt: undefined,
      finishedAt: undefined,
      webhookUrl: webhookUrl === "" ? undefined : webhookUrl,
      webhookHeaders,
      executionDetails: undefined,
      customWorker: request.demands.customWorker,
      visibleAt: request.now() + (request.tweaks.hideMs ?? 0),
    };
    store.add(task);
    tasks.push(task);
  }
  return tasks;
}
