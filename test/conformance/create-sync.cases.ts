/** Section 3.9: create and wait. */
import { unzipSync } from "fflate";
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { type Problem } from "./steps.js";
import { FILE_FLOW, FLOW, type Json, NODE } from "./target.js";
import { multipart } from "./wire.js";

const SYNC = `/vapi/tasks/create-sync/${FLOW}`;

export const createSyncCases: readonly Case[] = [
  {
    section: "3.9",
    name: "refuses several tasks at once",
    run: async (target) => {
      const answer = await target.send(
        "PUT",
        SYNC,
        multipart([
          ["prompt", "x"],
          ["count", "2"],
        ]),
      );
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({
        detail: "Synchronous execution does not support count > 1.",
      });
    },
  },
  ...rows(
    [
      ["timeout=4", "timeout"],
      ["timeout=x", "timeout"],
      ["cleanup=perhaps", "cleanup"],
    ] as const,
    (query, name) => ({
      section: "3.9",
      name: `refuses ${query}`,
      run: async (target) => {
        const answer = await target.send("PUT", `${SYNC}?${query}`, multipart([["prompt", "x"]]));
        expect(answer.status).toBe(422);
        expect((answer.json() as { detail: Problem[] }).detail[0]?.loc).toEqual(["query", name]);
      },
    }),
  ),
  {
    section: "3.9",
    name: "answers with a ZIP and leaves nothing behind",
    setup: "engine",
    run: async (target) => {
      const answer = await target.send(
        "PUT",
        SYNC,
        multipart([
          ["prompt", "x"],
          ["group_scope", "9"],
        ]),
      );
      expect(answer.status).toBe(200);
      expect(answer.headers["content-type"]).toBe("application/zip");
      expect(answer.headers["content-disposition"]).toMatch(
        /^attachment; filename=results_\d+\.zip$/,
      );
      expect(Object.keys(unzipSync(answer.bytes))).toEqual([
        expect.stringMatching(`^\\d+_${NODE}_00001_\\.png$`),
      ]);
      expect((await target.get("/vapi/tasks/progress-summary?group_scope=9")).json()).toEqual({});
    },
  },
  {
    section: "3.9",
    name: "keeps the task with cleanup=false",
    setup: "engine",
    run: async (target) => {
      const form = multipart([
        ["prompt", "x"],
        ["group_scope", "10"],
      ]);
      expect((await target.send("PUT", `${SYNC}?cleanup=false`, form)).status).toBe(200);
      const left = (await target.get("/vapi/tasks/progress-summary?group_scope=10")).json() as Json;
      expect(Object.keys(left)).toHaveLength(1);
    },
  },
  {
    section: "3.9",
    name: "reports a failed task and deletes it",
    setup: "engine",
    run: async (target) => {
      const form = multipart([
        ["input_image", { filename: "a.png", bytes: "no picture" }],
        ["group_scope", "11"],
      ]);
      const answer = await target.send("PUT", `/vapi/tasks/create-sync/${FILE_FLOW}`, form);
      expect(answer.status).toBe(500);
      expect((answer.json() as { detail: string }).detail).toMatch(
        /^Task failed: cannot identify image file/,
      );
      expect((await target.get("/vapi/tasks/progress-summary?group_scope=11")).json()).toEqual({});
    },
  },
  {
    section: "3.9",
    name: "gives up after its time",
    run: async (target) => {
      const answer = await target.send("PUT", `${SYNC}?timeout=5`, multipart([["prompt", "x"]]));
      expect(answer.status).toBe(504);
      expect(answer.json()).toEqual({ detail: "Task execution timed out." });
    },
  },
];
