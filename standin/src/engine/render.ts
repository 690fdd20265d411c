/** Makes the files of a task: drawn from its parameters, or worked out from the pictures it was given. */
import type { BlobStore } from "../blobs.js";
import type { Flow, OutputType } from "../flows/flow.js";
import { hash } from "../random.js";
import type { Task } from "../tasks/task.js";
import { drawScene } from "./draw/scene.js";
import { encodePng } from "./png.js";
import { decodePicture } from "./photo/decode.js";
import { removeBackground } from "./photo/background.js";
import type { Picture } from "./picture.js";
import { resize } from "./picture.js";

export interface MadeFile {
  readonly node: number;
  readonly name: string;
  readonly bytes: Buffer;
}

export interface RenderSettings {
  /** Longest side of drawn pictures in pixels. */
  readonly maxSide: number;
}

/** Parameters of a task with the flow's defaults filled in. */
export class Values {
  readonly #task: Task;
  readonly #flow: Flow;

  constructor(task: Task, flow: Flow) {
    this.#task = task;
    this.#flow = flow;
  }

  text(name: string): string {
    const given = this.#task.params.get(name);
    const input = this.#flow.inputs.find((one) => one.name === name);
    return given ?? String(input?.default ?? "");
  }

  number(name: string, fallback: number): number {
    const value = Number(this.text(name));
    return this.text(name) === "" || !Number.isFinite(value) ? fallback : value;
  }
}

const DEFAULT_SIZE = { width: 1024, height: 1024 };

/** Size from an aspect ratio such as `16:9 (1344x768)`, within the longest side allowed. */
function sizeOf(values: Values, maxSide: number): { width: number; height: number } {
  const match = /\((\d+)x(\d+)\)/.exec(values.text("aspect_ratio"));
  const full =
    match === null ? DEFAULT_SIZE : { width: Number(match[1]), height: Number(match[2]) };
  const scale = Math.min(1, maxSide / Math.max(full.width, full.height));
  return {
    width: Math.max(1, Math.round(full.width * scale)),
    height: Math.max(1, Math.round(full.height * scale)),
  };
}

function notes(task: Task, values: Values): Record<string, string> {
  return {
    Software: "visionatrix-standin (drawn by a program, no AI)",
    Description: values.text("prompt"),
    Comment: `flow=${task.flow} seed=${task.seed}`,
  };
}

async function pictures(
  task: Task,
  flow: Flow,
  blobs: BlobStore,
  settings: RenderSettings,
): Promise<Picture[]> {
  const values = new Values(task, flow);
  const [input] = task.inputs;
  if (input !== undefined) {
    const picture = decodePicture(await blobs.read(input.blob), input.name);
    if (flow.id.startsWith("remove_background")) return [removeBackground(picture)];
    if (flow.id.includes("upscal")) {
      const factor = values.number("scale_factor", 2);
      return [
        resize(picture, Math.round(picture.width * factor), Math.round(picture.height * factor)),
      ];
    }
    return [picture];
  }
  const { width, height } = sizeOf(values, settings.maxSide);
  const batch = Math.max(1, Math.min(10, Math.round(values.number("batch_size", 1))));
  const made: Picture[] = [];
  for (let k = 0; k < batch; k += 1) {
    const seed = hash(`${flow.id}|${values.text("prompt")}|${task.seed}|${k}`);
    made.push(await drawScene({ width, height, seed, prompt: values.text("prompt") }));
  }
  return made;
}

const NAMES: Record<OutputType, (stem: string, index: number) => string> = {
  image: (stem, index) => `${stem}_${String(index).padStart(5, "0")}_.png`,
  "image-animated": (stem, index) => `${stem}_${String(index).padStart(5, "0")}_.webp`,
  video: (stem, index) => `${stem}_${String(index).padStart(5, "0")}.mp4`,
  audio: (stem, index) => `${stem}_${String(index).padStart(5, "0")}_.flac`,
  text: (stem) => `${stem}_.txt`,
  "3d-model": (stem, index) => `${stem}_${String(index).padStart(5, "0")}_.glb`,
};

/**
 * The files of all outputs of a task.
 *
 * @throws Error with an engine-like text, which becomes the task's error
 */
export async function renderTask(
  task: Task,
  flow: Flow,
  blobs: BlobStore,
  settings: RenderSettings,
): Promise<MadeFile[]> {
  const values = new Values(task, flow);
  const files: MadeFile[] = [];
  for (const output of task.outputs) {
    const stem = `${task.id}_${output.node}`;
    const made = await pictures(task, flow, blobs, settings);
    for (const [index, picture] of made.entries()) {
      const bytes = await encodePng(picture, notes(task, values));
      files.push({ node: output.node, name: NAMES[output.type](stem, index + 1), bytes });
    }
  }
  return files;
}
