/** Section 5.2: input files of tasks. */
import { expect } from "vitest";
import { type Case } from "./case.js";
import { BYTES, missesFile } from "./steps.js";
import { FILE_FLOW, type Target } from "./target.js";

async function withInput(target: Target): Promise<number> {
  const file = { filename: "a.png", bytes: BYTES };
  return (await target.created(FILE_FLOW, [["input_image", file]])).tasks_ids[0] ?? 0;
}

export const inputFilesCases: readonly Case[] = [
  ...["0", "-1"].map((index): Case => ({
    section: "5.2",
    name: `gives an input of a queued task for input_index=${index}, without a name`,
    run: async (target) => {
      const id = await withInput(target);
      const answer = await target.get(`/vapi/tasks/inputs?task_id=${id}&input_index=${index}`);
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(BYTES);
      expect(answer.headers["content-disposition"]).toBeUndefined();
      expect(answer.headers["accept-ranges"]).toBe("bytes");
    },
  })),
  {
    section: "5.2",
    name: "breaks over an index out of range",
    run: async (target) => {
      const id = await withInput(target);
      expect((await target.get(`/vapi/tasks/inputs?task_id=${id}&input_index=1`)).status).toBe(500);
    },
  },
  {
    section: "5.2",
    name: "does not know an unknown task",
    run: (target) =>
      missesFile(
        target,
        "/vapi/tasks/inputs?task_id=999999999&input_index=0",
        404,
        "Task `999999999` was not found.",
      ),
  },
  {
    section: "5.2",
    name: "gives inputs to an admin too",
    setup: "secured",
    run: async (target) => {
      const file = { filename: "a.png", bytes: BYTES };
      const created = await target.created(FILE_FLOW, [["input_image", file]], target.stranger);
      const answer = await target.get(
        `/vapi/tasks/inputs?task_id=${created.tasks_ids[0]}&input_index=0`,
      );
      expect(answer.status).toBe(200);
    },
  },
];
