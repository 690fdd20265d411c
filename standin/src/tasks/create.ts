/** Turns a form into tasks, with the real server's order of checks, exact texts and odd results. */
import type { Flow } from "../flows/flow.js";
import { BareError, HttpError } from "../http/errors.js";
import type { Form } from "../http/multipart.js";
import { parsePythonJson, plainValue } from "../http/python-json.js";
import { nextTurn } from "../timers.js";
import { type FileRequest, type FileSource, readFileSources, storeInputs } from "./input-files.js";
import { type LanguageModel, surprise, translate } from "./language.js";
import type { StandardValues } from "./standard-values.js";
import type { ExtraFlags, InputFile, Task } from "./task.js";
import { INTEGER, validOutputs } from "./validate.js";

/** What admin headers add to a task. */
export interface WorkerDemands {
  readonly customWorker?: string;
  readonly flags: ExtraFlags;
}

/** How a fault changes a create. */
export interface CreateTweaks {
  /** Number of tasks that are created; the rest is lost. */
  readonly limit?: number;
  /** Time for which new tasks are invisible, in ms. */
  readonly hideMs?: number;
  /** The tasks get `webhook_headers` that no list can show. */
  readonly poison?: boolean;
  /** The input files of the tasks are deleted from the disk. */
  readonly loseInputs?: boolean;
  /** Milliseconds between two tasks of one call. */
  readonly spreadMs?: number;
}

export interface CreateRequest extends FileRequest {
  readonly standard: StandardValues;
  readonly demands: WorkerDemands;
  readonly tweaks: CreateTweaks;
  readonly language: LanguageModel | undefined;
  /** A setting of the user's or the server's. */
  setting(key: string): string | undefined;
  now(): number;
  /** A number in [0, 1), for seeds that the caller left out. */
  random(): number;
  pause(ms: number): Promise<void>;
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
    return plainValue(parsePythonJson(part.value));
  } catch (error) {
    throw new BareError("webhook_headers is not JSON", { cause: error });
  }
}

const BOOLEANS = /^(?:true|1|yes|y|on|false|0|no|n|off)$/i;

/** Checks choices and booleans. The server looks them up, and a wrong one makes it fail with a bare 500. */
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

/** The parent of a child task is the task that its first file refers to. */
function findParent(
  request: CreateRequest,
  sources: readonly FileSource[],
): { parent: number; node: number } | undefined {
  if (!request.standard.child) return undefined;
  const first = sources[0];
  if (first === undefined) {
    throw new HttpError(400, "No input file provided. Use the parent task's node ID.");
  }
  if ("upload" in first || first.reference.kind !== "task") {
    throw new HttpError(400, "Invalid input file. Use the parent task's node ID.");
  }
  if (first.reference.node === undefined) throw new BareError("KeyError: node_id");
  return { parent: first.reference.task.id, node: Number(first.reference.node) };
}

function sentSeed(request: CreateRequest): bigint | undefined {
  const text = request.form.text("seed");
  if (text === undefined || !request.flow.listed.is_seed_supported) return undefined;
  // The type check accepts `1.0`; the next step does not.
  if (!INTEGER.test(text)) throw new BareError("seed has a fraction");
  return request.standard.seed;
}

const withoutFile = (file: InputFile): InputFile => ({ ...file, gone: true });

const SERVER_SEEDS = 2_147_483_647;

function seedOf(request: CreateRequest, sent: bigint | undefined): bigint {
  return sent ?? BigInt(1 + Math.floor(request.random() * SERVER_SEEDS));
}

interface ModelAnswers {
  readonly translated: Readonly<Record<string, string>> | undefined;
  /** One for each task. */
  readonly prompts: readonly string[] | undefined;
}

async function askLanguageModel(
  request: CreateRequest,
  params: ReadonlyMap<string, string>,
): Promise<ModelAnswers> {
  const { flow, form, standard, language: model, user } = request;
  const translator = { model, provider: request.setting("translations_provider") };
  const translated = standard.translate
    ? await translate(flow, params, translator, user)
    : undefined;
  if (form.text("surprise_me") !== "1" || !flow.listed.is_surprise_me_supported) {
    return { translated, prompts: undefined };
  }
  const writer = { model, provider: request.setting("llm_provider") };
  return {
    translated,
    prompts: await surprise(params.get("prompt") ?? "", standard.count, writer),
  };
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
  const { translated, prompts } = await askLanguageModel(request, params);
  const webhookHeaders = request.tweaks.poison === true ? [] : parseWebhookHeaders(form);
  const webhookUrl = form.text("webhook_url");
  const firstSeed = sentSeed(request);

  const tasks: Task[] = [];
  const wanted = Math.min(standard.count, request.tweaks.limit ?? Infinity);
  for (let k = 0; k < wanted; k += 1) {
    if (k > 0 && request.tweaks.spreadMs !== undefined)
      await request.pause(request.tweaks.spreadMs);
    // A long list of tasks must not block other requests.
    if (k % 64 === 63) await nextTurn();
    const id = store.takeId();
    checkChoices(flow, params);
    const inputs = await storeInputs(request, id, sources);
    const own = firstSeed === undefined ? undefined : firstSeed + BigInt(k);
    const seed = seedOf(request, own);
    let parent;
    let outputs;
    try {
      const files = new Set(sources.map(({ name }) => name));
      outputs = validOutputs(flow, { params, seed, files });
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
      params: prompts === undefined ? params : new Map([...params, ["prompt", prompts[k] ?? ""]]),
      translated,
      sentSeed: own,
      seed,
      outputs: outputs.map(({ node, type }) => ({ node, type, fileSize: -1, batchSize: -1 })),
      inputs: request.tweaks.loseInputs === true ? inputs.map(withoutFile) : inputs,
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
