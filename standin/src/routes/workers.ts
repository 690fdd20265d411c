/** Endpoints for the owners of workers: list, configure and forget them. */
import { Checks } from "../http/checks.js";
import { HttpError, ValidationError } from "../http/errors.js";
import { jsonOf, noContent, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import { naiveDate } from "../tasks/dates.js";
import type { Worker } from "../workers.js";
import { readJsonObject } from "./body.js";
import { Fields } from "./fields.js";
import { readWorkerSettings } from "./worker-body.js";

function show(worker: Worker): Record<string, unknown> {
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
    ...worker.settings,
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
  const id = fields.text(body, "worker_id", ["body"]);
  fields.done();
  const worker = app.workers.get(id, app.clock.now());
  if (worker === undefined || (!user.admin && worker.user !== user.id)) {
    throw new HttpError(404, `Can't find \`${id}\` worker.`);
  }
  const give = body["tasks_to_give"];
  if (Array.isArray(give)) worker.tasksToGive = give.map(String);
  // Values that are not sent go back to their defaults.
  worker.settings = readWorkerSettings(body);
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

export const workersRoutes: readonly Route[] = [
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
