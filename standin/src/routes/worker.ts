/** Endpoints for workers: called by real workers, or by a test that acts as one. */
import { HttpError, ValidationError } from "../http/errors.js";
import { readForm } from "../http/multipart.js";
import { json, noContent, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import { pickNext } from "../tasks/queue.js";
import type { ResultFile, Task } from "../tasks/task.js";
import { ENGINE_OPTIONS, nextJson } from "../tasks/view.js";
import { workerIdOf } from "../workers.js";
import { ownOrAdminTask, queryTaskId } from "./access.js";
import { readJsonObject } from "./body.js";
import { Fields } from "./fields.js";
import { readProfile, readWorkerDetails } from "./worker-body.js";

async function handleNext(context: Context): Promise<Reply> {
  const { app, user } = context;
  const body = await readJsonObject(context);
  const fields = new Fields();
  const details = readWorkerDetails(body, fields);
  const names = fields.texts(body, "tasks_names", ["body"]);
  fields.done();
  const id = workerIdOf(user.id, details);
  if (id === undefined) return noContent();
  const now = app.clock.now();
  const worker = app.workers.seen(id, user.id, details, now);
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
    // A request without any flow does not count as a request for work.
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
  const taskId = fields.number(body, "task_id", ["body"]);
  const progress = fields.number(body, "progress", ["body"]);
  const executionTime = fields.number(body, "execution_time", ["body"]);
  const error = fields.optionalText(body, "error", ["body"]);
  const profile = readProfile(body, fields);
  fields.done();
  const task = ownOrAdminTask(context, BigInt(Math.trunc(taskId)));
  const id = workerIdOf(user.id, details);
  if (id === undefined) throw new HttpError(400, "Failed to update task progress.");
  const now = app.clock.now();
  app.workers.seen(id, user.id, details, now);
  // Not checked: a worker may report 150, or less than before.
  task.progress = progress;
  task.error = error;
  task.executionTime = executionTime;
  task.worker = id;
  task.updatedAt = now;
  if (progress === 100) {
    task.finishedAt = now;
    // Kept with the last report only, and with the engine's settings added.
    if (profile !== undefined) task.executionDetails = { ...profile, ...ENGINE_OPTIONS };
  }
  app.store.changed(task);
  void app.webhooks.report(task, "remote");
  return noContent();
}

/** The files of each output, under the names that the worker sent. */
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
];
