/** A skyline with lit windows over wet streets. */
import { randomFrom } from "../../random.js";
import type { Picture } from "../picture.js";
import { paint } from "./canvas.js";
import { hsl, mix, ramp, type Rgb } from "./colour.js";
import type { SceneRequest } from "./landscape.js";
import { fractal, noise } from "./noise.js";

interface House {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly seed: number;
}

interface Row {
  /** Index of the house at each column, -1 for none. */
  readonly at: Int16Array;
  readonly houses: readonly House[];
  readonly colour: Rgb;
  readonly window: number;
  readonly lit: number;
  /** Colour of unlit windows by day; undefined if they are as dark as the walls. */
  readonly glass: Rgb | undefined;
}

const STONE: Rgb = [96, 98, 108];
/** Below this share of lit lamps it is day. */
const DAY_LAMPS = 0.2;

function makeRow(
  request: SceneRequest,
  random: () => number,
  k: number,
  rows: number,
  ground: number,
): Row {
  const { width, palette } = request;
  const unit = Math.max(request.width, request.height);
  const depth = (k + 1) / rows;
  const at = new Int16Array(width).fill(-1);
  const houses: House[] = [];
  for (let left = -random() * unit * 0.05; left < width;) {
    const right = left + unit * (0.03 + 0.05 * random()) * (0.7 + 0.6 * depth);
    const tall = random() ** 2;
    const top = ground - unit * (0.1 + 0.36 * tall * (1.1 - 0.45 * depth) + 0.05 * (1 - depth));
    for (let x = Math.max(0, Math.ceil(left)); x < Math.min(width, right); x += 1)
      at[x] = houses.length;
    houses.push({ left, right, top, seed: Math.floor(random() * 1e6) });
    left = right + (random() < 0.25 ? unit * 0.012 * random() : 0);
  }
  const isDay = palette.lamps < DAY_LAMPS;
  // By day, walls look like stone, whatever the colour of the ground.
  const wall = isDay ? mix(palette.ground, STONE, 0.75) : palette.ground;
  const colour = mix(ramp(palette.sky, 0.85), wall, 0.3 + 0.68 * depth);
  return {
    at,
    houses,
    colour,
    window: Math.max(2, unit * (0.0045 + 0.003 * depth)),
    lit: (0.2 + 0.3 * depth) * palette.lamps,
    glass: isDay ? mix(ramp(palette.sky, 0.6), wall, 0.35) : undefined,
  };
}

/** The light of a window, or undefined between windows and in dark ones. */
function windowLight(house: House, row: Row, x: number, y: number): Rgb | undefined {
  const column = (x - house.left) / (row.window * 1.7);
  const floor = (y - house.top) / (row.window * 2.1);
  if (floor < 0.7 || column % 1 > 0.6 || floor % 1 > 0.55) return undefined;
  const chance = noise(house.seed, Math.floor(column) * 3.3, Math.floor(floor) * 5.7);
  if (chance > row.lit) return row.glass;
  const hue = chance < 0.03 ? 0.55 : chance < 0.05 ? 0.9 : 0.11;
  return hsl(hue, 0.85, 0.62 + chance * 0.5);
}

export async function drawCity(request: SceneRequest): Promise<Picture> {
  const { width, height, seed, palette } = request;
  const random = randomFrom(seed);
  const unit = Math.max(width, height);
  const ground = height * (0.72 + 0.08 * random());
  const rows = Array.from({ length: 4 }, (_, k) => makeRow(request, random, k, 4, ground));
  const moonX = (0.2 + 0.6 * random()) * width;
  const moonY = height * (0.14 + 0.2 * random());
  const moonR = unit * (0.035 + 0.03 * random());

  const view = (x: number, y: number): Rgb => {
    for (let k = rows.length - 1; k >= 0; k -= 1) {
      const row = rows[k];
      const house = row?.houses[row.at[x] ?? -1];
      if (row === undefined || house === undefined || y < house.top) continue;
      const haze =
        Math.max(0, (y - house.top) / (ground - house.top)) ** 2 * 0.3 * (1 - k / rows.length);
      const side = (x - house.left) / (house.right - house.left);
      const wall = mix(row.colour, row.glass === undefined ? palette.ground : STONE, side * 0.35);
      return windowLight(house, row, x, y) ?? mix(wall, ramp(palette.sky, 1), haze);
    }
    const t = y / ground;
    const d = Math.hypot(x - moonX, y - moonY);
    const veil = fractal(seed + 3, (x / unit) * 3, (y / unit) * 8, 4);
    let colour = mix(
      ramp(palette.sky, t),
      ramp(palette.sky, Math.min(1, t + 0.4)),
      Math.max(0, veil - 0.5) * 1.6,
    );
    colour = mix(colour, palette.light, Math.exp(-d / (unit * 0.14)) * 0.5);
    if (d < moonR + 1) colour = mix(colour, palette.light, Math.min(1, moonR + 1 - d));
    return colour;
  };

  return paint({ width, height }, (x, y) => {
    if (y < ground) return view(x, y);
    // The wet street reflects the town, stretched downwards.
    const down = (y - ground) / (height - ground);
    const ripple = (fractal(seed + 9, (x / unit) * 12, (y / unit) * 60, 2) - 0.5) * unit * 0.035;
    const mx = Math.max(0, Math.min(width - 1, Math.round(x + ripple)));
    const my = Math.max(0, ground - 1 - (y - ground) * 1.6 + ripple);
    return mix(mix(view(mx, my), palette.ground, 0.35 + 0.3 * down), palette.light, 0.03);
  });
}
