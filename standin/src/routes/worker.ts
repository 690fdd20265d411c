/** The worker side: what a real worker calls, or a test that plays one. */
import { HttpError, type Problem, ValidationError } from "../http/errors.js";
import { readForm } from "../http/multipart.js";
import { json, jsonOf, noContent, type Reply } from "../http/reply.js";
import { Checks } from "../http/checks.js";
import type { Context, Route } from "../http/route.js";
import { naiveDate } from "../tasks/dates.js";
import { pickNext } from "../tasks/queue.js";
import type { ResultFile, Task } from "../tasks/task.js";
import { nextJson } from "../tasks/view.js";
import { type Worker, type WorkerDetails, workerIdOf } from "../workers.js";
import { ownOrAdminTask, queryTaskId } from "./access.js";
import { readJsonObject } from "./body.js";

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Collects what a worker's JSON body lacks. */
class Fields {
  readonly problems: Problem[] = [];

  need(
    object: Json,
    key: string,
    loc: readonly string[],
    holds: (value: unknown) => boolean,
  ): void {
    if (!Object.hasOwn(object, key)) {
      this.problems.push({
        type: "missing",
        loc: [...loc, key],
        msg: "Field required",
        input: object,
      });
    } else if (!holds(object[key])) {
      const msg = "Input should be valid";
      this.problems.push({ type: "value_error", loc: [...loc, key], msg, input: object[key] });
    }
  }

  done(): void {
    if (this.problems.length > 0) throw new ValidationError(this.problems);
  }
}

const isText = (value: unknown): boolean => typeof value === "string";
const isNumber = (value: unknown): boolean => typeof value === "number";
const isList = (value: unknown): boolean => Array.isArray(value);

function readWorkerDetails(body: Json, fields: Fields): WorkerDetails {
  fields.need(body, "worker_details", ["body"], isObject);
  const details = body["worker_details"];
  if (isObject(details)) {
    const loc = ["body", "worker_details"];
    fields.need(details, "worker_version", loc, isText);
    fields.need(details, "system", loc, isObject);
    fields.need(details, "devices", loc, isList);
  }
  return details as WorkerDetails;
}

async function handleNext(context: Context): Promise<Reply> {
  const { app, user } = context;
  const body = await readJsonObject(context);
  const fields = new Fields();
  const details = readWorkerDetails(body, fields);
  fields.need(body, "tasks_names", ["body"], isList);
  fields.done();
  const id = workerIdOf(user.id, details);
  if (id === undefined) return noContent();
  const now = app.clock.now();
  const worker = app.workers.seen(id, user.id, details, now);
  const names = (body["tasks_names"] as unknown[]).map(String);
  worker.lastAsked = names;
  const allowed = worker.tasksToGive;
  const flows = new Set(
    allowed.length > 0 ? names.filter((name) => allowed.includes(name)) : names,
  );
  const last = body["last_task_name"];
  const task = pickNext(app.store.waiting(), {
    workerId: id,
    flows,
    ...(user.admin ? {} : { user: user.id }),
    ...(typeof last === "string" && last !== "" ? { lastFlow: last } : {}),
  });
  if (task === undefined) {
    // A worker that asks for no flow at all has not asked for work.
    if (names.length > 0) worker.emptyRequests += 1;
    return noContent();
  }
  worker.emptyRequests = 0;
  task.lockedAt = now;
  app.store.changed(task);
  return json(nextJson(task, app.flows.get(task.flow)));
}

async function handleReport(context: Context): Promise<Reply> {
  const { app, user } = context;
  const body = await readJsonObject(context);
  const fields = new Fields();
  const details = readWorkerDetails(body, fields);
  fields.need(body, "task_id", ["body"], isNumber);
  fields.need(body, "progress", ["body"], isNumber);
  fields.need(body, "execution_time", ["body"], isNumber);
  fields.need(body, "error", ["body"], isText);
  fields.done();
  const task = ownOrAdminTask(context, BigInt(Math.trunc(Number(body["task_id"]))));
  const id = workerIdOf(user.id, details);
  if (id === undefined) throw new HttpError(400, "Failed to update task progress.");
  const now = app.clock.now();
  app.workers.seen(id, user.id, details, now);
  // Taken as it is: nothing keeps a worker from reporting 150, or less than before.
  task.progress = Number(body["progress"]);
  task.error = String(body["error"]);
  task.executionTime = Number(body["execution_time"]);
  task.worker = id;
  task.updatedAt = now;
  if (task.progress === 100) task.finishedAt = now;
  if (body["execution_details"] !== undefined) task.executionDetails = body["execution_details"];
  app.store.changed(task);
  app.webhooks.report(task);
  return noContent();
}

/** Files for one output, in the names under which they came. */
function splitByOutput(task: Task, files: readonly ResultFile[]): Map<number, ResultFile[]> {
  return new Map(
    task.outputs.map(({ node }) => [
      node,
      files.filter(({ name }) => name.startsWith(`${task.id}_${node}_`)),
    ]),
  );
}

async function handleUpload(context: Context): Promise<Reply> {
  const { app } = context;
  const task = ownOrAdminTask(context, queryTaskId(context));
  const form = await readForm(context.req, context.body, app.blobs);
  try {
    const modified = app.clock.now();
    const files = form.parts.flatMap((part) =>
      part.kind === "file" && part.name === "files"
        ? [{ name: part.filename, blob: part.blob, modified }]
        : [],
    );
    if (files.length === 0) {
      throw new ValidationError([
        { type: "missing", loc: ["body", "files"], msg: "Field required", input: null },
      ]);
    }
    const byOutput = splitByOutput(task, files);
    for (const output of task.outputs) {
      const own = byOutput.get(output.node) ?? [];
      if (own.length === 0) {
        throw new HttpError(400, `No results found for: ${task.id}_${output.node}_`);
      }
      for (const file of own) app.blobs.share(file.blob);
      const names = new Set(own.map(({ name }) => name));
      for (const old of task.results.filter(({ name }) => names.has(name))) {
        app.blobs.release(old.blob);
      }
      task.results = [...task.results.filter(({ name }) => !names.has(name)), ...own];
      output.fileSize = own.reduce((sum, { blob }) => sum + blob.size, 0);
      output.batchSize = own.length;
      app.store.changed(task);
    }
    return noContent();
  } finally {
    form.release(app.blobs);
  }
}

function handleUnlock(context: Context): Reply {
  const task = ownOrAdminTask(context, queryTaskId(context));
  task.lockedAt = undefined;
  context.app.store.changed(task);
  return noContent();
}

function show(worker: Worker): Json {
  const { details } = worker;
  const device = details.devices[0];
  return {
    user_id: worker.user,
    worker_id: worker.id,
    worker_version: details.worker_version,
    last_seen: naiveDate(worker.lastSeen),
    tasks_to_give: worker.tasksToGive,
    os: details.system.os,
    version: details.system.version,
    embedded_python: details.system.embedded_python,
    device_name: device?.name ?? "",
    device_type: device?.type ?? "",
    vram_total: device?.vram_total ?? 0,
    vram_free: device?.vram_free ?? 0,
    torch_vram_total: device?.torch_vram_total ?? 0,
    torch_vram_free: device?.torch_vram_free ?? 0,
    ram_total: details.ram_total ?? 0,
    ram_free: details.ram_free ?? 0,
    pytorch_version: details.pytorch_version ?? "",
    engine_details: details.engine_details ?? {},
    federated_instance_name: "",
    empty_task_requests_count: worker.emptyRequests,
    last_asked_tasks: worker.lastAsked,
    smart_memory: true,
    cache_type: "classic",
    cache_size: 1,
    vae_cpu: false,
    reserve_vram: 0.6,
  };
}

function handleInfo({ app, user, query }: Context): Reply {
  const checks = new Checks();
  const interval = Number(
    checks.integer(["query", "last_seen_interval"], query.get("last_seen_interval"), {
      fallback: 0n,
    }),
  );
  checks.done();
  const wanted = query.get("worker_id");
  const workers = app.workers
    .all(app.clock.now())
    .filter((worker) => user.admin || worker.user === user.id)
    .filter((worker) => wanted === null || wanted === "" || worker.id === wanted)
    .filter((worker) => interval <= 0 || app.clock.now() - worker.lastSeen <= interval * 1000);
  return jsonOf(workers.map(show));
}

async function handleSettings(context: Context): Promise<Reply> {
  const { app, user } = context;
  const body = await readJsonObject(context);
  const fields = new Fields();
  fields.need(body, "worker_id", ["body"], isText);
  fields.done();
  const id = String(body["worker_id"]);
  const worker = app.workers.get(id, app.clock.now());
  if (worker === undefined || (!user.admin && worker.user !== user.id)) {
    throw new HttpError(404, `Can't find \`${id}\` worker.`);
  }
  const give = body["tasks_to_give"];
  if (Array.isArray(give)) worker.tasksToGive = give.map(String);
  return noContent();
}

function handleRemove({ app, user, query }: Context): Reply {
  const ids = query.getAll("worker_id");
  if (ids.length === 0) {
    throw new ValidationError([
      { type: "missing", loc: ["query", "worker_id"], msg: "Field required", input: null },
    ]);
  }
  const found = ids.filter((id) => {
    const worker = app.workers.get(id, app.clock.now());
    return worker !== undefined && (user.admin || worker.user === user.id);
  });
  if (found.length === 0) throw new HttpError(404, "No workers matched the criteria.");
  for (const id of found) app.workers.remove(id);
  return noContent();
}

const ID_QUERY = [{ name: "task_id", type: "integer" }] as const;

export const workerRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/vapi/tasks/next",
    endpoint: "next",
    doc: { summary: "Take a task" },
    handle: handleNext,
  },
  {
    method: "PUT",
    path: "/vapi/tasks/progress",
    endpoint: "report",
    doc: { summary: "Report progress" },
    handle: handleReport,
  },
  {
    method: "PUT",
    path: "/vapi/tasks/results",
    endpoint: "upload-results",
    doc: { summary: "Hand in result files", query: ID_QUERY },
    handle: handleUpload,
  },
  {
    method: "DELETE",
    path: "/vapi/tasks/lock",
    endpoint: "unlock",
    doc: { summary: "Give up a lock", query: ID_QUERY },
    handle: handleUnlock,
  },
  {
    method: "GET",
    path: "/vapi/workers/info",
    endpoint: "workers",
    doc: {
      summary: "Workers",
      query: [
        { name: "last_seen_interval", type: "integer", default: 0 },
        { name: "worker_id", type: "string", default: "" },
      ],
    },
    handle: handleInfo,
  },
  {
    method: "POST",
    path: "/vapi/workers/settings",
    endpoint: "workers",
    doc: { summary: "Change a worker's settings" },
    handle: handleSettings,
  },
  {
    method: "DELETE",
    path: "/vapi/workers",
    endpoint: "workers",
    doc: { summary: "Forget workers", query: [{ name: "worker_id", type: "string" }] },
    handle: handleRemove,
  },
];
