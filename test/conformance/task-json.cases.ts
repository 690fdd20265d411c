/** Section 4.6: the JSON of a task. */
import { expect } from "vitest";
import { type Case } from "./case.js";
import { NAIVE_DATE } from "./steps.js";
import { type Json, NODE } from "./target.js";

const SHORT_KEYS = [
  "task_id",
  "priority",
  "progress",
  "error",
  "name",
  "input_params",
  "outputs",
  "input_files",
  "locked_at",
  "worker_id",
  "execution_time",
  "group_scope",
  "parent_task_id",
  "parent_task_node_id",
  "child_tasks",
  "translated_input_params",
  "extra_flags",
  "hidden",
];

const LONG_KEYS = [
  "created_at",
  "updated_at",
  "finished_at",
  "flow_comfy",
  "user_id",
  "webhook_url",
  "webhook_headers",
  "execution_details",
  "custom_worker",
];

export const taskJsonCases: readonly Case[] = [
  {
    section: "4.6",
    name: "shows a task with all keys in their order",
    run: async (target) => {
      const details = await target.details(await target.task());
      expect(Object.keys(details)).toEqual([...SHORT_KEYS, ...LONG_KEYS]);
    },
  },
  {
    section: "4.6",
    name: "shows a task in short with the first keys only",
    run: async (target) => {
      const id = await target.task([["group_scope", "20"]]);
      const list = (await target.get("/vapi/tasks/progress-summary?group_scope=20")).json() as Json;
      expect(Object.keys(list[String(id)] as Json)).toEqual(SHORT_KEYS);
    },
  },
  {
    section: "4.6",
    name: "shows a queued task as nothing yet",
    run: async (target) => {
      expect(await target.details(await target.task())).toMatchObject({
        progress: 0,
        error: "",
        locked_at: null,
        worker_id: null,
        execution_time: 0,
        parent_task_id: null,
        child_tasks: [],
        updated_at: null,
        finished_at: null,
        execution_details: null,
        custom_worker: "nobody",
        hidden: false,
      });
    },
  },
  {
    section: "4.6",
    name: "writes floats with a fraction",
    run: async (target) => {
      const id = await target.task();
      const answer = await target.get(`/vapi/tasks/progress/${id}`);
      expect(answer.text).toContain('"progress":0.0,');
      expect(answer.text).toContain('"execution_time":0.0,');
    },
  },
  {
    section: "4.6",
    name: "shows all engine flags",
    run: async (target) => {
      const details = await target.details(await target.task());
      expect(details["extra_flags"]).toEqual({
        profiler_execution: false,
        unload_models: false,
        federated_task: false,
        save_metadata: false,
        smart_memory: true,
        cache_type: "classic",
        cache_size: 1,
        vae_cpu: false,
        reserve_vram: 0.6,
      });
    },
  },
  {
    section: "4.6",
    name: "shows the same created_at for every task",
    run: async (target) => {
      const first = await target.details(await target.task());
      const second = await target.details(await target.task());
      expect(first["created_at"]).toMatch(NAIVE_DATE);
      expect(second["created_at"]).toBe(first["created_at"]);
    },
  },
  {
    section: "4.6",
    name: "writes dates without an offset",
    run: async (target) => {
      const details = await target.details(await target.worker().finished());
      expect(details["updated_at"]).toMatch(NAIVE_DATE);
      expect(details["finished_at"]).toMatch(NAIVE_DATE);
      const age = Date.now() - Date.parse(`${String(details["finished_at"])}Z`);
      expect(Math.abs(age)).toBeLessThan(60_000);
    },
  },
  {
    section: "4.6",
    name: "shows the workflow with its output node",
    run: async (target) => {
      const { flow_comfy } = await target.details(await target.task());
      expect(flow_comfy).toHaveProperty(String(NODE));
    },
  },
];
