/** Endpoints to read, cancel, delete, reprioritise and restart tasks. */
import { Checks } from "../http/checks.js";
import { BareError, HttpError } from "../http/errors.js";
import { json, noContent, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import { groupOf, isDone, isPoisoned, type Task } from "../tasks/task.js";
import { detailsJson, shortJson } from "../tasks/view.js";
import { ownOrAdminTask, ownTask, queryTaskId } from "./access.js";
import { readJsonObject } from "./body.js";

const EVERY_GROUP = 0;

function details(context: Context, task: Task): string {
  const { app } = context;
  return detailsJson(task, app.store, {
    startedAt: app.startedAt,
    flow: app.flows.get(task.flow),
  });
}

function handleProgress(context: Context): Reply {
  const checks = new Checks();
  const id = checks.integer(["path", "task_id"], context.params[0]);
  checks.done();
  const task = ownTask(context, id);
  if (isPoisoned(task)) {
    throw new HttpError(400, "Data validation error: webhook_headers is not a valid dictionary");
  }
  if (!Number.isFinite(task.progress)) {
    throw new HttpError(400, "Data validation error: Out of range float values");
  }
  return json(details(context, task));
}

/** The caller's tasks that a list shows. */
function select(context: Context): Task[] {
  const { app, query, user } = context;
  const checks = new Checks();
  const group = Number(
    checks.integer(["query", "group_scope"], query.get("group_scope"), { fallback: 1n }),
  );
  const onlyParent = checks.boolean(["query", "only_parent"], query.get("only_parent"), false);
  checks.done();
  const name = query.get("name");
  const now = app.clock.now();
  const tasks: Task[] = [];
  for (const task of app.store.ofUser(user.id)) {
    if (group !== EVERY_GROUP && groupOf(task) !== group) continue;
    if (name !== null && name !== "" && task.flow !== name) continue;
    if (onlyParent && task.parent !== undefined) continue;
    if (task.visibleAt > now) continue;
    tasks.push(task);
  }
  return tasks;
}

function listReply(tasks: readonly Task[], write: (task: Task) => string): Reply {
  if (tasks.some(({ progress }) => !Number.isFinite(progress))) {
    throw new BareError("a task's progress is no number");
  }
  const entries = tasks.map((task) => `"${task.id}":${write(task)}`);
  return { ...json(`{${entries.join(",")}}`), listed: tasks.length };
}

function handleList(context: Context): Reply {
  const tasks = select(context);
  if (tasks.some(isPoisoned)) throw new BareError("a task's webhook_headers cannot be shown");
  return listReply(tasks, (task) => details(context, task));
}

function handleSummary(context: Context): Reply {
  const tasks = select(context);
  return listReply(tasks, (task) => shortJson(task, context.app.store));
}

function handleRestart(context: Context): Reply {
  const { app, query } = context;
  const checks = new Checks();
  const id = checks.integer(["query", "task_id"], query.get("task_id"));
  const force = checks.boolean(["query", "force"], query.get("force"), false);
  checks.done();
  const task = ownTask(context, id);
  if (isDone(task)) throw new HttpError(400, `Task \`${id}\` already finished.`);
  if (!force && task.error === "") throw new HttpError(400, `Task \`${id}\` has no error set.`);
  // A worker that still runs the task is not notified.
  task.progress = 0;
  task.error = "";
  task.executionTime = 0;
  task.worker = undefined;
  task.lockedAt = undefined;
  app.store.changed(task);
  return noContent();
}

async function handleUpdate(context: Context): Promise<Reply> {
  const { app } = context;
  const id = queryTaskId(context);
  const body = await readJsonObject(context);
  const checks = new Checks();
  const loc = ["body", "priority"];
  if (!Object.hasOwn(body, "priority")) {
    checks.problems.push({ type: "missing", loc, msg: "Field required", input: body });
  }
  const wanted = body["priority"];
  const priority =
    wanted === undefined || wanted === null
      ? undefined
      : checks.strictInteger(loc, wanted, { min: 0, max: 15 });
  checks.done();
  const task = ownOrAdminTask(context, id);
  if (task.progress !== 0) {
    throw new HttpError(400, `Task \`${id}\` cannot be updated because it has already started.`);
  }
  if (priority === undefined) throw new BareError("priority is null");
  task.priority = (groupOf(task) - 1) * 16 + priority;
  app.store.changed(task);
  return noContent();
}

function handleCancel(context: Context): Reply {
  const { app, params } = context;
  const checks = new Checks();
  const id = checks.integer(["path", "task_id"], params[0]);
  checks.done();
  const task = ownTask(context, id);
  // A finished task stays, but the response is the same.
  if (!isDone(task)) app.store.remove(task);
  return noContent();
}

function handleDelete(context: Context): Reply {
  context.app.store.removeTree(ownOrAdminTask(context, queryTaskId(context)));
  return noContent();
}

/** The caller's parent tasks of one flow and group. `name` is mandatory here. */
function selectParents({ app, query, user }: Context): Task[] {
  const checks = new Checks();
  const name = checks.text(["query", "name"], query.get("name"));
  const group = Number(
    checks.integer(["query", "group_scope"], query.get("group_scope"), { fallback: 1n }),
  );
  checks.done();
  return [...app.store.ofUser(user.id)].filter(
    (task) =>
      task.flow === name &&
      task.parent === undefined &&
      (group === EVERY_GROUP || groupOf(task) === group),
  );
}

function handleCancelAll(context: Context): Reply {
  for (const task of selectParents(context)) {
    if (!isDone(task)) context.app.store.remove(task);
  }
  return noContent();
}

function handleClear(context: Context): Reply {
  for (const task of selectParents(context)) {
    if (isDone(task)) context.app.store.removeTree(task);
  }
  return noContent();
}

const LIST_QUERY = [
  { name: "name", type: "string" },
  { name: "group_scope", type: "integer", default: 1 },
  { name: "only_parent", type: "boolean", default: false },
] as const;
const ID_QUERY = [{ name: "task_id", type: "integer" }] as const;
const MANY_QUERY = [
  { name: "name", type: "string" },
  { name: "group_scope", type: "integer", default: 1 },
] as const;

export const taskRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/vapi/tasks/progress",
    endpoint: "progress-list",
    doc: { summary: "All own tasks with their workflows", query: LIST_QUERY },
    handle: handleList,
  },
  {
    method: "GET",
    path: "/vapi/tasks/progress-summary",
    endpoint: "progress-summary",
    doc: { summary: "All own tasks in short", query: LIST_QUERY },
    handle: handleSummary,
  },
  {
    method: "GET",
    path: "/vapi/tasks/progress/{task_id}",
    endpoint: "progress",
    doc: { summary: "One own task" },
    handle: handleProgress,
  },
  {
    method: "POST",
    path: "/vapi/tasks/restart",
    endpoint: "restart",
    doc: {
      summary: "Queue a failed task again",
      query: [...ID_QUERY, { name: "force", type: "boolean", default: false }],
    },
    handle: handleRestart,
  },
  {
    method: "PUT",
    path: "/vapi/tasks/update",
    endpoint: "update",
    doc: { summary: "Change the priority of a queued task", query: ID_QUERY },
    handle: handleUpdate,
  },
  {
    method: "DELETE",
    path: "/vapi/tasks/queue",
    endpoint: "cancel-all",
    doc: { summary: "Cancel the unfinished tasks of a flow", query: MANY_QUERY },
    handle: handleCancelAll,
  },
  {
    method: "DELETE",
    path: "/vapi/tasks/queue/{task_id}",
    endpoint: "cancel",
    doc: { summary: "Cancel a task" },
    handle: handleCancel,
  },
  {
    method: "DELETE",
    path: "/vapi/tasks/task",
    endpoint: "delete",
    doc: { summary: "Delete a task and its children", query: ID_QUERY },
    handle: handleDelete,
  },
  {
    method: "DELETE",
    path: "/vapi/tasks/clear",
    endpoint: "clear",
    doc: { summary: "Delete the finished tasks of a flow", query: MANY_QUERY },
    handle: handleClear,
  },
];
