/** Sections 3.7, 4.1, 7, 8.2 and 9: what depends on when a worker was last seen, and what does not. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { MOVES_TIME } from "./setups.js";
import { detail } from "./steps.js";
import { type FakeWorker, FLOW, type Json, NODE, type Target } from "./target.js";
import type { Answer } from "./wire.js";

const SECOND = 1000;
const DAY = 86_400 * SECOND;

async function info(target: Target, worker: FakeWorker, rest = ""): Promise<Json | undefined> {
  const path = `/vapi/workers/info?worker_id=${encodeURIComponent(worker.id)}${rest}`;
  return ((await target.get(path)).json() as Json[])[0];
}

/** A worker that counts as idle. */
async function idle(target: Target): Promise<FakeWorker> {
  const worker = target.worker();
  await worker.ask();
  await worker.ask();
  return worker;
}

function federated(target: Target, worker: FakeWorker): Promise<Answer> {
  const headers = { "x-federated-task": "1", "x-worker-id": worker.id };
  return target.create(FLOW, [["prompt", "x"]], target.admin, headers);
}

async function isSupported(target: Target): Promise<unknown> {
  const flows = (await target.get("/vapi/flows/installed")).json() as Json[];
  return flows.find((one) => one["name"] === FLOW)?.["is_supported_by_workers"];
}

const heard: readonly Case[] = [
  {
    section: "3.7",
    name: "refuses a federated task for a worker that was silent for more than 15 s",
    setup: "paused",
    standinOnly: MOVES_TIME,
    run: async (target) => {
      const worker = await idle(target);
      await target.standin.clock.advance(16 * SECOND);
      const answer = await federated(target, worker);
      expect(answer.json()).toEqual({ detail: "Worker is offline." });
      expect(answer.status).toBe(400);
    },
  },
  {
    section: "3.7",
    name: "refuses a federated task for a worker that has another to do",
    run: async (target) => {
      const worker = await idle(target);
      await worker.task();
      const answer = await federated(target, worker);
      expect(answer.json()).toEqual({ detail: "Worker has unfinished tasks." });
      expect(answer.status).toBe(400);
    },
  },
  ...rows(
    [
      ["asks for work", (worker: FakeWorker) => worker.ask()],
      ["reports", async (worker: FakeWorker) => worker.report(await worker.task(), 10)],
    ] as const,
    (does, call) => ({
      section: "7",
      name: `notes when a worker ${does}`,
      setup: "paused",
      standinOnly: MOVES_TIME,
      run: async (target) => {
        const worker = target.worker();
        await worker.ask();
        const before = String((await info(target, worker))?.["last_seen"]);
        await target.standin.clock.advance(5 * SECOND);
        await call(worker);
        const after = String((await info(target, worker))?.["last_seen"]);
        expect(Date.parse(`${after}Z`) - Date.parse(`${before}Z`)).toBe(5 * SECOND);
      },
    }),
  ),
  {
    section: "7",
    name: "leaves out workers that were not seen within last_seen_interval, which is in seconds",
    setup: "paused",
    standinOnly: MOVES_TIME,
    run: async (target) => {
      const worker = target.worker();
      await worker.ask();
      await target.standin.clock.advance(30 * SECOND);
      expect(await info(target, worker, "&last_seen_interval=60")).toBeDefined();
      expect(await info(target, worker, "&last_seen_interval=20")).toBeUndefined();
      expect(await info(target, worker, "&last_seen_interval=0")).toBeDefined();
    },
  },
  {
    section: "8.2",
    name: "calls flows supported by workers for 3 min after one was seen, and creates all the same",
    setup: "paused",
    standinOnly: MOVES_TIME,
    run: async (target) => {
      await target.worker().ask();
      expect(await isSupported(target)).toBe(true);
      await target.standin.clock.advance(181 * SECOND);
      expect(await isSupported(target)).toBe(false);
      expect((await target.create(FLOW, [["prompt", "x"]])).status).toBe(200);
    },
  },
  {
    section: "4.1",
    name: "keeps the lock of a worker that died, for ever, until the task is restarted by force",
    setup: "paused",
    standinOnly: MOVES_TIME,
    run: async (target) => {
      const dead = target.worker();
      const id = await dead.take();
      await dead.report(id, 40);
      await target.standin.clock.advance(DAY);
      const other = target.worker();
      await other.drain();
      expect(await target.details(id)).toMatchObject({ progress: 40, error: "" });
      expect((await target.details(id))["locked_at"]).not.toBeNull();
      const restart = `/vapi/tasks/restart?task_id=${id}&force=true`;
      expect((await target.send("POST", restart)).status).toBe(204);
      expect(await target.details(id)).toMatchObject({ progress: 0, locked_at: null });
    },
  },
  {
    section: "4.6",
    name: "shows the start of the process that runs now as created_at of tasks of an earlier one",
    setup: "paused",
    standinOnly: "a real server is not restarted for a test",
    run: async (target) => {
      const id = await target.task();
      const before = (await target.details(id))["created_at"];
      await target.standin.clock.advance(60 * SECOND);
      await target.standin.restart();
      expect((await target.details(id))["created_at"]).not.toBe(before);
      expect((await target.details(id))["created_at"]).toBe(
        (await target.details(await target.task()))["created_at"],
      );
    },
  },
];

const calls: readonly Case[] = [
  {
    section: "7",
    name: "takes the end of a task whose results did not come, with sizes of -1 and no file",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      expect((await worker.report(id, 100)).status).toBe(204);
      expect((await target.details(id))["outputs"]).toEqual([
        { comfy_node_id: NODE, type: "image", file_size: -1, batch_size: -1 },
      ]);
      const path = `/vapi/tasks/results?task_id=${id}&node_id=${NODE}`;
      const text = `Missing result for task=\`${id}\` and node=\`${NODE}\`.`;
      await detail(target, "GET", path, 404, text);
    },
  },
  {
    section: "7",
    name: "takes the names of flows to the letter",
    run: async (target) => {
      const worker = target.worker();
      await worker.task();
      expect((await worker.next([FLOW.toUpperCase()])).status).toBe(204);
    },
  },
  {
    section: "7",
    name: "knows no lock of a task that is not there",
    run: (target) =>
      detail(
        target,
        "DELETE",
        "/vapi/tasks/lock?task_id=999999999",
        404,
        "Task `999999999` was not found.",
      ),
  },
  {
    section: "9",
    name: "forgets several workers at once",
    run: async (target) => {
      const workers = [target.worker(), target.worker()];
      for (const worker of workers) await worker.ask();
      const query = workers.map(({ id }) => `worker_id=${encodeURIComponent(id)}`).join("&");
      expect((await target.send("DELETE", `/vapi/workers?${query}`)).status).toBe(204);
      for (const worker of workers) expect(await info(target, worker)).toBeUndefined();
    },
  },
  {
    section: "9",
    name: "wants no model file to be looked for during an installation",
    setup: "installing",
    standinOnly: "a real server would have to download models",
    run: async (target) => {
      expect((await target.get("/vapi/models/orphan")).status).toBe(200);
      await target.send("POST", "/vapi/flows/flow?name=flux1_dev");
      expect((await target.get("/vapi/models/orphan")).status).toBe(400);
    },
  },
  {
    section: "9",
    name: "answers 404 for the models of an Ollama that it cannot reach, to admins",
    setup: "secured",
    standinOnly: "a real server may reach one",
    run: async (target) => {
      const path = "/vapi/settings/ollama/models";
      expect((await target.get(path)).status).toBe(404);
      expect((await target.as(target.stranger, "GET", path)).status).toBe(401);
    },
  },
  {
    section: "14",
    name: "has no user admin with the password admin unless somebody made it",
    setup: "override",
    run: async (target) => {
      const admin = { username: "admin", password: "admin" };
      expect((await target.as(admin, "GET", "/vapi/other/whoami")).status).toBe(401);
    },
  },
];

export const workerTimesCases: readonly Case[] = [...heard, ...calls];
