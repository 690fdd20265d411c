/**
 * The cost of waiting for 200 simultaneous tasks of 2 to 60 s: this client compared with the loop of the
 * Visionatrix guide (each task by its id, every 5 s), on two stand-ins in parallel.
 * Run: npx tsx bench/watch.ts [--tasks 200]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { startStandin, type Standin } from "visionatrix-standin";
import { median } from "./median.js";

const at = process.argv.indexOf("--tasks");
const TASKS = at < 0 ? 200 : Number(process.argv[at + 1]);
const GUIDE_INTERVAL_MS = 5000;

interface Measured {
  /** Polling requests per finished task. */
  requests: number;
  /** From the task's end on the server until the caller knows it, in ms. */
  lags: number[];
  /** The same, as a share of the task's length. */
  shares: number[];
}

function start(): Promise<Standin> {
  return startStandin({
    workers: TASKS,
    duration: [2000, 60_000],
    seed: 7,
    maxPictureSide: 16,
    recordLimit: 1_000_000,
  });
}

/** Waits for all tasks by `wait`, which resolves when the caller knows that its task is done. */
async function measure(
  wait: (url: string) => Promise<{ id: number; knownAt: number }>[],
): Promise<Measured> {
  const standin = await start();
  const known = await Promise.all(wait(standin.url));
  const asked = standin.requests.filter(({ endpoint }) => endpoint.startsWith("progress")).length;
  const lags: number[] = [];
  const shares: number[] = [];
  for (const { id, knownAt } of known) {
    const response = await fetch(`${standin.url}/vapi/tasks/progress/${id}`);
    const task = (await response.json()) as { finished_at: string; execution_time: number };
    const lag = knownAt - Date.parse(`${task.finished_at}Z`);
    lags.push(lag);
    shares.push(lag / (task.execution_time * 1000));
  }
  await standin.close();
  return { requests: asked / known.length, lags, shares };
}

function ours(url: string): Promise<{ id: number; knownAt: number }>[] {
  const client = createClient({ baseUrl: url });
  return Array.from({ length: TASKS }, async () => {
    const run = await sdxlLighting(client, { prompt: "a" });
    let knownAt = 0;
    for await (const { state } of run.progress()) if (state === "done") knownAt = Date.now();
    return { id: run.tasks[0]?.id ?? 0, knownAt };
  });
}

function guide(url: string): Promise<{ id: number; knownAt: number }>[] {
  return Array.from({ length: TASKS }, async () => {
    const form = new FormData();
    form.set("prompt", "a");
    const created = await fetch(`${url}/vapi/tasks/create/sdxl_lighting`, {
      method: "PUT",
      body: form,
    });
    const { tasks_ids } = (await created.json()) as { tasks_ids: [number] };
    for (;;) {
      const response = await fetch(`${url}/vapi/tasks/progress/${tasks_ids[0]}`);
      const { progress } = (await response.json()) as { progress: number };
      if (progress >= 100) return { id: tasks_ids[0], knownAt: Date.now() };
      await sleep(GUIDE_INTERVAL_MS);
    }
  });
}

const [client, loop] = await Promise.all([measure(ours), measure(guide)]);
const row = (name: string, a: number, b: number, digits: number): string =>
  `${name.padEnd(44)} ${a.toFixed(digits).padStart(8)} ${b.toFixed(digits).padStart(8)} ${(a / b).toFixed(3).padStart(8)}`;
console.log(`${TASKS} tasks at once of 2 to 60 s`.padEnd(44), "  client    guide    ratio");
console.log(row("progress requests per finished task", client.requests, loop.requests, 2));
console.log(row("median from done to known, ms", median(client.lags), median(loop.lags), 0));
console.log(
  row(
    "the same, % of the task's length",
    100 * median(client.shares),
    100 * median(loop.shares),
    2,
  ),
);
