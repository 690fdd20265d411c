/** Section 3: everything about creating tasks. */
import { unzipSync } from "fflate";
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { type Created, FILE_FLOW, FLOW, type Json, NODE, type Target } from "./target.js";
import { type FormFields, multipart, type Upload } from "./wire.js";

const PATH = `/vapi/tasks/create/${FLOW}`;
const PICTURE: Upload = { filename: "photo.png", bytes: "pretend picture", type: "image/png" };

interface Problem {
  readonly type: string;
  readonly loc: readonly string[];
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Json;
}

async function problems(target: Target, fields: FormFields): Promise<Problem[]> {
  const answer = await target.create(FLOW, fields);
  expect(answer.status, answer.text).toBe(422);
  return (answer.json() as { detail: Problem[] }).detail;
}

async function refuses(
  target: Target,
  flow: string,
  fields: FormFields,
  status: number,
  detail: string,
): Promise<void> {
  const answer = await target.create(flow, fields);
  expect(answer.text).toBe(JSON.stringify({ detail }));
  expect(answer.status).toBe(status);
}

async function breaks(target: Target, flow: string, fields: FormFields): Promise<void> {
  const answer = await target.create(flow, fields);
  expect(answer.status).toBe(500);
  expect(answer.text).toBe("Internal Server Error");
  expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
}

const requests: readonly Case[] = [
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

const STANDARD = ["group_scope", "priority", "child_task", "count", "translate", "seed"];
const NOT_INTEGERS = ["abc", "", "true", "1.5", "1e0", "0x1"];

const standard: readonly Case[] = [
  ...STANDARD.flatMap((name) =>
    NOT_INTEGERS.map((value): Case => ({
      section: "3.2",
      name: `does not take ${JSON.stringify(value)} for ${name}`,
      run: async (target) => {
        expect(
          await problems(target, [
            ["prompt", "x"],
            [name, value],
          ]),
        ).toEqual([
          {
            type: "int_parsing",
            loc: ["body", name],
            msg: "Input should be a valid integer, unable to parse string as an integer",
            input: value,
          },
        ]);
      },
    })),
  ),
  ...rows(
    [
      ["group_scope", "0", "greater_than_equal", "greater than or equal to 1", { ge: 1 }],
      ["group_scope", "-5", "greater_than_equal", "greater than or equal to 1", { ge: 1 }],
      ["group_scope", "256", "less_than_equal", "less than or equal to 255", { le: 255 }],
      ["priority", "-1", "greater_than_equal", "greater than or equal to 0", { ge: 0 }],
      ["priority", "16", "less_than_equal", "less than or equal to 15", { le: 15 }],
      ["count", "0", "greater_than_equal", "greater than or equal to 1", { ge: 1 }],
      ["count", "-3", "greater_than_equal", "greater than or equal to 1", { ge: 1 }],
    ] as const,
    (name, value, type, words, ctx) => ({
      section: "3.2",
      name: `refuses ${name}=${value}`,
      run: async (target) => {
        expect(
          await problems(target, [
            ["prompt", "x"],
            [name, value],
          ]),
        ).toEqual([
          { type, loc: ["body", name], msg: `Input should be ${words}`, input: value, ctx },
        ]);
      },
    }),
  ),
  ...rows(
    [
      ["group_scope", " 1 "],
      ["group_scope", "+1"],
      ["group_scope", "1.0"],
      ["count", "0_1"],
      ["priority", "15"],
      ["child_task", "0"],
      ["translate", "1"],
      ["seed", "-5"],
    ] as const,
    (name, value) => ({
      section: "3.2",
      name: `takes ${JSON.stringify(value)} for ${name}`,
      run: async (target) => {
        // A negative seed passes the type check and is refused by the engine.
        const answer = await target.create(FLOW, [
          ["prompt", "x"],
          [name, value],
        ]);
        expect(answer.status).toBe(name === "seed" ? 400 : 200);
      },
      ...(name === "seed" ? { standinOnly: "the answer is the engine's" } : {}),
    }),
  ),
  {
    section: "3.2",
    name: "reports several problems at once",
    run: async (target) => {
      const found = await problems(target, [
        ["prompt", "x"],
        ["count", "0"],
        ["priority", "99"],
        ["seed", "z"],
      ]);
      expect(found.map(({ loc }) => loc[1]).sort()).toEqual(["count", "priority", "seed"]);
    },
  },
  {
    section: "3.2",
    name: "does not take a file for an integer",
    run: async (target) => {
      const [problem] = await problems(target, [
        ["prompt", "x"],
        ["count", PICTURE],
      ]);
      expect(problem).toMatchObject({ type: "int_type", loc: ["body", "count"] });
      expect(problem?.input).toBeTypeOf("object");
    },
  },
  {
    section: "3.2",
    name: "checks standard keys that the flow does not take",
    run: async (target) => {
      const answer = await target.create(FILE_FLOW, [
        ["input_image", PICTURE],
        ["seed", "x"],
      ]);
      expect(answer.status).toBe(422);
    },
  },
];

const BOOL_FLOW = "juggernaut_xl";
const FLOAT_FLOW = "juggernaut_xl";

const inputs: readonly Case[] = [
  {
    section: "3.3",
    name: "accepts a task without its required text",
    run: async (target) => {
      const { tasks_ids } = await target.created(FLOW, [["steps_number", "8 steps"]]);
      expect((await target.details(tasks_ids[0] ?? 0))["input_params"]).toEqual({
        steps_number: "8 steps",
      });
    },
  },
  {
    section: "3.3",
    name: "refuses a task without its required file",
    run: (target) =>
      refuses(
        target,
        FILE_FLOW,
        [["x", "y"]],
        400,
        "The parameter 'input_image' is required, but missing.",
      ),
  },
  ...["", "ä ö ü 漢字 🎨", "line\r\nbreak", 'quote " and \\'].map((value): Case => ({
    section: "3.3",
    name: `keeps the text ${JSON.stringify(value)} as it is`,
    run: async (target) => {
      const id = await target.task([["prompt", value]]);
      const answer = await target.get(`/vapi/tasks/progress/${id}`);
      expect((answer.json() as Json)["input_params"]).toEqual({ prompt: value });
      if (value.includes("漢")) expect(answer.text).toContain("漢字");
    },
  })),
  {
    section: "3.3",
    name: "records numbers, choices and booleans as the texts that were sent",
    run: async (target) => {
      const fields: FormFields = [
        ["steps_count", "40"],
        ["fast_run", " TRUE "],
        ["aspect_ratio", "16:9 (1344x768)"],
      ];
      const id = await target.task(fields, BOOL_FLOW);
      expect((await target.details(id))["input_params"]).toEqual({
        prompt: "x",
        ...Object.fromEntries(fields),
      });
    },
  },
  ...["7 steps", "", "8 STEPS", "8 steps ", "8"].map((value): Case => ({
    section: "3.3",
    name: `breaks over the choice ${JSON.stringify(value)}`,
    run: (target) =>
      breaks(target, FLOW, [
        ["prompt", "x"],
        ["steps_number", value],
      ]),
  })),
  ...["true", "1", "yes", "y", "on", "false", "0", "no", "n", "off", "TRUE", " On "].map(
    (value): Case => ({
      section: "3.3",
      name: `takes ${JSON.stringify(value)} for a boolean`,
      run: async (target) => {
        const answer = await target.create(BOOL_FLOW, [
          ["prompt", "x"],
          ["fast_run", value],
        ]);
        expect(answer.status).toBe(200);
      },
    }),
  ),
  ...["", "maybe", "2", "t", "None"].map((value): Case => ({
    section: "3.3",
    name: `breaks over the boolean ${JSON.stringify(value)}`,
    run: (target) =>
      breaks(target, BOOL_FLOW, [
        ["prompt", "x"],
        ["fast_run", value],
      ]),
  })),
  {
    section: "3.3",
    name: "breaks over a file for a text",
    run: (target) => breaks(target, FLOW, [["prompt", PICTURE]]),
  },
  ...rows(
    [
      ["prompt_strength", "much", 400],
      ["prompt_strength", "", 400],
      ["steps_count", "40.0", 400],
      ["steps_count", "forty", 400],
      ["steps_count", "9999", 200],
      ["prompt_strength", "-100", 200],
      ["prompt_strength", "1e1", 200],
      ["prompt_strength", "4.55555", 200],
    ] as const,
    (name, value, status) => ({
      section: "3.3",
      name: `${status === 200 ? "takes" : "refuses"} ${name}=${JSON.stringify(value)}`,
      standinOnly: "the answer is the engine's, and depends on its version",
      run: async (target) => {
        const answer = await target.create(FLOAT_FLOW, [
          ["prompt", "x"],
          [name, value],
        ]);
        expect(answer.status).toBe(status);
        if (status === 400) {
          const { detail } = answer.json() as { detail: string };
          expect(detail).toMatch(
            /^Bad Flow: `\{'type': 'prompt_outputs_failed_validation', .*\}`$/,
          );
        }
      },
    }),
  ),
  {
    section: "3.3",
    name: "refuses an optional file given as an empty text",
    run: (target) =>
      refuses(
        target,
        "sketch_portrait",
        [
          ["person_face", PICTURE],
          ["person_pose", ""],
        ],
        400,
        "Invalid file input:",
      ),
  },
];

function seedsIn(workflow: unknown): number[] {
  const text = JSON.stringify(workflow);
  return [...text.matchAll(/"(?:noise_)?seed":(\d+)/g)].map(([, digits]) => Number(digits));
}

const seeds: readonly Case[] = [
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

const hooks: readonly Case[] = [
  ...rows(
    [
      ['{"x-client-ref":"abc"}', { "x-client-ref": "abc" }],
      ["{}", {}],
      ["null", null],
    ] as const,
    (text, stored) => ({
      section: "3.5",
      name: `stores webhook_headers ${text} also without a URL`,
      run: async (target) => {
        const details = await target.details(await target.task([["webhook_headers", text]]));
        expect(details["webhook_headers"]).toEqual(stored);
        expect(details["webhook_url"]).toBeNull();
      },
    }),
  ),
  {
    section: "3.5",
    name: "stores any webhook_url and takes an empty one for none",
    run: async (target) => {
      const given = await target.details(await target.task([["webhook_url", "not a url"]]));
      expect(given["webhook_url"]).toBe("not a url");
      const empty = await target.details(await target.task([["webhook_url", ""]]));
      expect(empty["webhook_url"]).toBeNull();
    },
  },
  ...["{", "x-a: b", "'a'"].map((value): Case => ({
    section: "3.5",
    name: `breaks over webhook_headers ${value} and creates nothing`,
    run: async (target) => {
      await breaks(target, FLOW, [
        ["prompt", "x"],
        ["group_scope", "77"],
        ["webhook_headers", value],
      ]);
      expect((await target.get("/vapi/tasks/progress-summary?group_scope=77")).json()).toEqual({});
    },
  })),
  ...["[]", '"x"', "5"].map((value): Case => ({
    section: "3.5",
    name: `is poisoned by webhook_headers ${value} until the task is deleted`,
    run: async (target) => {
      const group = 80 + value.length;
      const fields: FormFields = [
        ["group_scope", String(group)],
        ["webhook_headers", value],
      ];
      const id = await target.task(fields);
      const list = `/vapi/tasks/progress?group_scope=${group}`;
      expect((await target.get(`/vapi/tasks/progress/${id}`)).status).toBe(400);
      expect((await target.get(list)).status).toBe(500);
      expect((await target.get(`${list}&name=${FILE_FLOW}`)).status).toBe(200);
      expect((await target.get(`/vapi/tasks/progress-summary?group_scope=${group}`)).status).toBe(
        200,
      );
      expect((await target.send("DELETE", `/vapi/tasks/task?task_id=${id}`)).status).toBe(204);
      expect((await target.get(list)).status).toBe(200);
    },
  })),
  {
    section: "3.5",
    name: "shows priority and group apart",
    run: async (target) => {
      const details = await target.details(
        await target.task([
          ["group_scope", "255"],
          ["priority", "15"],
        ]),
      );
      expect(details).toMatchObject({ group_scope: 255, priority: 15 });
    },
  },
];

async function uploaded(target: Target, file: Upload): Promise<Json> {
  const { tasks_ids } = await target.created(FILE_FLOW, [["input_image", file]]);
  const details = await target.details(tasks_ids[0] ?? 0);
  return (details["input_files"] as Json[])[0] ?? {};
}

const uploads: readonly Case[] = [
  ...rows(
    [
      ["a.png", ".png"],
      ["photo.JPG", ".JPG"],
      ["archive.tar.gz", ".gz"],
      ["blob", ""],
      [".png", ""],
      ["a.", ""],
      ["", ""],
      ["with space.webp", ".webp"],
    ] as const,
    (filename, extension) => ({
      section: "3.6",
      name: `keeps ${JSON.stringify(extension)} of the file name ${JSON.stringify(filename)}`,
      run: async (target) => {
        const file = await uploaded(target, { filename, bytes: "12345" });
        expect(file["file_name"]).toMatch(/^\d+_input_image(\..*)?$/);
        expect(String(file["file_name"]).replace(/^\d+_input_image/, "")).toBe(extension);
        expect(file["file_size"]).toBe(5);
      },
    }),
  ),
  {
    section: "3.6",
    name: "takes an empty file",
    run: async (target) => {
      expect((await uploaded(target, { filename: "a.png", bytes: "" }))["file_size"]).toBe(0);
    },
  },
  {
    section: "3.6",
    name: "keeps the bytes of an upload, line breaks and boundary-like text included",
    run: async (target) => {
      const bytes = Buffer.concat([
        Buffer.from("\r\n--\n\r\n----conformance-boundary\r\n"),
        Buffer.from(Array.from({ length: 256 }, (_, k) => k)),
      ]);
      const { tasks_ids } = await target.created(FILE_FLOW, [
        ["input_image", { filename: "a.bin", bytes }],
      ]);
      const back = await target.get(`/vapi/tasks/inputs?task_id=${tasks_ids[0]}&input_index=0`);
      expect(back.bytes.equals(bytes)).toBe(true);
    },
  },
  {
    section: "3.6",
    name: "decodes a data URL whose marker comes early",
    run: async (target) => {
      const bytes = `data:image/png;base64,${Buffer.from("hello").toString("base64")}`;
      expect((await uploaded(target, { filename: "a.png", bytes }))["file_size"]).toBe(5);
    },
  },
  {
    section: "3.6",
    name: "keeps a data URL whose marker comes late as it is",
    run: async (target) => {
      const bytes = `data:application/octet-stream;base64,${Buffer.from("hello").toString("base64")}`;
      expect((await uploaded(target, { filename: "a.png", bytes }))["file_size"]).toBe(
        bytes.length,
      );
    },
  },
  {
    section: "3.6",
    name: "lists files in the order of the form",
    run: async (target) => {
      const { tasks_ids } = await target.created("sketch_portrait", [
        ["person_pose", PICTURE],
        ["person_face", PICTURE],
      ]);
      const [id = 0] = tasks_ids;
      const files = (await target.details(id))["input_files"] as Json[];
      expect(files.map((one) => one["file_name"])).toEqual([
        `${id}_person_pose.png`,
        `${id}_person_face.png`,
      ]);
    },
  },
];

const reference = (value: unknown): FormFields => [["input_image", JSON.stringify(value)]];

const references: readonly Case[] = [
  ...rows(
    [
      ["not json", "Invalid file input:not json"],
      ["", "Invalid file input:"],
      ["{}", "Missing `task_id` or `remote_url` parameter."],
      ['{"node_id":9}', "Missing `task_id` or `remote_url` parameter."],
      ["[]", "Missing `task_id` or `remote_url` parameter."],
      ['["x"]', "Missing `task_id` or `remote_url` parameter."],
      ['"a text"', "Missing `task_id` or `remote_url` parameter."],
      ['{"task_id":999999999,"node_id":9}', "Missing task with id=999999999"],
      ['{"remote_url":"http://x"}', "Unknown type(None for `remote_url` parameter"],
      ['{"remote_url":"http://x","type":"http"}', "Unknown type(http for `remote_url` parameter"],
    ] as const,
    (value, detail) => ({
      section: "3.6",
      name: `refuses the reference ${JSON.stringify(value)}`,
      run: (target) => refuses(target, FILE_FLOW, [["input_image", value]], 400, detail),
    }),
  ),
  ...[
    "5",
    "null",
    "true",
    '"has task_id in it"',
    '["remote_url"]',
    '{"task_id":null,"node_id":9}',
    '{"task_id":"abc","node_id":9}',
    '{"remote_url":"http://127.0.0.1:1/x","type":"nextcloud"}',
  ].map((value): Case => ({
    section: "3.6",
    name: `breaks over the reference ${value}`,
    run: (target) => breaks(target, FILE_FLOW, [["input_image", value]]),
  })),
  {
    section: "3.6",
    name: "needs more than a task id",
    run: async (target) => {
      const task_id = await target.task();
      const detail =
        "Bad flow, `input_index`, `node_id` or `file_content` should be present for 'input_image' parameter.";
      await refuses(target, FILE_FLOW, reference({ task_id }), 400, detail);
    },
  },
  {
    section: "3.6",
    name: "misses the output of a task that has none",
    run: async (target) => {
      const task_id = await target.task();
      const detail = `Bad flow, file from task_id=\`${task_id}\`, node_id=9 not found.`;
      await refuses(target, FILE_FLOW, reference({ task_id, node_id: 9 }), 400, detail);
    },
  },
  {
    section: "3.6",
    name: "does not find the task of another user",
    setup: "secured",
    run: async (target) => {
      const task_id = await target.task([], FLOW, target.stranger);
      await refuses(
        target,
        FILE_FLOW,
        reference({ task_id, node_id: 9 }),
        400,
        `Missing task with id=${task_id}`,
      );
    },
  },
  ...rows(
    [
      ["an output by node_id", { node_id: NODE }, ".png"],
      ["an output by a task id that is a text", { node_id: NODE, asText: true }, ".png"],
    ] as const,
    (name, { node_id, ...rest }, extension) => ({
      section: "3.6",
      name: `copies ${name}`,
      run: async (target) => {
        const source = await target.worker().finished();
        const task_id = "asText" in rest ? String(source) : source;
        const { tasks_ids } = await target.created(FILE_FLOW, reference({ task_id, node_id }));
        const [id = 0] = tasks_ids;
        expect((await target.details(id))["input_files"]).toEqual([
          { file_name: `${id}_input_image${extension}`, file_size: 20 },
        ]);
      },
    }),
  ),
  {
    section: "3.6",
    name: "copies an input, which wins over node_id",
    run: async (target) => {
      const first = await target.created(FILE_FLOW, [["input_image", PICTURE]]);
      const fields = reference({ task_id: first.tasks_ids[0], input_index: 0, node_id: 12345 });
      const { tasks_ids } = await target.created(FILE_FLOW, fields);
      const back = await target.get(`/vapi/tasks/inputs?task_id=${tasks_ids[0]}&input_index=0`);
      expect(back.text).toBe("pretend picture");
    },
  },
  ...[1, -2, "0", 1.5].map((input_index): Case => ({
    section: "3.6",
    name: `breaks over input_index ${JSON.stringify(input_index)} of a task with one input`,
    run: async (target) => {
      const first = await target.created(FILE_FLOW, [["input_image", PICTURE]]);
      await breaks(target, FILE_FLOW, reference({ task_id: first.tasks_ids[0], input_index }));
    },
  })),
];

const children: readonly Case[] = [
  {
    section: "3.5",
    name: "makes a child of the task that the first file is from",
    run: async (target) => {
      const parent = await target.worker().finished();
      const fields: FormFields = [
        ...reference({ task_id: parent, node_id: NODE }),
        ["child_task", "1"],
      ];
      const { tasks_ids } = await target.created(FILE_FLOW, fields);
      const [id = 0] = tasks_ids;
      expect(await target.details(id)).toMatchObject({
        parent_task_id: parent,
        parent_task_node_id: NODE,
        group_scope: 1,
      });
      const children = (await target.details(parent))["child_tasks"] as Json[];
      expect(children.map((one) => one["task_id"])).toEqual([id]);
    },
  },
  {
    section: "3.5",
    name: "refuses a child without a file",
    run: (target) =>
      refuses(
        target,
        FLOW,
        [
          ["prompt", "x"],
          ["child_task", "1"],
        ],
        400,
        "No input file provided. Use the parent task's node ID.",
      ),
  },
  {
    section: "3.5",
    name: "refuses a child of an upload",
    run: (target) =>
      refuses(
        target,
        FILE_FLOW,
        [
          ["input_image", PICTURE],
          ["child_task", "1"],
        ],
        400,
        "Invalid input file. Use the parent task's node ID.",
      ),
  },
  {
    section: "3.5",
    name: "breaks over a child of an input file",
    run: async (target) => {
      const first = await target.created(FILE_FLOW, [["input_image", PICTURE]]);
      const fields = reference({ task_id: first.tasks_ids[0], input_index: 0 });
      await breaks(target, FILE_FLOW, [...fields, ["child_task", "1"]]);
    },
  },
];

const headers: readonly Case[] = [
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

const SYNC = `/vapi/tasks/create-sync/${FLOW}`;

const sync: readonly Case[] = [
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

export const createCases: readonly Case[] = [
  ...requests,
  ...standard,
  ...inputs,
  ...seeds,
  ...hooks,
  ...uploads,
  ...references,
  ...children,
  ...headers,
  ...sync,
];
