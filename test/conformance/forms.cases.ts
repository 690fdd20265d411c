/** Section 3.1: what counts as a form, and the order of checks. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { breaks, PICTURE, refuses } from "./steps.js";
import { type Created, FLOW, type Json, NODE } from "./target.js";
import { multipart } from "./wire.js";

const PATH = `/vapi/tasks/create/${FLOW}`;

export const formsCases: readonly Case[] = [
  {
    section: "3.8",
    name: "answers with ids and the outputs of the first task",
    run: async (target) => {
      const answer = await target.create(FLOW, [
        ["prompt", "x"],
        ["count", "2"],
      ]);
      const { tasks_ids, outputs } = answer.json() as Created;
      expect(tasks_ids).toHaveLength(2);
      expect(outputs).toEqual([
        { comfy_node_id: NODE, type: "image", file_size: -1, batch_size: -1 },
      ]);
      expect(Object.keys(answer.json() as Json)).toEqual(["tasks_ids", "outputs"]);
      expect(answer.text).not.toMatch(/[:,] /);
    },
  },
  {
    section: "3.8",
    name: "gives ids that only grow",
    run: async (target) => {
      const first = await target.task();
      const second = await target.task();
      expect(second).toBeGreaterThan(first);
    },
  },
  {
    section: "3.8",
    name: "uses up an id for an attempt that fails late",
    run: async (target) => {
      const first = await target.task();
      await breaks(target, FLOW, [
        ["prompt", "x"],
        ["steps_number", "7 steps"],
      ]);
      expect(await target.task()).toBeGreaterThan(first + 1);
    },
  },
  ...["no_such_flow", FLOW.toUpperCase(), "Sdxl_lighting"].map((name): Case => ({
    section: "3.8",
    name: `does not know the flow ${name}`,
    run: (target) =>
      refuses(target, name, [["prompt", "x"]], 404, `Flow \`${name}\` is not installed.`),
  })),
  {
    section: "3.1",
    name: "decodes a percent-encoded flow name",
    run: async (target) => {
      expect((await target.create(FLOW.replace("_", "%5F"), [["prompt", "x"]])).status).toBe(200);
    },
  },
  {
    section: "3.1",
    name: "refuses POST and names PUT",
    run: async (target) => {
      const answer = await target.send("POST", PATH, multipart([["prompt", "x"]]));
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe("PUT");
      expect(answer.json()).toEqual({ detail: "Method Not Allowed" });
    },
  },
  {
    section: "3.1",
    name: "sends a path with a slash at its end on, to http",
    run: async (target) => {
      const answer = await target.send("PUT", `${PATH}/`, multipart([["prompt", "x"]]));
      expect(answer.status).toBe(307);
      expect(answer.headers.location).toBe(`http://${new URL(target.url).host}${PATH}`);
    },
  },
  {
    section: "3.1",
    name: "takes a urlencoded form",
    run: async (target) => {
      const answer = await target.send("PUT", PATH, {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "prompt=a+b%26c&seed=5",
      });
      const [id = 0] = (answer.json() as Created).tasks_ids;
      expect((await target.details(id))["input_params"]).toEqual({ prompt: "a b&c", seed: 5 });
    },
  },
  ...rows(
    [
      ["JSON", "application/json", '{"prompt":"lost"}'],
      ["text", "text/plain", "prompt=lost"],
      ["bytes without a type", undefined, "prompt=lost"],
      ["no body", undefined, undefined],
    ] as const,
    (name, type, body) => ({
      section: "3.1",
      name: `reads ${name} as an empty form`,
      run: async (target) => {
        const answer = await target.send("PUT", PATH, {
          headers: type === undefined ? {} : { "content-type": type },
          ...(body === undefined ? {} : { body }),
        });
        expect(answer.status).toBe(200);
        const [id = 0] = (answer.json() as Created).tasks_ids;
        expect((await target.details(id))["input_params"]).toEqual({});
      },
    }),
  ),
  {
    section: "3.1",
    name: "lets the last of several values count",
    run: async (target) => {
      const id = await target.task([
        ["prompt", "first"],
        ["prompt", "last"],
      ]);
      expect((await target.details(id))["input_params"]).toEqual({ prompt: "last" });
    },
  },
  {
    section: "3.2",
    name: "drops unknown keys without a word",
    run: async (target) => {
      const id = await target.task([
        ["promt", "typo"],
        ["Prompt", "case"],
        ["x", "y"],
      ]);
      expect((await target.details(id))["input_params"]).toEqual({ prompt: "x" });
    },
  },
  {
    section: "3.2",
    name: "drops unknown files without a word",
    run: async (target) => {
      const id = await target.task([["other", PICTURE]]);
      expect((await target.details(id))["input_files"]).toEqual([]);
    },
  },
  {
    section: "3.1",
    name: "checks types before it looks for the flow",
    run: async (target) => {
      expect((await target.create("no_such_flow", [["count", "x"]])).status).toBe(422);
    },
  },
  {
    section: "3.1",
    name: "looks for the flow before it looks at its inputs",
    run: async (target) => {
      expect((await target.create("no_such_flow", [["steps_number", "wrong"]])).status).toBe(404);
    },
  },
];
