/** The pictures of a task, one list for each image output. */
import { hash } from "../random.js";
import type { Size } from "./draw/canvas.js";
import { hsl } from "./draw/colour.js";
import { drawScene } from "./draw/scene.js";
import { removeBackground } from "./photo/background.js";
import {
  coverSize,
  extend,
  fillMasked,
  place,
  restore,
  sharpen,
  toComic,
  toPainting,
  toPencil,
  toSticker,
  toVintage,
} from "./photo/filters.js";
import { type Picture, resize } from "./picture.js";
import type { Values } from "./values.js";

export interface StillRequest {
  readonly flow: string;
  readonly values: Values;
  /** Uploaded pictures by parameter, in the order of the form. */
  readonly uploads: ReadonlyMap<string, Picture>;
  /** Which of the flow's outputs this is, from 0. */
  readonly output: number;
  readonly maxSide: number;
}

const DEFAULT_SIDE = 1024;
const MAX_BATCH = 10;
/** Largest number of pixels of an upscaled picture, whatever its factor. */
const MAX_PIXELS = 24_000_000;

function limited({ width, height }: Size, maxSide: number): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** Size from `width` and `height`, or an aspect ratio such as `16:9 (1344x768)`. */
function sizeOf(values: Values, maxSide: number): Size {
  const match = /\((\d+)x(\d+)\)/.exec(values.text("aspect_ratio"));
  if (match !== null) {
    return limited({ width: Number(match[1]), height: Number(match[2]) }, maxSide);
  }
  const width = values.number("width", DEFAULT_SIDE);
  const height = values.number("height", DEFAULT_SIDE);
  return limited({ width: Math.max(1, width), height: Math.max(1, height) }, maxSide);
}

export function seedOf(request: Pick<StillRequest, "values" | "output">, index: number): number {
  return hash(`${request.values.fingerprint()}|${request.output}|${index}`);
}

function draw(request: StillRequest, size: Size, index = 0): Promise<Picture> {
  const { flow, values } = request;
  return drawScene({ ...size, flow, prompt: values.prompt(), seed: seedOf(request, index) });
}

function upscale(picture: Picture, factor: number): Picture {
  const most = Math.sqrt(MAX_PIXELS / (picture.width * picture.height));
  const scale = Math.max(0.01, Math.min(factor, most));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  return sharpen(resize(picture, width, height));
}

/** Applies the flow's own effect to a picture; undefined for flows that use it only as inspiration. */
function workOn(request: StillRequest, picture: Picture): Picture | undefined {
  const { flow, values } = request;
  if (flow.startsWith("remove_background")) return removeBackground(picture);
  if (flow.includes("upscal")) return upscale(picture, values.number("scale_factor", 2));
  if (flow.includes("extend")) {
    const wide = Math.round(Math.min(2048, values.number("extend_width", 256)));
    const tall = Math.round(Math.min(2048, values.number("extend_height", 0)));
    return extend(picture, Math.max(0, wide), Math.max(0, tall));
  }
  if (flow.includes("sketch") || flow.includes("pencil"))
    return toPencil(picture, seedOf(request, 0));
  if (flow.includes("vintage")) return toVintage(picture);
  if (flow.includes("comic")) return toComic(picture);
  if (flow.includes("ghibli")) return toPainting(picture);
  if (flow.includes("restore")) return restore(picture);
  if (flow.includes("detailer")) return sharpen(picture);
  if (flow.includes("sticker") || flow.includes("memoji")) {
    const ground = hsl((seedOf(request, 0) % 360) / 360, 0.55, 0.72);
    return toSticker(removeBackground(picture), ground);
  }
  return undefined;
}

async function inpaint(request: StillRequest, picture: Picture): Promise<Picture | undefined> {
  const mask = request.uploads.get("mask_redraw");
  if (mask === undefined) return undefined;
  const size = limited(picture, DEFAULT_SIDE);
  return fillMasked(picture, mask, await draw(request, size));
}

/** All pictures of one output, as many as the task's batch asks for. */
export async function makeStills(request: StillRequest): Promise<Picture[]> {
  const { values, uploads, maxSide } = request;
  const [picture] = uploads.values();
  if (picture !== undefined) {
    const worked = (await inpaint(request, picture)) ?? workOn(request, picture);
    if (worked !== undefined) return [worked];
  }
  const batch = Math.max(1, Math.min(MAX_BATCH, Math.round(values.number("batch_size", 1))));
  const size = sizeOf(values, maxSide);
  const made: Picture[] = [];
  for (let index = 0; index < batch; index += 1) {
    const scene = await draw(request, size, index);
    made.push(picture === undefined ? scene : place(scene, removeBackground(picture)));
  }
  return made;
}

const FILM_WIDTH = 480;
const FILM_HEIGHT = 272;

/** A strip for the camera to pan over: the uploaded or a drawn picture, `reach` px wider than the frame. */
export async function makeStrip(
  request: StillRequest,
  frame: Size,
  reach: number,
): Promise<Picture> {
  const size = { width: frame.width + reach, height: frame.height };
  const [picture] = request.uploads.values();
  return picture === undefined ? draw(request, size) : coverSize(picture, size.width, size.height);
}

export const FILM_SIZE: Size = { width: FILM_WIDTH, height: FILM_HEIGHT };
