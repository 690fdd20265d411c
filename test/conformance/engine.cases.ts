/** Sections 3.3, 4.1 and 4.3, with a real engine at work. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { MOVES_TIME, TASK_MS } from "./setups.js";
import { type Created, FILE_FLOW, FLOW, type Json, type Target } from "./target.js";
import type { FormFields } from "./wire.js";

/** A picture of one pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

/** Polls until the task is done or failed. */
async function ended(target: Target, fields: FormFields, flow: string): Promise<Json> {
  const answer = await target.create(flow, fields);
  expect(answer.status, answer.text).toBe(200);
  const [id = 0] = (answer.json() as Created).tasks_ids;
  for (;;) {
    const task = await target.details(id);
    if (task["progress"] === 100 || task["error"] !== "") return task;
  }
}

export const engineCases: readonly Case[] = [
  {
    section: "3.3",
    name: "fails early over a file that is no picture, with its whole path and a line break",
    setup: "engine",
    run: async (target) => {
      const upload = { filename: "a.png", bytes: "this is no picture" };
      const task = await ended(target, [["input_image", upload]], FILE_FLOW);
      expect(task["error"]).toMatch(
        new RegExp(
          `^cannot identify image file '/.*/${String(task["task_id"])}_input_image.png'\n$`,
        ),
      );
      expect(task["progress"]).toBeLessThan(60);
      expect(task["locked_at"]).toBeNull();
    },
  },
  ...rows(
    [
      ["cut off", PNG.subarray(0, PNG.length - 20)],
      ["damaged inside", Buffer.from(PNG).fill(0, 41, 50)],
    ] as const,
    (name, bytes) => ({
      section: "3.3",
      name: `makes something of a picture that is ${name}`,
      setup: "engine",
      run: async (target) => {
        const upload = { filename: "a.png", bytes };
        const task = await ended(target, [["input_image", upload]], FILE_FLOW);
        expect(task).toMatchObject({ progress: 100, error: "" });
      },
    }),
  ),
  ...rows(
    [
      ["nan", "NaN"],
      ["inf", "infinity"],
    ] as const,
    (value, word) => ({
      section: "3.3",
      name: `fails in the node that gets ${value}`,
      setup: "engine",
      run: async (target) => {
        const task = await ended(target, [["prompt_strength", value]], "animagine_xl");
        expect(task["error"]).toBe(`cannot convert float ${word} to integer\n`);
        expect(task["progress"]).toBeLessThan(100);
      },
    }),
  ),
  {
    section: "4.1",
    name: "raises progress up to 99, never lets it fall within a run, and ends at 100",
    setup: "working",
    standinOnly: MOVES_TIME,
    run: async (target) => {
      const { tasks_ids } = await target.created(FLOW, [["prompt", "x"]]);
      const [id = 0] = tasks_ids;
      const seen: number[] = [];
      for (let k = 0; k < 40 && seen.at(-1) !== 100; k += 1) {
        await target.standin.clock.advance(TASK_MS / 20);
        const task = await target.details(id);
        seen.push(task["progress"] as number);
        expect(task["finished_at"] === null).toBe(task["progress"] !== 100);
      }
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(seen.at(-1)).toBe(100);
      const running = seen.filter((percent) => percent > 0 && percent < 100);
      expect(new Set(running).size).toBeGreaterThan(2);
      expect(Math.max(...running)).toBeLessThanOrEqual(99);
    },
  },
  {
    section: "4.1",
    name: "shows its own worker in workers/info, idle and of the user admin",
    setup: "engine",
    run: async (target) => {
      await ended(target, [["prompt", "x"]], FLOW);
      const workers = (await target.get("/vapi/workers/info")).json() as Json[];
      expect(workers[0]).toMatchObject({ user_id: "admin" });
      expect(workers[0]?.["empty_task_requests_count"]).toBeGreaterThanOrEqual(1);
    },
  },
];
