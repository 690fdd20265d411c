import { pbkdf2 } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { startStandin } from "visionatrix-standin";
import { PNG } from "pngjs";
import { encode } from "jpeg-js";
import { ask, multipart, type Upload } from "../conformance/wire.js";
import { create, details, ended, FILE_FLOW, get, put, run, start } from "./support.js";

/** A red disc on a pale ground. */
function disc(width = 80, height = 60): { width: number; height: number; data: Buffer } {
  const data = Buffer.alloc(width * height * 4, 255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const inside = Math.hypot(x - width / 2, y - height / 2) < height / 4;
      data.set(inside ? [200, 30, 40] : [205, 220, 225 + (y % 3)], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

function asPng(picture: { width: number; height: number; data: Buffer }): Upload {
  const png = new PNG({ width: picture.width, height: picture.height });
  png.data = picture.data;
  return { filename: "disc.png", bytes: PNG.sync.write(png), type: "image/png" };
}

function alphaAt({ data, width }: PNG, x: number, y: number): number {
  return data[(y * width + x) * 4 + 3] ?? -1;
}

describe("a stand-in that is closed", () => {
  it("leaves no error behind where a task was about to read its file", async () => {
    const vix = await startStandin({ workers: 1, duration: 200, faults: [{ do: "fail", nth: 1 }] });
    await create(vix);
    // Large enough to be on the disk.
    const file = { filename: "a.png", bytes: Buffer.alloc(300_000, 1), type: "image/png" };
    await put(vix, [["input_image", file]], FILE_FLOW);
    // All threads for files are busy, so a read of a file has to wait.
    const hash = promisify(pbkdf2);
    const busy = Array.from({ length: 16 }, () => hash("a", "b", 300_000, 64, "sha512"));
    await expect.poll(async () => (await details(vix, 2)).locked_at).not.toBeNull();
    await vix.close();
    // Vitest fails the run for an unhandled rejection.
    await Promise.all(busy);
    await readFile("package.json");
  });
});

describe("drawn pictures", () => {
  it("are the same bytes for the same input, and others for another seed or prompt", async () => {
    const vix = await start({ speed: "instant" });
    const draw = async (seed: string, prompt = "a lake"): Promise<string> =>
      (
        await run(vix, [
          ["prompt", prompt],
          ["seed", seed],
        ])
      ).bytes.toString("base64");
    const first = await draw("5");
    expect(await draw("5")).toBe(first);
    expect(await draw("6")).not.toBe(first);
    expect(await draw("5", "a town at night")).not.toBe(first);
    const elsewhere = await start({ speed: "instant" });
    const again = await run(elsewhere, [
      ["prompt", "a lake"],
      ["seed", "5"],
    ]);
    expect(again.bytes.toString("base64")).toBe(first);
  });

  /** Sums of red, green and blue, each as a share of all light, and the light itself, 0 to 255. */
  async function light(
    prompt: string,
    flow: string,
  ): Promise<Record<"r" | "g" | "b" | "all", number>> {
    const vix = await start({ speed: "instant" });
    const { bytes } = await run(
      vix,
      [
        ["prompt", prompt],
        ["seed", "3"],
      ],
      flow,
    );
    const { data } = PNG.sync.read(bytes);
    const sums = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4) {
      for (const k of [0, 1, 2]) sums[k] = (sums[k] ?? 0) + (data[i + k] ?? 0);
    }
    const [r = 0, g = 0, b = 0] = sums;
    const total = r + g + b;
    return { r: r / total, g: g / total, b: b / total, all: (total / data.length) * (4 / 3) };
  }

  it.each(["sdxl_lighting", "playground_2_5_aesthetic", "hunyuan_dit", "proteus_xl"])(
    "are of the colour and the time of day that the prompt names (%s)",
    async (flow) => {
      const red = await light("something red", flow);
      const green = await light("something green", flow);
      const blue = await light("something blue", flow);
      expect(Math.max(red.g, red.b)).toBeLessThan(red.r);
      expect(Math.max(green.r, green.b)).toBeLessThan(green.g);
      expect(Math.max(blue.r, blue.g)).toBeLessThan(blue.b);
      const noon = await light("at noon", flow);
      const night = await light("at night", flow);
      expect(noon.all).toBeGreaterThan(night.all * 1.3);
    },
  );

  it("differ by flow", async () => {
    const vix = await start({ speed: "instant" });
    const flows = ["sdxl_lighting", "playground_2_5_aesthetic", "hunyuan_dit", "proteus_xl"];
    const pictures = await Promise.all(
      flows.map(
        async (flow) =>
          (
            await run(
              vix,
              [
                ["prompt", "x"],
                ["seed", "1"],
              ],
              flow,
            )
          ).text,
      ),
    );
    expect(new Set(pictures).size).toBe(flows.length);
  });

  it.each([
    ["16:9 (1344x768)", 1344 / 768],
    ["2:3 (832x1216)", 832 / 1216],
    ["1:1 (1024x1024)", 1],
  ])("have the aspect ratio %s", async (aspect_ratio, ratio) => {
    const vix = await start({ speed: "instant", maxPictureSide: 200 });
    const fields = [
      ["prompt", "x"],
      ["aspect_ratio", aspect_ratio],
    ] as const;
    const { width, height } = PNG.sync.read((await run(vix, fields, "juggernaut_xl")).bytes);
    expect(Math.max(width, height)).toBe(200);
    expect(width / height).toBeCloseTo(ratio, 1);
  });

  it("come as many as the batch asks for, all different", async () => {
    const vix = await start({ speed: "instant" });
    const [id = 0] = await create(vix, [
      ["prompt", "x"],
      ["batch_size", "3"],
    ]);
    const task = await ended(vix, id);
    expect(task.outputs[0]?.batch_size).toBe(3);
    const files = await Promise.all(
      [0, 1, 2].map((k) =>
        get(vix, `/vapi/tasks/results?task_id=${id}&node_id=9&batch_index=${k}`),
      ),
    );
    expect(new Set(files.map(({ text }) => text)).size).toBe(3);
    expect(task.outputs[0]?.file_size).toBe(
      files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    );
  });

  it("say that no AI made them", async () => {
    const vix = await start({ speed: "instant" });
    expect((await run(vix, [["prompt", "x"]])).bytes.toString("latin1")).toContain("no AI");
  });
});

describe("uploaded pictures", () => {
  it.each([
    ["PNG", asPng(disc())],
    ["JPEG", { filename: "disc.jpg", bytes: encode(disc(), 90).data }],
  ])("lose their background (%s)", async (_kind, upload) => {
    const vix = await start({ speed: "instant" });
    const cutout = PNG.sync.read((await run(vix, [["input_image", upload]], FILE_FLOW)).bytes);
    expect([cutout.width, cutout.height]).toEqual([80, 60]);
    expect(alphaAt(cutout, 2, 2)).toBe(0);
    expect(alphaAt(cutout, 77, 57)).toBe(0);
    expect(alphaAt(cutout, 40, 30)).toBe(255);
    expect(cutout.data[(30 * 80 + 40) * 4]).toBeGreaterThan(150);
  });

  it("grow by the factor given", async () => {
    const vix = await start({ speed: "instant" });
    const fields = [
      ["image_to_upscale", asPng(disc())],
      ["scale_factor", "3"],
    ] as const;
    const { width, height } = PNG.sync.read((await run(vix, fields, "supir_upscaler")).bytes);
    expect([width, height]).toEqual([240, 180]);
  });

  it.each([
    "pencil_sketch_portrait",
    "vintage_portrait",
    "comicu_portrait",
    "memoji_portrait",
    "to_ghibli",
    "restore_old_photo",
    "flux1_extend",
    "flux1_kontext",
    "human_face_detailer",
  ])("are changed by %s", async (flow) => {
    const vix = await start({ speed: "instant" });
    const upload = asPng(disc());
    const names = ["person_face", "src_image", "source_image", "input_image", "person_image"];
    const answer = await run(
      vix,
      names.map((name) => [name, upload] as const),
      flow,
    );
    const picture = PNG.sync.read(answer.bytes);
    expect(picture.data.equals(disc().data)).toBe(false);
    expect(picture.width).toBeGreaterThan(10);
  });

  it("lose their background also where the subject closes it in", async () => {
    const vix = await start({ speed: "instant" });
    const ring = new PNG({ width: 80, height: 80 });
    for (let y = 0; y < 80; y += 1) {
      for (let x = 0; x < 80; x += 1) {
        const r = Math.hypot(x - 40, y - 40);
        const colour = r > 15 && r < 30 ? [30, 60, 160, 255] : [236, 230, 218, 255];
        ring.data.set(colour, (y * 80 + x) * 4);
      }
    }
    const answer = await run(vix, [["input_image", asPng(ring)]], FILE_FLOW);
    const { data, width } = PNG.sync.read(answer.bytes);
    const alpha = (x: number, y: number): number | undefined => data[(y * width + x) * 4 + 3];
    expect([alpha(2, 2), alpha(40, 40), alpha(40, 18)]).toEqual([0, 0, 255]);
  });

  it.each([
    ["rubbish", "this is no picture"],
    ["nothing", ""],
    [
      "a PNG too large to be true",
      Buffer.concat([
        Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x0f\xff\xff\0\x0f\xff\xff", "latin1"),
        Buffer.alloc(20),
      ]),
    ],
  ])("fail the task if they are %s", async (_kind, bytes) => {
    const vix = await start({ speed: "instant" });
    const upload = { filename: "a.png", bytes };
    const [id = 0] = await create(vix, [["input_image", upload]], FILE_FLOW);
    const task = await ended(vix, id);
    expect(task.error).toBe(
      `cannot identify image file '/srv/visionatrix/input/${id}_input_image.png'\n`,
    );
    expect(task.progress).toBeLessThan(100);
  });

  it.each([
    ["PNG", (asPng(disc()).bytes as Buffer).subarray(0, 200)],
    [
      "JPEG",
      encode({ width: 64, height: 64, data: Buffer.alloc(64 * 64 * 4, 90) }, 80).data.subarray(
        0,
        400,
      ),
    ],
    ["GIF, which is not read here", Buffer.from("GIF89a\x40\0\x20\0\0\0\0;", "latin1")],
  ])("are worked on as far as they go if they are a cut %s", async (_kind, bytes) => {
    const vix = await start({ speed: "instant" });
    await run(vix, [["input_image", { filename: "a.png", bytes }]], FILE_FLOW);
  });
});

describe("other kinds", () => {
  const upload = asPng(disc());

  it.each<[string, string, readonly (readonly [string, string | Upload])[], RegExp]>([
    [
      "hunyuan_img2video",
      "video",
      [
        ["prompt", "x"],
        ["image", upload],
      ],
      /^.{4}ftypisom/s,
    ],
    ["ltxv_txt2video", "image-animated", [["prompt", "x"]], /^RIFF.{4}WEBPVP8X/s],
    [
      "ltxv_img2video",
      "image-animated",
      [
        ["prompt", "x"],
        ["image", upload],
      ],
      /^RIFF.{4}WEBPVP8X/s,
    ],
    ["ace_step", "audio", [["length", "5"]], /^fLaC/],
    ["stable_audio_open", "audio", [], /^fLaC/],
    ["ask_ai_internal", "text", [["prompt", "why?"]], /no language model.*You asked: why\?/s],
    ["hunyuan_3d", "3d-model", [["front_img", upload]], /^glTF/],
  ])("%s makes a file of kind %s", async (flow, type, fields, start_) => {
    const vix = await start({ speed: "instant" });
    const answer = await run(vix, fields, flow);
    expect(answer.bytes.toString("latin1")).toMatch(start_);
    const task = await details(vix, 1);
    expect(task.outputs[0]?.type).toBe(type);
  });

  it("a 3D file says its own length and holds its parts", async () => {
    const vix = await start({ speed: "instant" });
    const { bytes } = await run(vix, [["front_img", upload]], "hunyuan_3d");
    expect(bytes.readUInt32LE(8)).toBe(bytes.length);
    const json = bytes.readUInt32LE(12);
    const document = JSON.parse(bytes.toString("utf8", 20, 20 + json)) as {
      buffers: { byteLength: number }[];
    };
    expect(bytes.readUInt32LE(20 + json)).toBe(document.buffers[0]?.byteLength);
  });

  it("several outputs have files of their own", async () => {
    const vix = await start({ speed: "instant" });
    const [id = 0] = await create(vix, [["person_face", upload]], "photo_stickers");
    const task = await ended(vix, id);
    const files = await Promise.all(
      task.outputs.map((one) =>
        get(vix, `/vapi/tasks/results?task_id=${id}&node_id=${one.comfy_node_id}`),
      ),
    );
    expect(files.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(files.map(({ text }) => text)).size).toBe(4);
  });
});

describe("profiling", () => {
  it("tells of every node", async () => {
    const vix = await start({ speed: "instant" });
    const form = multipart([["prompt", "x"]]);
    const headers = { ...form.headers, "x-worker-execution-profiler": "1" };
    await ask(vix.url, "PUT", "/vapi/tasks/create/sdxl_lighting", { ...form, headers });
    const task = await ended(vix, 1);
    const profile = task["execution_details"] as { nodes_profiling: unknown[] };
    expect(profile.nodes_profiling).toHaveLength(Object.keys(task["flow_comfy"] as object).length);
  });
});

describe("the pace", () => {
  it("rises step by step to 99 at the most, then to 100", async () => {
    const vix = await start({ clock: "virtual" });
    const [id = 0] = await create(vix);
    const seen: number[] = [];
    for (let k = 0; k < 50; k += 1) {
      await vix.clock.advance(50);
      seen.push((await details(vix, id)).progress);
    }
    const steps = [...new Set(seen)];
    expect(steps.length).toBeGreaterThan(8);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
    expect(steps.at(-1)).toBe(100);
    expect(Math.max(...steps.slice(0, -1))).toBeLessThanOrEqual(99);
  });

  it.each([
    [1, 2000],
    [4, 500],
  ])("is %i times the usual one: %i ms", async (speed, ms) => {
    const vix = await start({ clock: "virtual", speed });
    const [id = 0] = await create(vix);
    await vix.clock.advance(ms - 10);
    expect((await details(vix, id)).progress).toBeLessThan(100);
    await vix.clock.advance(20);
    expect(await details(vix, id)).toMatchObject({ progress: 100, locked_at: null });
  });

  it("does not progress on a clock that does not move", async () => {
    const vix = await start({ clock: "virtual" });
    const [id = 0] = await create(vix);
    for (let k = 0; k < 20; k += 1) expect((await details(vix, id)).progress).toBe(0);
  });

  it("runs as many tasks at a time as there are workers", async () => {
    for (const workers of [1, 3]) {
      const vix = await start({ clock: "virtual", workers });
      const ids = await create(vix, [
        ["prompt", "x"],
        ["count", "5"],
      ]);
      await vix.clock.advance(1000);
      const running = await Promise.all(ids.map((id) => details(vix, id)));
      expect(running.filter(({ locked_at }) => locked_at !== null)).toHaveLength(workers);
    }
  });

  it("follows durations given by range or function", async () => {
    const vix = await start({ clock: "virtual", workers: 2, duration: ({ id }) => id * 1000 });
    const [first = 0, second = 0] = await create(vix, [
      ["prompt", "x"],
      ["count", "2"],
    ]);
    await vix.clock.advance(1500);
    expect((await details(vix, first)).progress).toBe(100);
    expect((await details(vix, second)).progress).toBeLessThan(100);
    const range = await start({ clock: "virtual", duration: [5000, 6000] });
    const [id = 0] = await create(range);
    await range.clock.advance(4900);
    expect((await details(range, id)).progress).toBeLessThan(100);
    await range.clock.advance(1200);
    expect((await details(range, id)).progress).toBe(100);
  });

  it("drops a task that is cancelled and takes the next", async () => {
    const vix = await start({ clock: "virtual" });
    const [first = 0, second = 0] = await create(vix, [
      ["prompt", "x"],
      ["count", "2"],
    ]);
    await vix.clock.advance(500);
    await fetch(`${vix.url}/vapi/tasks/queue/${first}`, { method: "DELETE" });
    await vix.clock.advance(2100);
    expect((await details(vix, second)).progress).toBe(100);
  });
});
