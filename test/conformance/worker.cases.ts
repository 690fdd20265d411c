/** Section 7: how the server treats what workers send. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FLOW, type Json, type Target } from "./target.js";

interface Problem {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly input: unknown;
}

async function problems(target: Target, body: Json): Promise<Problem[]> {
  const answer = await target.json("POST", "/vapi/tasks/next", body);
  expect(answer.status, answer.text).toBe(422);
  return (answer.json() as { detail: Problem[] }).detail;
}

async function emptyRequests(target: Target, worker: string): Promise<unknown> {
  const path = `/vapi/workers/info?worker_id=${encodeURIComponent(worker)}`;
  const [info] = (await target.get(path)).json() as Json[];
  return info?.["empty_task_requests_count"];
}

export const workerCases: readonly Case[] = [
  {
    section: "7",
    name: "counts empty answers to requests that name flows only",
    run: async (target) => {
      const worker = target.worker();
      await worker.next([]);
      expect(await emptyRequests(target, worker.id)).toBe(0);
      await worker.ask();
      await worker.ask();
      await worker.next([]);
      expect(await emptyRequests(target, worker.id)).toBe(2);
      await worker.take();
      expect(await emptyRequests(target, worker.id)).toBe(0);
    },
  },
  {
    section: "7",
    name: "refuses numbers in tasks_names",
    run: async (target) => {
      const body = {
        worker_details: target.worker().details,
        tasks_names: [1],
        last_task_name: "",
      };
      expect(await problems(target, body)).toMatchObject([
        { loc: ["body", "tasks_names", 0], input: 1 },
      ]);
    },
  },
  {
    section: "7",
    name: "names each key that an empty system lacks",
    run: async (target) => {
      const worker_details = { ...target.worker().details, system: {} };
      const body = { worker_details, tasks_names: [FLOW], last_task_name: "" };
      const found = await problems(target, body);
      expect(found.map(({ loc }) => loc.at(-1)).sort()).toEqual([
        "embedded_python",
        "hostname",
        "os",
        "version",
      ]);
      for (const { type, input } of found)
        expect({ type, input }).toEqual({ type: "missing", input: null });
    },
  },
  {
    section: "7",
    name: "refuses a device without a name",
    run: async (target) => {
      const worker_details = { ...target.worker().details, devices: [{}] };
      const body = { worker_details, tasks_names: [FLOW], last_task_name: "" };
      expect(await problems(target, body)).toMatchObject([
        { loc: ["body", "worker_details", "devices", 0, "name"], input: null },
      ]);
    },
  },
  {
    section: "7",
    name: "refuses a profiled node whose id is a number",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      const execution_details = { nodes_profiling: [{ node_id: 9 }] };
      expect((await worker.report(id, 100, "", { execution_details })).status).toBe(422);
    },
  },
  {
    section: "7",
    name: "takes an error of null and a progress as text",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      expect((await worker.report(id, 1, "", { error: null, progress: "12" })).status).toBe(204);
      expect(await target.details(id)).toMatchObject({ progress: 12, error: "" });
    },
  },
  ...rows(
    [
      ["NaN", 400],
      ["Infinity", undefined],
    ] as const,
    (progress, shown) => ({
      section: "7",
      name: `takes a progress of ${progress}${shown === undefined ? "" : ", and cannot show it"}`,
      run: async (target) => {
        const worker = target.worker();
        const id = await worker.take();
        const report = {
          worker_details: worker.details,
          task_id: id,
          progress: "%",
          execution_time: 1,
          error: "",
        };
        const answer = await target.send("PUT", "/vapi/tasks/progress", {
          headers: { "content-type": "application/json" },
          body: JSON.stringify(report).replace('"%"', progress),
        });
        expect(answer.status).toBe(204);
        if (shown !== undefined) {
          expect((await target.get(`/vapi/tasks/progress/${id}`)).status).toBe(shown);
        }
        await target.send("DELETE", `/vapi/tasks/task?task_id=${id}`);
      },
    }),
  ),
  {
    section: "9",
    name: "sets the options of a worker, and puts back those that are not sent",
    run: async (target) => {
      const worker = target.worker();
      await worker.ask();
      const set = (options: Json): Promise<unknown> =>
        target.json("POST", "/vapi/workers/settings", { worker_id: worker.id, ...options });
      const path = `/vapi/workers/info?worker_id=${encodeURIComponent(worker.id)}`;
      const options = async (): Promise<Json | undefined> =>
        ((await target.get(path)).json() as Json[])[0];
      await set({ tasks_to_give: [FLOW], cache_size: 5 });
      expect(await options()).toMatchObject({ tasks_to_give: [FLOW], cache_size: 5 });
      await set({ vae_cpu: true });
      expect(await options()).toMatchObject({
        tasks_to_give: [FLOW],
        cache_size: 1,
        vae_cpu: true,
      });
    },
  },
  {
    section: "4.3",
    name: "does not tell a worker of a restart, and takes its reports",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      await worker.report(id, 30);
      const restart = `/vapi/tasks/restart?task_id=${id}&force=true`;
      expect((await target.send("POST", restart)).status).toBe(204);
      expect((await worker.report(id, 40)).status).toBe(204);
      expect(await target.details(id)).toMatchObject({ progress: 40, locked_at: null });
    },
  },
  ...rows(
    [
      ["a fraction of zero", '{"priority":3.0}', "application/json", 422],
      ["a body without a JSON content type", '{"priority":3}', "text/plain", 422],
      ["an integer", '{"priority":3}', "application/json", 204],
    ] as const,
    (name, body, type, status) => ({
      section: "4.2",
      name: `answers ${status} to a priority that is ${name}`,
      run: async (target) => {
        const path = `/vapi/tasks/update?task_id=${await target.task()}`;
        const answer = await target.send("PUT", path, { headers: { "content-type": type }, body });
        expect(answer.status).toBe(status);
      },
    }),
  ),
  ...["-1", "300"].map((group): Case => ({
    section: "4.5",
    name: `gives an empty list for the group ${group}`,
    run: async (target) => {
      for (const list of ["progress", "progress-summary"]) {
        const answer = await target.get(`/vapi/tasks/${list}?group_scope=${group}`);
        expect(answer.status).toBe(200);
        expect(answer.json()).toEqual({});
      }
    },
  })),
];
