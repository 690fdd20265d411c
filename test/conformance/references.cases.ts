/** Section 3.6: references to files of earlier tasks. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { breaks, PICTURE, reference, refuses } from "./steps.js";
import { type Created, FILE_FLOW, FLOW, NODE, type Target } from "./target.js";
import { type FormFields, type Upload } from "./wire.js";

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

const PHOTO: Upload = { filename: "photo.png", bytes: "pretend picture", type: "image/png" };

async function statusOf(target: Target, fields: FormFields, flow = FLOW): Promise<number> {
  return (await target.create(flow, fields)).status;
}

/** A finished task of the file flow, with wrong references to it. */
const oddReferences: readonly Case[] = [
  ...rows(
    [
      [
        "node_id null",
        '"task_id":%,"node_id":null',
        "file from task_id=`%`, node_id=None not found.",
      ],
      [
        "node_id 9.0",
        `"task_id":%,"node_id":${NODE}.0`,
        `file from task_id=\`%\`, node_id=${NODE}.0 not found.`,
      ],
    ] as const,
    (name, keys, detail) => ({
      section: "3.6",
      name: `finds no file for ${name}`,
      run: async (target) => {
        const id = String(await target.worker().finished());
        const reference = `{${keys.replaceAll("%", id)}}`;
        const answer = await target.create(FILE_FLOW, [["input_image", reference]]);
        expect(answer.json()).toEqual({ detail: `Bad flow, ${detail.replaceAll("%", id)}` });
        expect(answer.status).toBe(400);
      },
    }),
  ),
  ...rows(
    [
      ["1.5", "1.5"],
      ["true", "True"],
    ] as const,
    (value, shown) => ({
      section: "3.6",
      name: `knows no task of the id ${value}`,
      run: async (target) => {
        const reference = `{"task_id":${value},"node_id":${NODE}}`;
        const answer = await target.create(FILE_FLOW, [["input_image", reference]]);
        expect(answer.json()).toEqual({ detail: `Missing task with id=${shown}` });
        expect(answer.status).toBe(400);
      },
    }),
  ),
  ...['"task_id"', '["remote_url"]'].map((reference): Case => ({
    section: "3.6",
    name: `breaks over the reference ${reference}`,
    run: async (target) => {
      expect(await statusOf(target, [["input_image", reference]], FILE_FLOW)).toBe(500);
    },
  })),
  {
    section: "3.6",
    name: "keeps the extension of a file name that ends in a slash",
    run: async (target) => {
      const upload = { ...PHOTO, filename: "a.png/" };
      const answer = await target.create(FILE_FLOW, [["input_image", upload]]);
      const [id = 0] = (answer.json() as Created).tasks_ids;
      expect((await target.details(id))["input_files"]).toMatchObject([
        { file_name: `${id}_input_image.png` },
      ]);
    },
  },
  {
    section: "3.6",
    name: "breaks over base64 with bad padding",
    run: async (target) => {
      const upload = { filename: "a.png", bytes: "data:image/png;base64,QUJDR" };
      expect(await statusOf(target, [["input_image", upload]], FILE_FLOW)).toBe(500);
    },
  },
];

export const referencesCases: readonly Case[] = [...references, ...oddReferences];
