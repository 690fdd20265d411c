/** Section 5.1: result files of tasks. */
import { unzipSync } from "fflate";
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { batch, BYTES, missesFile, resultPath } from "./steps.js";
import { FLOW, type Json, NODE } from "./target.js";

export const resultsCases: readonly Case[] = [
  {
    section: "5.1",
    name: "names a file without the last underscore of its stem",
    run: async (target) => {
      const id = await batch(target, 1);
      const answer = await target.get(resultPath(id));
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(`0${BYTES}`);
      expect(answer.headers["content-disposition"]).toBe(
        `attachment; filename="${id}_${NODE}_00001.png"`,
      );
      expect(answer.headers["content-type"]).toBe("image/png");
      expect(answer.headers["content-length"]).toBe("21");
      expect(answer.headers["accept-ranges"]).toBe("bytes");
      expect(answer.headers.etag).toMatch(/^"[^"]+"$/);
      expect(Date.parse(answer.headers["last-modified"] ?? "")).not.toBeNaN();
      expect(answer.headers["cache-control"]).toBeUndefined();
    },
  },
  ...rows(
    [
      ["0", "0"],
      ["1", "1"],
      ["2", "2"],
      ["-2", "1"],
      ["-3", "0"],
    ] as const,
    (index, first) => ({
      section: "5.1",
      name: `gives file ${first} for batch_index=${index}`,
      run: async (target) => {
        const answer = await target.get(resultPath(await batch(target), `&batch_index=${index}`));
        expect(answer.text).toBe(`${first}${BYTES}`);
      },
    }),
  ),
  {
    section: "5.1",
    name: "breaks over an index too far from the end",
    run: async (target) => {
      expect((await target.get(resultPath(await batch(target), "&batch_index=-4"))).status).toBe(
        500,
      );
    },
  },
  {
    section: "5.1",
    name: "misses an index too large",
    run: async (target) => {
      const id = await batch(target);
      const detail = `Missing result for task=\`${id}\` and node=\`${NODE}\`.`;
      await missesFile(target, resultPath(id, "&batch_index=3"), 404, detail);
    },
  },
  {
    section: "5.1",
    name: "gives a whole batch as an uncompressed ZIP with the names on disk",
    run: async (target) => {
      const id = await batch(target);
      const answer = await target.get(resultPath(id, "&batch_index=-1"));
      expect(answer.headers["content-type"]).toBe("application/zip");
      expect(answer.headers["content-disposition"]).toBe(
        `attachment; filename=${id}_${NODE}_results.zip`,
      );
      expect(answer.headers.etag).toBeUndefined();
      expect(answer.headers["accept-ranges"]).toBeUndefined();
      const files = unzipSync(answer.bytes, { filter: ({ compression }) => compression === 0 });
      const contents = Object.entries(files).map(([name, bytes]) => [
        name,
        Buffer.from(bytes).toString(),
      ]);
      expect(contents).toEqual(
        [0, 1, 2].map((k) => [`${id}_${NODE}_0000${k + 1}_.png`, `${k}${BYTES}`]),
      );
    },
  },
  {
    section: "5.1",
    name: "does not give results of a task that is not done",
    run: async (target) => {
      const id = await target.task();
      await missesFile(target, resultPath(id), 400, `Task \`${id}\` is not completed yet.`);
    },
  },
  {
    section: "5.1",
    name: "does not give results of a failed task",
    run: async (target) => {
      const id = await target.worker().failed();
      await missesFile(target, resultPath(id), 400, `Task \`${id}\` is not completed yet.`);
    },
  },
  {
    section: "5.1",
    name: "does not know a node that makes no files",
    run: async (target) => {
      const id = await batch(target, 1);
      const url = `/vapi/tasks/results?task_id=${id}&node_id=77`;
      await missesFile(target, url, 404, `No such node in the flow for task=\`${id}\`.`);
    },
  },
  {
    section: "5.1",
    name: "does not know a task that is not there",
    run: (target) =>
      missesFile(target, resultPath(999_999_999), 404, "Task `999999999` was not found."),
  },
  {
    section: "5.1",
    name: "gives results to the owner only, not to an admin",
    setup: "secured",
    run: async (target) => {
      const id = await batch(target, 1);
      expect((await target.as(target.stranger, "GET", resultPath(id))).status).toBe(404);
      const theirs = await target.task([], FLOW, target.stranger);
      await missesFile(target, resultPath(theirs), 404, `Task \`${theirs}\` was not found.`);
    },
  },
  ...[
    "",
    "?task_id=1",
    "?node_id=1",
    "?task_id=x&node_id=1",
    "?task_id=1&node_id=1&batch_index=x",
  ].map((query): Case => ({
    section: "5.1",
    name: `wants integers: ${query || "nothing given"}`,
    run: async (target) => {
      expect((await target.get(`/vapi/tasks/results${query}`)).status).toBe(422);
    },
  })),
  {
    section: "5.1",
    name: "counts files that it does not hand out",
    run: async (target) => {
      const id = await target.worker().finished((task) => [
        [`${task}_${NODE}_00001_.png`, "a"],
        [`${task}_${NODE}_00002_.png`, "b"],
        [`${task}_${NODE}_00003_.PNG`, "c"],
      ]);
      const [output] = (await target.details(id))["outputs"] as Json[];
      expect(output?.["batch_size"]).toBe(3);
      expect((await target.get(resultPath(id, "&batch_index=1"))).status).toBe(200);
      expect((await target.get(resultPath(id, "&batch_index=2"))).status).toBe(404);
    },
  },
  {
    section: "5.1",
    name: "refuses HEAD",
    run: async (target) => {
      expect((await target.send("HEAD", resultPath(1))).status).toBe(405);
    },
  },
  {
    section: "5.1",
    name: "does not honour If-None-Match",
    run: async (target) => {
      const id = await batch(target, 1);
      const { etag = "" } = (await target.get(resultPath(id))).headers;
      expect((await target.get(resultPath(id), { "if-none-match": etag })).status).toBe(200);
    },
  },
];
