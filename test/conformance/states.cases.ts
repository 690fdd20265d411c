/** Sections 4 and 7: states that workers cause, and how restart, cancel and clear treat them. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FLOW, type Json, NODE, type Target } from "./target.js";

async function refusesRestart(target: Target, id: number, text: string): Promise<void> {
  const answer = await target.send("POST", `/vapi/tasks/restart?task_id=${id}&force=true`);
  expect(answer.json()).toEqual({ detail: text });
  expect(answer.status).toBe(400);
}

async function gone(target: Target, id: number): Promise<boolean> {
  return (await target.get(`/vapi/tasks/progress/${id}`)).status === 404;
}

const states: readonly Case[] = [
  {
    section: "4.1",
    name: "locks a task that was taken, and names no worker before it reports",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      const taken = await target.details(id);
      expect(taken).toMatchObject({ progress: 0, error: "", worker_id: null, updated_at: null });
      expect(taken["locked_at"]).not.toBeNull();
      await worker.report(id, 0);
      expect(await target.details(id)).toMatchObject({ progress: 0, worker_id: worker.id });
    },
  },
  {
    section: "4.1",
    name: "keeps the last progress of a task that failed",
    run: async (target) => {
      const id = await target.worker().failed("bad luck\n");
      expect(await target.details(id)).toMatchObject({
        ...{ progress: 30, error: "bad luck\n", locked_at: null, finished_at: null },
      });
    },
  },
  {
    section: "4.1",
    name: "takes an error with 100 as it is, and does not restart such a task",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      expect((await worker.report(id, 100, "late trouble")).status).toBe(204);
      expect(await target.details(id)).toMatchObject({ progress: 100, error: "late trouble" });
      await refusesRestart(target, id, `Task \`${id}\` already finished.`);
    },
  },
  {
    section: "4.1",
    name: "keeps finished_at when a task that had finished is restarted",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.finished();
      const { finished_at: finished } = await target.details(id);
      expect(finished).not.toBeNull();
      await worker.report(id, 50, "after all");
      await target.send("POST", `/vapi/tasks/restart?task_id=${id}`);
      expect(await target.details(id)).toMatchObject({ progress: 0, finished_at: finished });
    },
  },
  {
    section: "4.1",
    name: "removes a task at 150 with the queue of its flow and group",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take([["group_scope", "51"]]);
      await worker.report(id, 150);
      await target.send("DELETE", `/vapi/tasks/queue?name=${FLOW}&group_scope=51`);
      expect(await gone(target, id)).toBe(true);
    },
  },
];

const ends: readonly Case[] = [
  {
    section: "4.3",
    name: "keeps inputs, outputs and seed of a task that it restarts, and clears the rest",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take([["seed", "77"]]);
      await worker.report(id, 30, "bad luck");
      const before = await target.details(id);
      expect((await target.send("POST", `/vapi/tasks/restart?task_id=${id}`)).status).toBe(204);
      expect(await target.details(id)).toMatchObject({
        ...{ progress: 0, error: "", execution_time: 0, worker_id: null, locked_at: null },
        ...{ outputs: before["outputs"], input_params: before["input_params"] },
        flow_comfy: before["flow_comfy"],
      });
    },
  },
  {
    section: "4.3",
    name: "lists the file of a failed try with the new one, if another task ran in between",
    setup: "engine",
    standinOnly: "needs a flow that fails when an output is made, and is well the next time",
    run: async (target) => {
      const run = async (): Promise<Json> => {
        const [id = 0] = (await target.created(FLOW, [["prompt", "x"]])).tasks_ids;
        return ended(target, id);
      };
      const again = async ({ task_id }: Json): Promise<Json> => {
        const path = `/vapi/tasks/restart?task_id=${String(task_id)}`;
        expect((await target.send("POST", path)).status).toBe(204);
        return ended(target, task_id as number);
      };
      const failure = { do: "fail", saved: 1, times: 1 } as const;
      target.standin.addFaults(failure);
      const alone = await run();
      expect(alone).toMatchObject({ outputs: [{ batch_size: -1 }] });
      expect(await again(alone)).toMatchObject({ progress: 100, outputs: [{ batch_size: 1 }] });
      target.standin.addFaults(failure);
      const first = await run();
      await run();
      expect(await again(first)).toMatchObject({ progress: 100, outputs: [{ batch_size: 2 }] });
      const path = `/vapi/tasks/results?task_id=${String(first["task_id"])}&node_id=${NODE}`;
      for (const index of [0, 1]) {
        expect((await target.get(`${path}&batch_index=${index}`)).status).toBe(200);
      }
    },
  },
  {
    section: "4.4",
    name: "cancels running tasks too with the queue of a flow",
    run: async (target) => {
      const running = await target.worker().take([["group_scope", "52"]]);
      await target.send("DELETE", `/vapi/tasks/queue?name=${FLOW}&group_scope=52`);
      expect(await gone(target, running)).toBe(true);
    },
  },
  ...rows(
    [
      ["queue", (target: Target, group: string) => target.task([["group_scope", group]], SCARCE)],
      [
        "clear",
        (target: Target, group: string) =>
          target
            .worker()
            .finished((id) => [[`${id}_267_00001_.png`, "x"]], [["group_scope", group]], SCARCE),
      ],
    ] as const,
    (path, make) => ({
      section: "4.4",
      name: `means all groups by group_scope=0 of ${path}`,
      run: async (target) => {
        const ids = [await make(target, "53"), await make(target, "54")];
        await target.send("DELETE", `/vapi/tasks/${path}?name=${SCARCE}&group_scope=0`);
        for (const id of ids) expect(await gone(target, id)).toBe(true);
      },
    }),
  ),
  {
    section: "4.4",
    name: "knows nothing more of a task that is gone",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      await target.send("DELETE", `/vapi/tasks/task?task_id=${id}`);
      for (const [method, path] of [
        ["GET", `progress/${id}`],
        ["GET", `results?task_id=${id}&node_id=${NODE}`],
        ["GET", `inputs?task_id=${id}&input_index=0`],
        ["POST", `restart?task_id=${id}`],
        ["DELETE", `task?task_id=${id}`],
        ["DELETE", `lock?task_id=${id}`],
        ["DELETE", `queue/${id}`],
      ] as const) {
        const answer = await target.send(method, `/vapi/tasks/${path}`);
        expect(answer.json(), path).toEqual({ detail: `Task \`${id}\` was not found.` });
        expect(answer.status).toBe(404);
      }
      expect((await worker.report(id, 40)).status).toBe(404);
    },
  },
  {
    section: "4.5",
    name: "filters lists by the flow's name to the letter",
    run: async (target) => {
      await target.task();
      const answer = await target.get(`/vapi/tasks/progress-summary?name=${FLOW.toUpperCase()}`);
      expect(answer.json()).toEqual({});
    },
  },
];

/** A flow that no other case uses, so that all groups of it can be cleared. */
const SCARCE = "hunyuan_dit";

const workers: readonly Case[] = [
  {
    section: "7",
    name: "drops files of no output, and keeps those of earlier outputs when a later one has none",
    run: async (target) => {
      const worker = target.worker();
      const flow = "photo_stickers";
      const photo = { filename: "a.png", bytes: "x" };
      const created = await target.create(flow, [["person_face", photo]], target.admin, {
        "x-worker-id": worker.id,
      });
      expect(created.status, created.text).toBe(200);
      const { tasks_ids, outputs } = created.json() as {
        tasks_ids: [number];
        outputs: { comfy_node_id: number }[];
      };
      const [id] = tasks_ids;
      expect((await worker.next([flow])).status).toBe(200);
      const [first] = outputs.map(({ comfy_node_id }) => comfy_node_id);
      const answer = await worker.upload(id, [
        [`${id}_${first}_00001_.png`, "one"],
        [`${id}_999_00001_.png`, "of no output"],
      ]);
      expect(answer.status).toBe(400);
      expect((answer.json() as { detail: string }).detail).toMatch(
        new RegExp(`^No results found for: ${id}_\\d+_$`),
      );
      const shown = (await target.details(id))["outputs"] as { batch_size: number }[];
      expect(shown.map(({ batch_size }) => batch_size)).toContain(1);
      await worker.report(id, 100);
      const path = `/vapi/tasks/results?task_id=${id}`;
      expect((await target.get(`${path}&node_id=${first}`)).text).toBe("one");
      expect((await target.get(`${path}&node_id=999`)).status).toBe(404);
    },
  },
];

/** The task once it has ended. */
async function ended(target: Target, id: number): Promise<Json> {
  for (;;) {
    const task = await target.details(id);
    if (task["progress"] === 100 || task["error"] !== "") return task;
  }
}

export const stateCases: readonly Case[] = [...states, ...ends, ...workers];
