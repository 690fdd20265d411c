/** Sections 2, 5 and 8: descriptions, downloads, flows. */
import { unzipSync } from "fflate";
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FILE_FLOW, FLOW, type Json, NODE, type Target } from "./target.js";
import type { Answer } from "./wire.js";

const BYTES = "0123456789abcdefghij";

function path(id: number, rest = ""): string {
  return `/vapi/tasks/results?task_id=${id}&node_id=${NODE}${rest}`;
}

async function batch(target: Target, count = 3): Promise<number> {
  return target
    .worker()
    .finished((id) =>
      Array.from(
        { length: count },
        (_, k) => [`${id}_${NODE}_0000${k + 1}_.png`, `${k}${BYTES}`] as const,
      ),
    );
}

async function refuses(target: Target, url: string, status: number, detail: string): Promise<void> {
  const answer = await target.get(url);
  expect(answer.text).toBe(JSON.stringify({ detail }));
  expect(answer.status).toBe(status);
}

const results: readonly Case[] = [
  {
    section: "5.1",
    name: "names a file without the last underscore of its stem",
    run: async (target) => {
      const id = await batch(target, 1);
      const answer = await target.get(path(id));
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
        const answer = await target.get(path(await batch(target), `&batch_index=${index}`));
        expect(answer.text).toBe(`${first}${BYTES}`);
      },
    }),
  ),
  {
    section: "5.1",
    name: "breaks over an index too far from the end",
    run: async (target) => {
      expect((await target.get(path(await batch(target), "&batch_index=-4"))).status).toBe(500);
    },
  },
  {
    section: "5.1",
    name: "misses an index too large",
    run: async (target) => {
      const id = await batch(target);
      const detail = `Missing result for task=\`${id}\` and node=\`${NODE}\`.`;
      await refuses(target, path(id, "&batch_index=3"), 404, detail);
    },
  },
  {
    section: "5.1",
    name: "gives a whole batch as an uncompressed ZIP with the names on disk",
    run: async (target) => {
      const id = await batch(target);
      const answer = await target.get(path(id, "&batch_index=-1"));
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
      await refuses(target, path(id), 400, `Task \`${id}\` is not completed yet.`);
    },
  },
  {
    section: "5.1",
    name: "does not give results of a failed task",
    run: async (target) => {
      const id = await target.worker().failed();
      await refuses(target, path(id), 400, `Task \`${id}\` is not completed yet.`);
    },
  },
  {
    section: "5.1",
    name: "does not know a node that makes no files",
    run: async (target) => {
      const id = await batch(target, 1);
      const url = `/vapi/tasks/results?task_id=${id}&node_id=77`;
      await refuses(target, url, 404, `No such node in the flow for task=\`${id}\`.`);
    },
  },
  {
    section: "5.1",
    name: "does not know a task that is not there",
    run: (target) => refuses(target, path(999_999_999), 404, "Task `999999999` was not found."),
  },
  {
    section: "5.1",
    name: "gives results to the owner only, not to an admin",
    setup: "secured",
    run: async (target) => {
      const id = await batch(target, 1);
      expect((await target.as(target.stranger, "GET", path(id))).status).toBe(404);
      const theirs = await target.task([], FLOW, target.stranger);
      await refuses(target, path(theirs), 404, `Task \`${theirs}\` was not found.`);
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
      expect((await target.get(path(id, "&batch_index=1"))).status).toBe(200);
      expect((await target.get(path(id, "&batch_index=2"))).status).toBe(404);
    },
  },
  {
    section: "5.1",
    name: "refuses HEAD",
    run: async (target) => {
      expect((await target.send("HEAD", path(1))).status).toBe(405);
    },
  },
  {
    section: "5.1",
    name: "does not honour If-None-Match",
    run: async (target) => {
      const id = await batch(target, 1);
      const { etag = "" } = (await target.get(path(id))).headers;
      expect((await target.get(path(id), { "if-none-match": etag })).status).toBe(200);
    },
  },
];

const ranges: readonly Case[] = [
  ...rows(
    [
      ["bytes=0-4", "00123", "bytes 0-4/21"],
      ["bytes=5-", "456789abcdefghij", "bytes 5-20/21"],
      ["bytes=-3", "hij", "bytes 18-20/21"],
      ["bytes=18-99", "hij", "bytes 18-20/21"],
    ] as const,
    (range, text, contentRange) => ({
      section: "5.1",
      name: `gives ${range}`,
      run: async (target) => {
        const answer = await target.get(path(await batch(target, 1)), { range });
        expect(answer.status).toBe(206);
        expect(answer.text).toBe(text);
        expect(answer.headers["content-range"]).toBe(contentRange);
      },
    }),
  ),
  {
    section: "5.1",
    name: "cannot give what lies beyond the end",
    run: async (target) => {
      const answer = await target.get(path(await batch(target, 1)), { range: "bytes=21-" });
      expect(answer.status).toBe(416);
      expect(answer.headers["content-range"]).toBe("bytes */21");
      expect(answer.text).toBe("");
    },
  },
  ...rows(
    [
      ["bytes=a-b", 400, "Range header: range must be requested"],
      ["bytes=2-1", 400, "Range header: start must be less than end"],
      ["pages=1-2", 400, "Only support bytes range"],
      ["bytes=--1", 416, ""],
      ["bytes=0-1,", 206, "00"],
    ] as const,
    (range, status, text) => ({
      section: "5.1",
      name: `answers ${status} to ${range}`,
      run: async (target) => {
        const answer = await target.get(path(await batch(target, 1)), { range });
        expect(answer.status).toBe(status);
        expect(answer.text).toBe(text);
      },
    }),
  ),
  {
    section: "5.1",
    name: "gives several ranges in one multipart answer",
    run: async (target) => {
      const answer = await target.get(path(await batch(target, 1)), { range: "bytes=0-1,10-11" });
      expect(answer.status).toBe(206);
      expect(answer.headers["content-type"]).toMatch(/^multipart\/byteranges; boundary=\w+$/);
      expect(answer.text).toContain("Content-Range: bytes 10-11/21");
    },
  },
  {
    section: "5.1",
    name: "honours an If-Range that matches",
    run: async (target) => {
      const id = await batch(target, 1);
      const { etag = "" } = (await target.get(path(id))).headers;
      const answer = await target.get(path(id), { range: "bytes=0-4", "if-range": etag });
      expect(answer.status).toBe(206);
    },
  },
  {
    section: "5.1",
    name: "gives the whole file for an If-Range that does not match",
    run: async (target) => {
      const id = await batch(target, 1);
      const answer = await target.get(path(id), { range: "bytes=0-4", "if-range": '"other"' });
      expect(answer.status).toBe(200);
      expect(answer.bytes).toHaveLength(21);
    },
  },
];

async function withInput(target: Target): Promise<number> {
  const file = { filename: "a.png", bytes: BYTES };
  return (await target.created(FILE_FLOW, [["input_image", file]])).tasks_ids[0] ?? 0;
}

const inputs: readonly Case[] = [
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
      refuses(
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

interface Description {
  readonly info: Json;
  readonly servers?: { url: string }[];
  readonly paths: Record<string, { put?: { operationId?: string } }>;
  readonly components: {
    schemas: Record<string, { properties?: Record<string, Json>; required?: string[] }>;
  };
}

async function describe(target: Target, query = ""): Promise<Description> {
  const answer = await target.get(`/openapi/flows.json${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json() as Description;
}

function flowsOf({ paths }: Description): string[] {
  return Object.keys(paths).flatMap((key) => /\/create\/([^{]+)$/.exec(key)?.slice(1) ?? []);
}

const descriptions: readonly Case[] = [
  {
    section: "2",
    name: "gives the framework's own document at /openapi.json",
    run: async (target) => {
      const document = (await target.get("/openapi.json")).json() as Description;
      expect(document.info).toEqual({ title: "FastAPI", version: "0.1.0" });
      expect(document.servers).toBeUndefined();
    },
  },
  {
    section: "2",
    name: "gives base endpoints and a wrong server address at /openapi/flows.json",
    run: async (target) => {
      const document = await describe(target);
      expect(document.info["title"]).toBe("visionatrix");
      expect(document.servers?.[0]?.url).toBe("http://localhost:8288");
      expect(document.paths).toHaveProperty(["/vapi/tasks/progress-summary"]);
      expect(flowsOf(document)).toEqual([]);
    },
  },
  {
    section: "2",
    name: "describes all installed flows for *",
    run: async (target) => {
      const installed = (await target.get("/vapi/flows/installed")).json() as Json[];
      const flows = flowsOf(await describe(target, "?flows=*"));
      expect(flows.sort()).toEqual(installed.map((one) => one["name"]).sort());
    },
  },
  {
    section: "2",
    name: "shows the flows last asked for in the framework's own document too",
    run: async (target) => {
      const shown = async (): Promise<string[]> =>
        flowsOf((await target.get("/openapi.json")).json() as Description);
      await describe(target);
      await describe(target, `?flows=${FLOW}`);
      expect(await shown()).toEqual([FLOW]);
      // It is made anew when routes come, not when they go.
      await describe(target);
      expect(await shown()).toEqual([FLOW]);
      await describe(target, `?flows=${FILE_FLOW}`);
      expect(await shown()).toEqual([FILE_FLOW]);
    },
  },
  ...rows(
    [
      [FLOW, [FLOW]],
      [`${FLOW},%20${FILE_FLOW}%20`, [FLOW, FILE_FLOW]],
      [`${FLOW},no_such_flow`, [FLOW]],
      [FLOW.toUpperCase(), []],
    ] as const,
    (list, flows) => ({
      section: "2",
      name: `describes ${flows.length} flows for ${list}`,
      run: async (target) => {
        expect(flowsOf(await describe(target, `?flows=${list}`)).sort()).toEqual([...flows].sort());
      },
    }),
  ),
  {
    section: "2",
    name: "refuses skip_not_installed=perhaps",
    run: async (target) => {
      expect((await target.get("/openapi/flows.json?skip_not_installed=perhaps")).status).toBe(422);
    },
  },
  ...rows(
    [
      ["", 200],
      ["?flows=*", 200],
      [`?flows=${FLOW},${FILE_FLOW}`, 200],
      ["?flows=", 400],
      ["?flows=a-b", 400],
      ["?flows=a%20b", 400],
    ] as const,
    (query, status) => ({
      section: "2",
      name: `answers ${status} at /docs/flows${query}`,
      run: async (target) => {
        const answer = await target.get(`/docs/flows${query}`);
        expect(answer.status).toBe(status);
        if (status === 400) {
          expect(answer.json()).toEqual({
            detail: "Invalid characters in 'flows' query parameter.",
          });
        }
      },
    }),
  ),
  {
    section: "2.1",
    name: "puts the standard properties before the flow's own",
    run: async (target) => {
      const { components } = await describe(target, `?flows=${FLOW}`);
      const schema = components.schemas[`TaskRun_${FLOW}`];
      expect(Object.keys(schema?.properties ?? {}).slice(0, 9)).toEqual([
        "group_scope",
        "priority",
        "child_task",
        "webhook_url",
        "webhook_headers",
        "seed",
        "count",
        "translate",
        "prompt",
      ]);
      expect(schema?.required).toEqual(["prompt"]);
    },
  },
  {
    section: "2.1",
    name: "leaves out standard properties that a flow does not take",
    run: async (target) => {
      const { components } = await describe(target, `?flows=${FILE_FLOW}`);
      const properties = components.schemas[`TaskRun_${FILE_FLOW}`]?.properties ?? {};
      expect(properties).not.toHaveProperty("seed");
      expect(properties).toHaveProperty("group_scope");
    },
  },
  {
    section: "2.1",
    name: "describes a file in one of two spellings, with a text beside it",
    run: async (target) => {
      const { components } = await describe(target, `?flows=${FILE_FLOW}`);
      const image = components.schemas[`TaskRun_${FILE_FLOW}`]?.properties?.["input_image"];
      const [bytes, text] = image?.["anyOf"] as Json[];
      expect([bytes?.["format"], bytes?.["contentMediaType"]]).toEqual(
        bytes?.["format"] === undefined
          ? [undefined, "application/octet-stream"]
          : ["binary", undefined],
      );
      expect(text).toEqual({ type: "string" });
      expect(image?.["contentMediaType"]).toBe("image/*");
    },
  },
  {
    section: "2.1",
    name: "names operations and schemas after the flow, and sorts the schemas",
    run: async (target) => {
      const { components, paths } = await describe(target, "?flows=*");
      expect(paths[`/vapi/tasks/create/${FLOW}`]?.put?.operationId).toBe(`run_${FLOW}`);
      const names = Object.keys(components.schemas);
      expect(names).toEqual([...names].sort());
    },
  },
  {
    section: "2.2",
    name: "calls a scale factor a string with a number for its default",
    run: async (target) => {
      const { components } = await describe(target, "?flows=supir_upscaler");
      const schema = components.schemas["TaskRun_supir_upscaler"];
      expect(schema?.properties?.["scale_factor"]).toMatchObject({ type: "string", default: 2 });
    },
  },
];

const FLOW_KEYS = [
  "name",
  "display_name",
  "description",
  "tags",
  "sub_flows",
  "models",
  "input_params",
  "version",
  "hidden",
  "is_seed_supported",
  "is_count_supported",
  "is_translations_supported",
  "required_memory_gb",
  "is_surprise_me_supported",
];

async function installed(target: Target, name: string): Promise<Json | undefined> {
  const flows = (await target.get("/vapi/flows/installed")).json() as Json[];
  return flows.find((one) => one["name"] === name);
}

async function status(answer: Promise<Answer>): Promise<number> {
  return (await answer).status;
}

const flows: readonly Case[] = [
  {
    section: "8.2",
    name: "lists a flow with what a client needs",
    run: async (target) => {
      const flow = await installed(target, FLOW);
      for (const key of FLOW_KEYS) expect(flow).toHaveProperty(key);
      expect(flow).toMatchObject({ is_seed_supported: true, is_count_supported: true });
    },
  },
  {
    section: "8.2",
    name: "lists the inputs of a flow with their kinds, choices and defaults",
    run: async (target) => {
      const params = (await installed(target, FLOW))?.["input_params"] as Json[];
      const steps = params.find((one) => one["name"] === "steps_number");
      expect(steps).toMatchObject({ type: "list", default: "8 steps" });
      expect(Object.keys(steps?.["options"] as Json)).toEqual(["4 steps", "8 steps"]);
    },
  },
  {
    section: "8.2",
    name: "lists a file as mandatory and an image",
    run: async (target) => {
      const params = (await installed(target, FILE_FLOW))?.["input_params"] as Json[];
      expect(params[0]).toMatchObject({
        name: "input_image",
        type: "image",
        optional: false,
        default: "",
      });
    },
  },
  ...rows(
    [
      ["image", 200],
      ["image-inpaint", 200],
      ["video", 200],
      ["audio", 422],
    ] as const,
    (type, expected) => ({
      section: "8.1",
      name: `answers ${expected} to sub-flows for ${type}`,
      run: async (target) => {
        expect(await status(target.get(`/vapi/flows/subflows?input_type=${type}`))).toBe(expected);
      },
    }),
  ),
  {
    section: "8.1",
    name: "gives details of a flow whatever the case of its name",
    run: async (target) => {
      const answer = await target.get(`/vapi/flows/flow-details?name=${FLOW.toUpperCase()}`);
      const { flow, flow_comfy } = answer.json() as { flow: Json; flow_comfy: Json };
      expect(flow["name"]).toBe(FLOW);
      expect(flow_comfy).toHaveProperty(String(NODE));
    },
  },
  {
    section: "8.1",
    name: "gives no details of an unknown flow",
    run: (target) =>
      refuses(target, "/vapi/flows/flow-details?name=none", 404, "Flow 'none' not found."),
  },
  {
    section: "8.1",
    name: "does not install an unknown flow",
    run: async (target) => {
      const answer = await target.send("POST", "/vapi/flows/flow?name=none");
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({ detail: "Can't find `none` flow." });
    },
  },
  {
    section: "8.1",
    name: "does not update an unknown flow",
    run: async (target) => {
      const answer = await target.send("POST", "/vapi/flows/flow-update?name=none");
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({ detail: "Can't find `none` in installed flows." });
    },
  },
  {
    section: "8.1",
    name: "lists installations with their flows and workflows",
    run: async (target) => {
      const records = (await target.get("/vapi/flows/install-progress")).json() as Json[];
      const record = records.find((one) => one["name"] === FLOW);
      expect(record).toMatchObject({ progress: 100, error: "" });
      expect(record).toHaveProperty("flow_comfy");
    },
  },
  {
    section: "8.1",
    name: "removes a flow, refuses creates of it, and installs it again",
    standinOnly: "a real server would have to download the models again",
    run: async (target) => {
      const name = "auraflow";
      expect(await status(target.send("DELETE", `/vapi/flows/flow?name=${name}`))).toBe(204);
      expect(await status(target.create(name, [["prompt", "x"]]))).toBe(404);
      expect(await installed(target, name)).toBeUndefined();
      const missing = (await target.get("/vapi/flows/not-installed")).json() as Json[];
      expect(missing.map((one) => one["name"])).toContain(name);
      expect(await status(target.send("POST", `/vapi/flows/flow?name=${name}`))).toBe(204);
      expect(await status(target.create(name, [["prompt", "x"]]))).toBe(200);
    },
  },
];

const SIGNATURES: Readonly<Record<string, readonly [extension: string, start: string]>> = {
  image: [".png", "\x89PNG"],
  "image-animated": [".webp", "RIFF"],
  video: [".mp4", "\0\0\0"],
  audio: [".flac", "fLaC"],
  text: [".txt", "This"],
  "3d-model": [".glb", "glTF"],
};

/** A picture of one pixel. */
const PHOTO = {
  filename: "a.png",
  bytes: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
};

const engine: readonly Case[] = [
  ...rows(
    [
      ["sdxl_lighting", "image", undefined],
      ["ltxv_txt2video", "image-animated", undefined],
      ["hunyuan_img2video", "video", "image"],
      ["ace_step", "audio", undefined],
      ["ask_ai_internal", "text", undefined],
      ["hunyuan_3d", "3d-model", "front_img"],
    ] as const,
    (flow, type, file) => ({
      section: "5.1",
      name: `finishes ${flow} with a file of kind ${type}`,
      setup: "engine",
      run: async (target) => {
        const { tasks_ids, outputs } = await target.created(flow, [
          ["prompt", "x"],
          ["seed", "3"],
          ...(file === undefined ? [] : [[file, PHOTO] as const]),
        ]);
        const [id = 0] = tasks_ids;
        const node = outputs[0]?.comfy_node_id ?? 0;
        expect(outputs[0]?.type).toBe(type);
        let details = await target.details(id);
        while (details["progress"] !== 100) {
          expect(details["error"]).toBe("");
          details = await target.details(id);
        }
        const answer = await target.get(`/vapi/tasks/results?task_id=${id}&node_id=${node}`);
        const [extension = "", start = ""] = SIGNATURES[type] ?? [];
        expect(answer.headers["content-disposition"]).toContain(`${extension}"`);
        expect(answer.bytes.toString("latin1").startsWith(start)).toBe(true);
        expect((details["outputs"] as Json[])[0]?.["file_size"]).toBe(answer.bytes.length);
      },
    }),
  ),
  {
    section: "4.1",
    name: "fails a task whose picture cannot be read",
    setup: "engine",
    run: async (target) => {
      const file = { filename: "a.png", bytes: "this is no picture" };
      const { tasks_ids } = await target.created(FILE_FLOW, [["input_image", file]]);
      let details = await target.details(tasks_ids[0] ?? 0);
      while (details["error"] === "") details = await target.details(tasks_ids[0] ?? 0);
      expect(details["error"]).toMatch(/^cannot identify image file/);
      expect(details).toMatchObject({ locked_at: null, finished_at: null });
      expect(details["progress"]).toBeLessThan(100);
    },
  },
];

export const resultCases: readonly Case[] = [
  ...results,
  ...ranges,
  ...inputs,
  ...descriptions,
  ...flows,
  ...engine,
];
