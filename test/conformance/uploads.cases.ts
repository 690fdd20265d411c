/** Section 3.6: uploaded files. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { PICTURE } from "./steps.js";
import { FILE_FLOW, type Json, type Target } from "./target.js";
import { type Upload } from "./wire.js";

async function uploaded(target: Target, file: Upload): Promise<Json> {
  const { tasks_ids } = await target.created(FILE_FLOW, [["input_image", file]]);
  const details = await target.details(tasks_ids[0] ?? 0);
  return (details["input_files"] as Json[])[0] ?? {};
}

export const uploadsCases: readonly Case[] = [
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
