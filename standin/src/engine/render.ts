/** Makes the files of a task: drawn from its parameters, or computed from its input pictures. */
import type { BlobStore } from "../blobs.js";
import type { Flow } from "../flows/flow.js";
import type { OutputType } from "../flows/listed.js";
import type { Task } from "../tasks/task.js";
import { makeBody } from "./draw/body.js";
import { composeTune } from "./draw/music.js";
import { encodeFlac } from "./media/flac.js";
import { encodeGlb } from "./media/glb.js";
import { encodeMp4 } from "./media/mp4.js";
import { encodeWebp } from "./media/webp.js";
import { crop } from "./photo/filters.js";
import { decodePicture } from "./photo/decode.js";
import type { Picture } from "./picture.js";
import { encodePng } from "./png.js";
import { FILM_SIZE, makeStills, makeStrip, seedOf, type StillRequest } from "./stills.js";
import { Values } from "./values.js";

export interface MadeFile {
  readonly node: number;
  readonly name: string;
  readonly bytes: Buffer;
}

export interface RenderSettings {
  /** Longest side of drawn pictures in pixels. */
  readonly maxSide: number;
  /** Longest tune in seconds. */
  readonly maxSeconds: number;
}

type Maker = (request: StillRequest, task: Task, settings: RenderSettings) => Promise<Buffer[]>;

async function makeImages(request: StillRequest): Promise<Buffer[]> {
  return Promise.all((await makeStills(request)).map(encodePng));
}

const ANIMATION = { width: 256, height: 160, frames: 12, frameMs: 90, pan: 3 };

async function makeAnimation(request: StillRequest): Promise<Buffer[]> {
  const { width, height, frames, frameMs, pan } = ANIMATION;
  const strip = await makeStrip(request, ANIMATION, frames * pan);
  const there = Array.from({ length: frames }, (_, k) => crop(strip, k * pan, width, height));
  // Forwards, then backwards, so that the loop has no jump.
  const back = there.slice(1, -1).reverse();
  return [encodeWebp([...there, ...back], frameMs)];
}

const FILM = { frames: 60, framesPerSecond: 24, pan: 4 };

async function makeFilm(request: StillRequest): Promise<Buffer[]> {
  const picture = await makeStrip(request, FILM_SIZE, FILM.frames * FILM.pan);
  return [encodeMp4({ ...FILM, ...FILM_SIZE, picture })];
}

const DEFAULT_SECONDS = 10;

function makeTune(
  { values, output }: StillRequest,
  _task: Task,
  settings: RenderSettings,
): Promise<Buffer[]> {
  const seconds = Math.min(
    settings.maxSeconds,
    Math.max(0.1, values.number("length", DEFAULT_SECONDS)),
  );
  return Promise.resolve([encodeFlac(composeTune(seedOf({ values, output }, 0), seconds))]);
}

function makeText({ values, uploads }: StillRequest, task: Task): Promise<Buffer[]> {
  const pictures = [...uploads].map(
    ([name, { width, height }]) => `- ${name}: ${width} x ${height} px`,
  );
  const lines = [
    "This is the answer of a stand-in: a program wrote it, no language model was asked.",
    "",
    `You asked: ${values.text("prompt")}`,
    ...(pictures.length > 0 ? ["You sent:", ...pictures] : []),
    `The seed was ${task.seed}.`,
  ];
  return Promise.resolve([Buffer.from(`${lines.join("\n")}\n`)]);
}

function makeModel(request: StillRequest): Promise<Buffer[]> {
  const [paint] = request.uploads.values();
  return Promise.resolve([encodeGlb(makeBody(seedOf(request, 0), paint), request.flow)]);
}

function numbered(extension: string, after = "_"): (stem: string, index: number) => string {
  return (stem, index) => `${stem}_${String(index).padStart(5, "0")}${after}${extension}`;
}

const KINDS: Record<
  OutputType,
  { readonly make: Maker; readonly name: (stem: string, index: number) => string }
> = {
  image: { make: makeImages, name: numbered(".png") },
  "image-animated": { make: makeAnimation, name: numbered(".webp") },
  // The node for videos leaves out the last underscore of the file name.
  video: { make: makeFilm, name: numbered(".mp4", "") },
  audio: { make: makeTune, name: numbered(".flac") },
  text: { make: makeText, name: (stem) => `${stem}_.txt` },
  "3d-model": { make: makeModel, name: numbered(".glb") },
};

async function decodeUploads(
  task: Task,
  flow: Flow,
  blobs: BlobStore,
): Promise<Map<string, Picture>> {
  const uploads = new Map<string, Picture>();
  for (const file of task.inputs) {
    const input = flow.inputs.find(({ name }) => name === file.input);
    if (input?.media === "video/*") continue;
    uploads.set(file.input, decodePicture(await blobs.read(file.blob), file.name));
  }
  return uploads;
}

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
  const uploads = await decodeUploads(task, flow, blobs);
  const files: MadeFile[] = [];
  for (const [output, { node, type }] of task.outputs.entries()) {
    const { make, name } = KINDS[type];
    const request = { flow: flow.id, values, uploads, output, maxSide: settings.maxSide };
    for (const [index, bytes] of (await make(request, task, settings)).entries()) {
      files.push({ node, name: name(`${task.id}_${node}`, index + 1), bytes });
    }
  }
  return files;
}
