/** Sections 5.1 and 4.1: the outputs of each kind of flow. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FILE_FLOW, type Json } from "./target.js";

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

export const resultKindsCases: readonly Case[] = [
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
