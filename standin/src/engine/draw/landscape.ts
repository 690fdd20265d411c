/** Mountains in the haze, with a sun or moon, clouds or stars, water or woods. */
import { randomFrom } from "../../random.js";
import type { Picture } from "../picture.js";
import { paint, type Size } from "./canvas.js";
import { mix, ramp, type Rgb } from "./colour.js";
import { fractal, noise } from "./noise.js";
import type { Palette } from "./palette.js";

export interface SceneRequest extends Size {
  readonly seed: number;
  readonly prompt: string;
  readonly palette: Palette;
}

interface Ridge {
  /** Height of its edge above the top, px, for each column. */
  readonly edge: Float32Array;
  readonly colour: Rgb;
  readonly haze: number;
  /** Where the haze begins, px below the top. */
  readonly low: number;
}

interface Sky {
  readonly horizon: number;
  readonly sunX: number;
  readonly sunY: number;
  readonly sunR: number;
  readonly unit: number;
  readonly seed: number;
  readonly cloud: number;
  readonly palette: Palette;
}

/** Height of a tree-line over a ridge: a row of narrow spikes. */
function treeLine(seed: number, x: number, size: number): number {
  const cell = Math.floor(x / size);
  let best = 0;
  for (let k = cell - 1; k <= cell + 1; k += 1) {
    const centre = (k + 0.2 + 0.6 * noise(seed, k * 3.7, 1.5)) * size;
    const height = size * (1.2 + 2.4 * noise(seed + 9, k * 5.1, 2.5));
    const slope = (size * 0.62) / height;
    best = Math.max(best, height - Math.abs(x - centre) / slope);
  }
  return best;
}

function makeRidges(request: SceneRequest, horizon: number, wooded: boolean): Ridge[] {
  const { width, height, seed, palette } = request;
  const unit = Math.max(width, height);
  const horizonColour = ramp(palette.sky, 0.96);
  const count = 6;
  return Array.from({ length: count }, (_, k) => {
    const depth = (k + 1) / count;
    const edge = new Float32Array(width);
    const base = horizon + (height - horizon) * (depth ** 1.35 * 1.06 - 0.1);
    const rise = (0.34 - 0.2 * depth) * Math.min(height, width * 1.2);
    const zoom = 2.2 + k * 1.1;
    for (let x = 0; x < width; x += 1) {
      const u = (x / unit) * zoom + k * 13.7;
      // Folded noise gives the peaks sharp edges.
      const fold = 1 - Math.abs(2 * fractal(seed + k * 77, u, 0.5, 5) - 1);
      const roll = fractal(seed + k * 31 + 5, u * 0.7, 9.5, 4);
      const shape = k < 3 ? 0.72 * fold + 0.28 * roll : 0.3 * fold + 0.7 * roll;
      const trees = wooded && k >= 3 ? treeLine(seed + k, x, (unit / 260) * (k - 1.6)) : 0;
      edge[x] = base - (shape - 0.45) * rise * 2 - trees;
    }
    const tint = depth ** 1.2;
    const colour = mix(horizonColour, palette.ground, 0.12 + 0.88 * tint);
    return { edge, colour, haze: 1 - depth, low: base - rise * 0.2 };
  });
}

function skyColour(sky: Sky, x: number, y: number): Rgb {
  const { palette, unit, seed } = sky;
  const t = y / sky.horizon;
  let colour = ramp(palette.sky, t);
  const d = Math.hypot(x - sky.sunX, y - sky.sunY);
  const glow = Math.exp(-d / (unit * 0.16)) * 0.55 + Math.exp(-d / (unit * 0.5)) * 0.25;
  colour = mix(colour, palette.light, glow * (palette.night ? 0.6 : 1));
  if (palette.night) {
    const star = noise(seed + 41, x * 1.7, y * 1.7);
    const rare = noise(seed + 43, Math.floor(x / 3) * 9.1, Math.floor(y / 3) * 7.7);
    if (rare > 0.985) colour = mix(colour, [255, 255, 255], star * (1.1 - t));
  }
  const disc = sky.sunR - d;
  if (disc > -1) colour = mix(colour, palette.light, Math.min(1, disc + 1) * 0.96);
  // Clouds are flat: the noise changes faster vertically than horizontally.
  const veil = fractal(seed + 3, (x / unit) * 2.6 + 5, (y / unit) * 9 + 2, 5);
  const cover = Math.max(0, Math.min(1, (veil - sky.cloud) * 4)) * (0.35 + 0.5 * t);
  if (cover > 0) {
    const lit = mix(ramp(palette.sky, Math.min(1, t + 0.35)), palette.light, 0.35 + glow);
    colour = mix(colour, lit, cover * (palette.night ? 0.3 : 0.75));
  }
  return colour;
}

export async function drawLandscape(request: SceneRequest): Promise<Picture> {
  const { width, height, seed, palette, prompt } = request;
  const random = randomFrom(seed);
  const unit = Math.max(width, height);
  const horizon = height * (0.5 + 0.12 * random());
  const wet = /sea|ocean|water|lake|river|island|beach/i.test(prompt) || random() < 0.45;
  const wooded = /forest|tree|wood|nature/i.test(prompt) || random() < 0.65;
  const sky: Sky = {
    horizon,
    sunX: (0.18 + 0.64 * random()) * width,
    sunY: horizon * (0.35 + 0.45 * random()),
    sunR: unit * (0.028 + 0.04 * random()),
    unit,
    seed,
    cloud: 0.46 + 0.1 * random(),
    palette,
  };
  const ridges = makeRidges(request, horizon, wooded);
  const shore = horizon + (height - horizon) * 0.42;
  const behind = wet ? ridges.slice(0, 3) : ridges;
  const before = wet ? ridges.slice(5) : [];
  const horizonColour = ramp(palette.sky, 0.97);

  /** The nearest ridge at a point, or what lies under it. */
  const land = (x: number, y: number, list: readonly Ridge[], under: () => Rgb): Rgb => {
    for (let k = list.length - 1; k >= 0; k -= 1) {
      const ridge = list[k];
      const depth = y - (ridge?.edge[x] ?? Infinity);
      if (ridge === undefined || depth < 0) continue;
      // Haze fills all valleys up to one height, with an uneven upper edge.
      const swirl = (fractal(seed + 91 + k, (x / unit) * 5, (y / unit) * 16, 3) - 0.5) * 0.3;
      const low = (y - ridge.low) / (height * 0.2) + swirl;
      const mist = Math.max(0, Math.min(1, low)) * (0.15 + 0.55 * ridge.haze);
      const lit = Math.exp(-Math.abs(x - sky.sunX) / (width * 0.3)) * ridge.haze * 0.3;
      const rough = fractal(seed + 200 + k, x / (unit * 0.02), y / (unit * 0.012), 2) - 0.5;
      const body = mix(ridge.colour, palette.light, lit + Math.max(0, rough) * 0.06);
      const colour = mix(body, horizonColour, mist);
      return depth < 1 ? mix(land(x, y, list.slice(0, k), under), colour, depth) : colour;
    }
    return under();
  };

  const far = (x: number, y: number): Rgb => land(x, y, behind, () => skyColour(sky, x, y));

  /** The scene mirrored in water, with waves that grow towards the viewer. */
  const water = (x: number, y: number): Rgb => {
    const down = (y - shore) / (height - shore);
    const wave = fractal(seed + 77, (x / unit) * 5, (y / unit) * (95 - 60 * down), 3) - 0.5;
    const mirrorY = Math.max(0, shore - (y - shore) * 1.3 + wave * unit * 0.06 * (0.2 + down));
    const mirrorX = Math.max(0, Math.min(width - 1, Math.round(x + wave * unit * 0.025)));
    const deep = mix(far(mirrorX, mirrorY), ramp(palette.sky, 0.25), 0.12 + 0.25 * down);
    // The reflection of the sun or moon.
    const path = Math.exp(-Math.abs(x - sky.sunX) / (unit * (0.03 + 0.1 * down)));
    const glitter = Math.max(0, wave - 0.02) * path * 3.2 + Math.max(0, wave - 0.17) * 1.2;
    return mix(deep, palette.light, glitter);
  };

  return paint({ width, height }, (x, y) =>
    land(x, y, before, () => (wet && y >= shore ? water(x, y) : far(x, y))),
  );
}
