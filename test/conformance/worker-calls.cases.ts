/** Section 7: what workers request and send. */
import { expect } from "vitest";
import { type Case } from "./case.js";
import { detail, NAIVE_DATE } from "./steps.js";
import { FILE_FLOW, FLOW, type Json, NODE } from "./target.js";

export const workerCallsCases: readonly Case[] = [
  {
    section: "7",
    name: "hands out a task with all that a worker needs, and locks it",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.task([["seed", "7"]]);
      const task = (await worker.next()).json() as Json;
      expect(Object.keys(task)).toEqual([
        "task_id",
        "progress",
        "error",
        "name",
        "input_params",
        "outputs",
        "input_files",
        "flow_comfy",
        "user_id",
        "execution_time",
        "webhook_url",
        "webhook_headers",
        "extra_flags",
        "translated_input_params",
      ]);
      expect(task).toMatchObject({ task_id: id, name: FLOW, progress: 0 });
      expect(Object.keys(task["extra_flags"] as Json).sort()).toEqual([
        "cache_size",
        "cache_type",
        "reserve_vram",
        "save_metadata",
        "smart_memory",
        "vae_cpu",
      ]);
      const details = await target.details(id);
      expect(details["locked_at"]).toMatch(NAIVE_DATE);
      expect(details["worker_id"]).toBeNull();
    },
  },
  {
    section: "7",
    name: "knows a worker by its user, host and device",
    run: async (target) => {
      const worker = target.worker();
      await worker.ask();
      const path = `/vapi/workers/info?worker_id=${encodeURIComponent(worker.id)}`;
      const [info] = (await target.get(path)).json() as Json[];
      expect(info).toMatchObject({
        worker_id: worker.id,
        empty_task_requests_count: 1,
        device_name: "fake gpu",
      });
      expect(info?.["last_seen"]).toMatch(NAIVE_DATE);
    },
  },
  {
    section: "7",
    name: "notes who reported",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      await worker.report(id, 41.25);
      expect(await target.details(id)).toMatchObject({
        progress: 41.25,
        worker_id: worker.id,
        execution_time: 1.5,
      });
    },
  },
  {
    section: "7",
    name: "has nothing for a worker without a device, and refuses its reports",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.task();
      const worker_details = { ...worker.details, devices: [] };
      const next = await target.json("POST", "/vapi/tasks/next", {
        worker_details,
        tasks_names: [FLOW],
      });
      expect(next.status).toBe(204);
      const report = { worker_details, task_id: id, progress: 1, execution_time: 0, error: "" };
      const answer = await target.json("PUT", "/vapi/tasks/progress", report);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ detail: "Failed to update task progress." });
    },
  },
  {
    section: "7",
    name: "counts the files and bytes of each output",
    run: async (target) => {
      const id = await target.worker().finished((task) => [
        [`${task}_${NODE}_00001_.png`, "12345"],
        [`${task}_${NODE}_00002_.png`, "1234567"],
      ]);
      const details = await target.details(id);
      expect(details["outputs"]).toEqual([
        { comfy_node_id: NODE, type: "image", file_size: 12, batch_size: 2 },
      ]);
    },
  },
  {
    section: "7",
    name: "refuses results without a file for the output",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      const answer = await worker.upload(id, [[`${id}_77_00001_.png`, "x"]]);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ detail: `No results found for: ${id}_${NODE}_` });
    },
  },
  {
    section: "7",
    name: "refuses results without any file",
    run: async (target) => {
      const id = await target.task();
      expect((await target.worker().upload(id, [])).status).toBe(422);
    },
  },
  {
    section: "7",
    name: "takes back a lock, also one that is not there",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.task();
      expect((await worker.unlock(id)).status).toBe(204);
      await worker.next();
      expect((await worker.unlock(id)).status).toBe(204);
      expect((await target.details(id))["locked_at"]).toBeNull();
      expect((await worker.unlock(999_999_999)).status).toBe(404);
    },
  },
  {
    section: "7",
    name: "keeps execution details of the last report only, with the engine's settings",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      const execution_details = { max_memory_usage: 5 };
      await worker.report(id, 99, "", { execution_details });
      expect((await target.details(id))["execution_details"]).toBeNull();
      await worker.report(id, 100, "", { execution_details });
      expect((await target.details(id))["execution_details"]).toMatchObject({
        max_memory_usage: 5,
        cache_size: 1,
      });
    },
  },
  {
    section: "7",
    name: "gives a worker who is no admin only the own tasks",
    setup: "secured",
    run: async (target) => {
      await target.task();
      const own = await target.task([["priority", "0"]], FLOW, target.stranger);
      const answer = await target.as(target.stranger, "POST", "/vapi/tasks/next", {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ worker_details: target.worker().details, tasks_names: [FLOW] }),
      });
      const task = answer.json() as Json;
      expect(task["user_id"]).toBe(target.stranger.username);
      expect(task["task_id"]).toBeLessThanOrEqual(own);
    },
  },
  {
    section: "7",
    name: "restricts a worker to what its settings allow",
    run: async (target) => {
      const worker = target.worker();
      await worker.drain();
      await worker.task();
      await worker.next([]);
      const set = (tasks_to_give: string[]): Promise<{ status: number }> =>
        target.json("POST", "/vapi/workers/settings", { worker_id: worker.id, tasks_to_give });
      expect((await set([FILE_FLOW])).status).toBe(204);
      expect((await worker.next()).status).toBe(204);
      expect((await set([])).status).toBe(204);
      expect((await worker.next()).status).toBe(200);
    },
  },
  {
    section: "9",
    name: "does not change or remove a worker that is not there",
    run: async (target) => {
      const set = await target.json("POST", "/vapi/workers/settings", { worker_id: "none" });
      expect(set.status).toBe(404);
      expect(set.json()).toEqual({ detail: "Can't find `none` worker." });
      await detail(
        target,
        "DELETE",
        "/vapi/workers?worker_id=none",
        404,
        "No workers matched the criteria.",
      );
    },
  },
];
