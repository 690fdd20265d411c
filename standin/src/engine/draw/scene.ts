/** Chooses what to draw: by the words of the prompt, else by the family of the flow. */
import { hash } from "../../random.js";
import { toPencil } from "../photo/filters.js";
import type { Picture } from "../picture.js";
import { drawAbstract } from "./abstract.js";
import { drawCity } from "./city.js";
import { paletteFor } from "./palette.js";
import { drawLandscape, type SceneRequest } from "./landscape.js";
import { drawShapes } from "./shapes.js";

export interface DrawRequest {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly prompt: string;
  readonly flow: string;
}

type Drawer = (request: SceneRequest) => Promise<Picture>;

const BY_WORDS: readonly (readonly [RegExp, Drawer])[] = [
  [/city|town|street|skyline|cyber|neon|building|tower/, drawCity],
  [/abstract|silk|marble|pattern|texture|fluid|swirl/, drawAbstract],
  [/poster|bauhaus|geometr|minimal|logo|shapes/, drawShapes],
  [
    /mountain|sunset|sunrise|sea|ocean|lake|forest|landscape|island|valley|sky|beach|nature/,
    drawLandscape,
  ],
];

/** Start of a flow's name, and what flows of this family draw. */
const BY_FAMILY: readonly (readonly [RegExp, Drawer])[] = [
  [/^(playground|pixart|colorful|stable_cascade)/, drawAbstract],
  [/^(hunyuan|sd3_5|mobius)/, drawCity],
  [/^(auraflow|proteus)/, drawShapes],
  [/^(sdxl|flux|juggernaut|realvis|comsmos|ltxv)/, drawLandscape],
];

const ALL: readonly Drawer[] = [drawLandscape, drawAbstract, drawCity, drawShapes];

function drawerFor({ prompt, flow, seed }: DrawRequest): Drawer {
  const text = prompt.toLowerCase();
  const word = BY_WORDS.find(([words]) => words.test(text));
  if (word !== undefined) return word[1];
  const family = BY_FAMILY.find(([names]) => names.test(flow));
  return family?.[1] ?? ALL[hash(`drawer ${seed}`) % ALL.length] ?? drawLandscape;
}

/** Draws a picture from the request alone: the same request gives the same pixels. */
export async function drawScene(request: DrawRequest): Promise<Picture> {
  const { width, height, seed, prompt, flow } = request;
  const palette = paletteFor(prompt, seed);
  const picture = await drawerFor(request)({ width, height, seed, prompt, palette });
  return flow.includes("pencil") ? toPencil(picture, seed) : picture;
}
