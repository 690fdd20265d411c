/** Sections 3.7 and 3.8: headers for admins; responses to a create. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { type Created, FLOW, type Json } from "./target.js";

export const adminHeadersCases: readonly Case[] = [
  {
    section: "3.7",
    name: "pins a task to a worker, known or not",
    run: async (target) => {
      const answer = await target.create(FLOW, [["prompt", "x"]], target.admin, {
        "x-worker-id": "no:such",
      });
      const [id = 0] = (answer.json() as Created).tasks_ids;
      expect((await target.details(id))["custom_worker"]).toBe("no:such");
    },
  },
  ...rows(
    [
      ["x-worker-unload-models", "1", "unload_models", true],
      ["x-worker-unload-models", "true", "unload_models", false],
      ["x-worker-execution-profiler", "1", "profiler_execution", true],
    ] as const,
    (header, value, flag, set) => ({
      section: "3.7",
      name: `${set ? "takes" : "ignores"} ${header}: ${value}`,
      run: async (target) => {
        const answer = await target.create(FLOW, [["prompt", "x"]], target.admin, {
          [header]: value,
        });
        const [id = 0] = (answer.json() as Created).tasks_ids;
        expect(((await target.details(id))["extra_flags"] as Json)[flag]).toBe(set);
      },
    }),
  ),
  {
    section: "3.7",
    name: "ignores such headers from a user who is no admin",
    setup: "secured",
    run: async (target) => {
      const answer = await target.create(FLOW, [["prompt", "x"]], target.stranger, {
        "x-worker-id": "w",
        "x-worker-unload-models": "1",
        "x-federated-task": "1",
      });
      const [id = 0] = (answer.json() as Created).tasks_ids;
      const details = await target.details(id, target.stranger);
      expect(details["custom_worker"]).toBeNull();
      expect(details["extra_flags"]).toMatchObject({ unload_models: false, federated_task: false });
    },
  },
  ...rows(
    [
      ["no worker named", undefined, 0, "Missing `X-WORKER-ID` header."],
      ["an unknown worker", "no:such", 0, "No such worker available."],
      ["a worker that asked once", "own", 1, "Worker is busy."],
    ] as const,
    (name, id, asked, detail) => ({
      section: "3.7",
      name: `refuses a federated task for ${name}`,
      run: async (target) => {
        const worker = target.worker();
        for (let k = 0; k < asked; k += 1) await worker.ask();
        const workerId = id === "own" ? worker.id : id;
        const answer = await target.create(FLOW, [["prompt", "x"]], target.admin, {
          "x-federated-task": "1",
          ...(workerId === undefined ? {} : { "x-worker-id": workerId }),
        });
        expect(answer.status).toBe(400);
        expect(answer.json()).toEqual({ detail });
      },
    }),
  ),
  {
    section: "3.7",
    name: "hides a federated task for an idle worker",
    run: async (target) => {
      const worker = target.worker();
      await worker.ask();
      await worker.ask();
      const answer = await target.create(FLOW, [["prompt", "x"]], target.admin, {
        "x-federated-task": "1",
        "x-worker-id": worker.id,
      });
      const [id = 0] = (answer.json() as Created).tasks_ids;
      const details = await target.details(id);
      expect(details["hidden"]).toBe(true);
      expect((details["extra_flags"] as Json)["federated_task"]).toBe(true);
    },
  },
];
