/** Creates finished tasks when the stand-in starts, to test long lists. */
import type { App } from "./app.js";
import type { StoredBlob } from "./blobs.js";
import { renderTask } from "./engine/render.js";
import type { Flow } from "./flows/flow.js";
import { OptionError } from "./options.js";
import type { Task } from "./tasks/task.js";

/** Default flow of a history, if it is installed. */
const USUAL_FLOW = "sdxl_lighting";
/** The files of these tasks are small; only their number matters. */
const RENDER = { maxSide: 64, maxSeconds: 1 };
const APART_MS = 20_000;
const EXECUTION_S = 12.5;

function usualFlow(flows: readonly Flow[]): Flow | undefined {
  return (
    flows.find(({ id }) => id === USUAL_FLOW) ??
    flows.find(({ inputs }) => !inputs.some(({ mandatory }) => mandatory)) ??
    flows[0]
  );
}

function planOf(
  app: App,
  wanted: number | Readonly<Record<string, number>>,
): [flow: Flow, tasks: number][] {
  if (typeof wanted === "number") {
    const flow = usualFlow(app.flows.installed());
    return flow === undefined ? [] : [[flow, wanted]];
  }
  return Object.entries(wanted).map(([id, tasks]) => {
    const flow = app.flows.get(id);
    if (flow === undefined) throw new OptionError(`the history names an unknown flow: ${id}`);
    return [flow, tasks];
  });
}

function finishedTask(app: App, flow: Flow, finishedAt: number, number: number): Task {
  return {
    id: app.store.takeId(),
    user: app.users.first.id,
    flow: flow.id,
    priority: 0,
    progress: 100,
    error: "",
    params: new Map([["prompt", `history, picture ${number}`]]),
    sentSeed: flow.listed.is_seed_supported ? BigInt(number) : undefined,
    seed: BigInt(number),
    outputs: flow.outputs.map(({ node, type }) => ({ node, type, fileSize: -1, batchSize: -1 })),
    inputs: [],
    results: [],
    lockedAt: undefined,
    worker: "admin:stand-in:[no GPU]:0",
    executionTime: EXECUTION_S,
    parent: undefined,
    parentNode: undefined,
    flags: { profiler_execution: false, unload_models: false, federated_task: false },
    hidden: flow.listed.hidden,
    updatedAt: finishedAt,
    finishedAt,
    webhookUrl: undefined,
    webhookHeaders: null,
    executionDetails: undefined,
    customWorker: undefined,
    visibleAt: 0,
  };
}

interface Sample {
  readonly node: number;
  /** Name on disk after the id of the task. */
  readonly tail: string;
  readonly blob: StoredBlob;
}

/** The files that all tasks of a flow share. */
async function samplesOf(app: App, flow: Flow, task: Task): Promise<Sample[]> {
  const { blobs } = app.store;
  const made = await renderTask(task, flow, blobs, RENDER);
  const head = String(task.id).length;
  return Promise.all(
    made.map(async ({ node, name, bytes }) => ({
      node,
      tail: name.slice(head),
      blob: await blobs.put(bytes),
    })),
  );
}

/**
 * Adds the requested finished tasks, unless there are tasks already.
 *
 * @throws OptionError if a flow is not there
 */
export async function addHistory(
  app: App,
  wanted: number | Readonly<Record<string, number>> | undefined,
): Promise<void> {
  const { store, clock } = app;
  if (wanted === undefined || store.size > 0) return;
  const plan = planOf(app, wanted);
  const total = plan.reduce((sum, [, tasks]) => sum + tasks, 0);
  const now = clock.now();
  let number = 0;
  for (const [flow, tasks] of plan) {
    let samples: readonly Sample[] | undefined;
    for (let k = 0; k < tasks; k += 1) {
      number += 1;
      const task = finishedTask(app, flow, now - (total - number + 1) * APART_MS, number);
      samples ??= await samplesOf(app, flow, task);
      task.results = samples.map(({ tail, blob }) => ({
        name: `${task.id}${tail}`,
        blob: store.blobs.share(blob),
        modified: task.finishedAt ?? now,
      }));
      for (const output of task.outputs) {
        const own = samples.filter(({ node }) => node === output.node);
        output.fileSize = own.reduce((sum, { blob }) => sum + blob.size, 0);
        output.batchSize = own.length;
      }
      store.add(task);
    }
    // The tasks hold their own references.
    for (const { blob } of samples ?? []) store.blobs.release(blob);
  }
}
