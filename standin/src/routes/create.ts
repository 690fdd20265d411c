/** `PUT /vapi/tasks/create/{name}` and its synchronous sibling. */
import { Checks } from "../http/checks.js";
import { BareError, HttpError } from "../http/errors.js";
import { type Form, readForm } from "../http/multipart.js";
import { json, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import { createTasks, type CreateTweaks, type WorkerDemands } from "../tasks/create.js";
import { checkStandardValues, type StandardValues } from "../tasks/standard-values.js";
import { archive } from "../tasks/files.js";
import type { Task } from "../tasks/task.js";
import { outputsJson } from "../tasks/view.js";

const OFFLINE_AFTER_MS = 15_000;

function checkFederated({ app }: Context, workerId: string | undefined): void {
  if (workerId === undefined) throw new HttpError(400, "Missing `X-WORKER-ID` header.");
  const worker = app.workers.get(workerId, app.clock.now());
  if (worker === undefined) throw new HttpError(400, "No such worker available.");
  if (worker.emptyRequests < 2) throw new HttpError(400, "Worker is busy.");
  if (app.clock.now() - worker.lastSeen > OFFLINE_AFTER_MS) {
    throw new HttpError(400, "Worker is offline.");
  }
  for (const task of app.store.all()) {
    if (task.customWorker === workerId && task.progress < 100 && task.error === "") {
      throw new HttpError(400, "Worker has unfinished tasks.");
    }
  }
}

/** What the headers for admins ask for. The server ignores them from other users. */
function readDemands(context: Context): WorkerDemands {
  const flags = { profiler_execution: false, unload_models: false, federated_task: false };
  if (!context.user.admin) return { flags };
  const header = (name: string): string | undefined => {
    const value = context.req.headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const workerId = header("x-worker-id");
  flags.unload_models = header("x-worker-unload-models") === "1";
  flags.profiler_execution = header("x-worker-execution-profiler") === "1";
  flags.federated_task = header("x-federated-task") === "1";
  if (flags.federated_task) checkFederated(context, workerId);
  return { flags, ...(workerId === undefined ? {} : { customWorker: workerId }) };
}

function tweaksOf({ fault }: Context): CreateTweaks {
  switch (fault?.do) {
    case "reset-after-accept":
      return {
        ...(fault.accept === undefined ? {} : { limit: fault.accept }),
        ...(fault.spreadMs === undefined ? {} : { spreadMs: fault.spreadMs }),
      };
    case "hide":
      return { hideMs: fault.ms };
    case "poison":
      return { poison: true };
    case "lose-inputs":
      return { loseInputs: true };
    default:
      return {};
  }
}

/** Runs the checks that precede those of the form's own values, then creates the tasks. */
async function create(context: Context, form: Form, standard: StandardValues): Promise<Task[]> {
  const { app, params, user } = context;
  const demands = readDemands(context);
  const name = params[0] ?? "";
  if (app.flows.unreadable !== undefined) {
    throw new BareError(`the metadata of the flow ${app.flows.unreadable} cannot be read`);
  }
  const flow = app.flows.get(name);
  if (flow === undefined) throw new HttpError(404, `Flow \`${name}\` is not installed.`);
  const tweaks = tweaksOf(context);
  if (tweaks.spreadMs !== undefined) context.loseAnswer();
  const tasks = await createTasks({
    flow,
    form,
    standard,
    demands,
    tweaks,
    language: app.language,
    setting: (key) => app.settings.effective(user.id, key),
    store: app.store,
    user: user.id,
    cookie: context.req.headers.cookie,
    now: () => app.clock.now(),
    random: () => app.random(),
    pause: (ms) => context.pause(ms),
  });
  context.noteTasks(tasks.map((task) => task.id));
  return tasks;
}

async function handleCreate(context: Context): Promise<Reply> {
  const form = await readForm(context.req, context.body, context.app.blobs);
  try {
    const tasks = await create(context, form, checkStandardValues(form));
    const [first] = tasks;
    const ids = tasks.map((task) => task.id).join(",");
    const outputs = first === undefined ? "[]" : outputsJson(first);
    return json(`{"tasks_ids":[${ids}],"outputs":${outputs}}`);
  } finally {
    form.release(context.app.blobs);
  }
}

const POLL_MS = 200;

/** Waits for the end of a task as the real server does: polls five times a second. */
async function waitFor(context: Context, task: Task, timeoutS: number): Promise<void> {
  const { app } = context;
  const deadline = app.clock.now() + timeoutS * 1000;
  for (;;) {
    if (app.store.get(task.id) !== task) {
      throw new HttpError(500, "Task disappeared during execution.");
    }
    if (task.error !== "") throw new HttpError(500, `Task failed: ${task.error}`);
    if (task.progress >= 100) return;
    if (app.clock.now() >= deadline) throw new HttpError(504, "Task execution timed out.");
    await context.pause(POLL_MS);
  }
}

async function handleCreateSync(context: Context): Promise<Reply> {
  const { app, query } = context;
  const form = await readForm(context.req, context.body, app.blobs);
  try {
    const checks = new Checks();
    const cleanup = checks.boolean(["query", "cleanup"], query.get("cleanup"), true);
    const timeout = checks.integer(["query", "timeout"], query.get("timeout"), {
      fallback: 600n,
      min: 5,
    });
    checks.done();
    const standard = checkStandardValues(form);
    if (standard.count > 1) {
      throw new HttpError(400, "Synchronous execution does not support count > 1.");
    }
    const [task] = await create(context, form, standard);
    if (task === undefined) throw new HttpError(404, "Completed task could not be retrieved.");
    try {
      await waitFor(context, task, Number(timeout));
      if (task.results.length === 0) {
        throw new HttpError(404, `No result files found for task=\`${task.id}\`.`);
      }
      return {
        status: 200,
        headers: {
          "content-type": "application/zip",
          "content-disposition": `attachment; filename=results_${task.id}.zip`,
        },
        body: await archive(task.results, app.blobs),
      };
    } finally {
      if (cleanup) app.store.removeTree(task);
    }
  } finally {
    form.release(app.blobs);
  }
}

export const createRoutes: readonly Route[] = [
  {
    method: "PUT",
    path: "/vapi/tasks/create/{name}",
    endpoint: "create",
    doc: { summary: "Create tasks of a flow" },
    handle: handleCreate,
  },
  {
    method: "PUT",
    path: "/vapi/tasks/create-sync/{name}",
    endpoint: "create-sync",
    doc: {
      summary: "Run a flow and wait for its files",
      query: [
        { name: "cleanup", type: "boolean", default: true },
        { name: "timeout", type: "integer", default: 600 },
      ],
    },
    handle: handleCreateSync,
  },
];
