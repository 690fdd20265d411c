/** Section 3.4: seeds, counts, translation. */
import { expect } from "vitest";
import { type Case } from "./case.js";
import { breaks, PICTURE } from "./steps.js";
import { FILE_FLOW, FLOW, type Json } from "./target.js";

function seedsIn(workflow: unknown): number[] {
  const text = JSON.stringify(workflow);
  return [...text.matchAll(/"(?:noise_)?seed":(\d+)/g)].map(([, digits]) => Number(digits));
}

export const seedsCases: readonly Case[] = [
  {
    section: "3.4",
    name: "draws a seed and keeps it out of input_params",
    run: async (target) => {
      const details = await target.details(await target.task());
      expect(details["input_params"]).toEqual({ prompt: "x" });
      const found = seedsIn(details["flow_comfy"]);
      expect(found.length).toBeGreaterThan(0);
      for (const seed of found) {
        expect(seed).toBeGreaterThanOrEqual(1);
        expect(seed).toBeLessThanOrEqual(2_147_483_647);
      }
    },
  },
  {
    section: "3.4",
    name: "draws another seed for each task, never the 1 of the description",
    run: async (target) => {
      const { tasks_ids } = await target.created(FLOW, [
        ["prompt", "x"],
        ["count", "5"],
      ]);
      const all = await Promise.all(
        tasks_ids.map(async (id) => seedsIn((await target.details(id))["flow_comfy"])[0]),
      );
      expect(new Set(all).size).toBe(5);
    },
  },
  {
    section: "3.4",
    name: "records a seed that was sent as an integer and runs with it",
    run: async (target) => {
      const details = await target.details(await target.task([["seed", "42"]]));
      expect(details["input_params"]).toEqual({ prompt: "x", seed: 42 });
      expect(seedsIn(details["flow_comfy"])).toContain(42);
    },
  },
  {
    section: "3.4",
    name: "counts the seed up over the tasks of one call",
    run: async (target) => {
      const { tasks_ids } = await target.created(FLOW, [
        ["prompt", "x"],
        ["count", "3"],
        ["seed", "100"],
      ]);
      const all = await Promise.all(tasks_ids.map((id) => target.details(id)));
      expect(all.map((one) => (one["input_params"] as Json)["seed"])).toEqual([100, 101, 102]);
    },
  },
  {
    section: "3.4",
    name: "keeps a seed beyond what a double holds",
    run: async (target) => {
      const id = await target.task([["seed", "18446744073709551615"]]);
      const answer = await target.get(`/vapi/tasks/progress/${id}`);
      expect(answer.text).toContain('"seed":18446744073709551615');
    },
  },
  ...["1.0", "7.00"].map((value): Case => ({
    section: "3.4",
    name: `breaks over the seed ${value}, which passes the type check`,
    run: (target) =>
      breaks(target, FLOW, [
        ["prompt", "x"],
        ["seed", value],
      ]),
  })),
  {
    section: "3.4",
    name: "leaves the first tasks queued when the seed overflows on the way",
    standinOnly: "the limit is the engine's",
    run: async (target) => {
      const before = await target.task();
      const answer = await target.create(FLOW, [
        ["prompt", "overflow"],
        ["seed", "18446744073709551613"],
        ["count", "5"],
      ]);
      expect(answer.status).toBe(400);
      const left = await Promise.all(
        [1, 2, 3, 4].map((k) => target.get(`/vapi/tasks/progress/${before + k}`)),
      );
      expect(left.map(({ status }) => status)).toEqual([200, 200, 200, 404]);
    },
  },
  {
    section: "3.4",
    name: "ignores the seed where the flow takes none",
    run: async (target) => {
      const { tasks_ids } = await target.created(FILE_FLOW, [
        ["input_image", PICTURE],
        ["seed", "5"],
      ]);
      expect((await target.details(tasks_ids[0] ?? 0))["input_params"]).toEqual({});
    },
  },
  {
    section: "3.4",
    name: "counts for a flow that does not say it can, and stores its file for each task",
    run: async (target) => {
      const { tasks_ids } = await target.created(FILE_FLOW, [
        ["input_image", PICTURE],
        ["count", "2"],
      ]);
      for (const id of tasks_ids) {
        expect((await target.details(id))["input_files"]).toEqual([
          { file_name: `${id}_input_image.png`, file_size: 15 },
        ]);
      }
    },
  },
  {
    section: "3.4",
    name: "does nothing for translate without a provider",
    run: async (target) => {
      const details = await target.details(await target.task([["translate", "1"]]));
      expect(details["translated_input_params"]).toBeNull();
    },
  },
  {
    section: "3.4",
    name: "breaks over surprise_me without a language model",
    run: (target) =>
      breaks(target, FLOW, [
        ["prompt", "x"],
        ["surprise_me", "1"],
      ]),
  },
  ...["0", "true", "2"].map((value): Case => ({
    section: "3.2",
    name: `ignores surprise_me=${value}`,
    run: async (target) => {
      expect(
        (
          await target.create(FLOW, [
            ["prompt", "x"],
            ["surprise_me", value],
          ])
        ).status,
      ).toBe(200);
    },
  })),
];
