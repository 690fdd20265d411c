/** Finds the task of a request and checks who may access it. */
import { Checks, MAX_DATABASE_INTEGER } from "../http/checks.js";
import { BareError, HttpError } from "../http/errors.js";
import type { Context } from "../http/route.js";
import type { Task } from "../tasks/task.js";

function taskNotFound(id: bigint | number): HttpError {
  return new HttpError(404, `Task \`${id}\` was not found.`);
}

/** The task if it exists and is visible by now. */
function visibleTask({ app }: Context, id: bigint): Task | undefined {
  if (id > MAX_DATABASE_INTEGER) throw new BareError("the database does not take such an id");
  const task = app.store.get(Number(id));
  return task !== undefined && task.visibleAt <= app.clock.now() ? task : undefined;
}

/** The task, if the caller owns it. For everybody else, admins included, it does not exist. */
export function ownTask(context: Context, id: bigint): Task {
  const task = visibleTask(context, id);
  if (task?.user !== context.user.id) throw taskNotFound(id);
  return task;
}

/** The task, if the caller owns it or is an admin. */
export function ownOrAdminTask(context: Context, id: bigint): Task {
  const task = visibleTask(context, id);
  if (task === undefined) throw taskNotFound(id);
  if (task.user !== context.user.id && !context.user.admin) throw taskNotFound(id);
  return task;
}

/** The mandatory query parameter `task_id`. */
export function queryTaskId({ query }: Context): bigint {
  const checks = new Checks();
  const id = checks.integer(["query", "task_id"], query.get("task_id"));
  checks.done();
  return id;
}
