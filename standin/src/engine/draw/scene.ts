/** Pictures out of nothing but numbers: a first, layered landscape. */
import { randomFrom } from "../../random.js";
import { blankPicture, type Picture } from "../picture.js";
import { fractal } from "./noise.js";

export interface SceneRequest {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly prompt: string;
}

type Rgb = readonly [number, number, number];

function hsl(h: number, s: number, l: number): Rgb {
  const f = (n: number): number => {
    const k = (n + h * 12) % 12;
    return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [f(0), f(8), f(4)];
}

function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

const ROWS_AT_ONCE = 32;

export async function drawScene({ width, height, seed }: SceneRequest): Promise<Picture> {
  const random = randomFrom(seed);
  const picture = blankPicture(width, height);
  const hue = random();
  const skyTop = hsl((hue + 0.55) % 1, 0.5, 0.25);
  const skyLow = hsl((hue + 0.05) % 1, 0.8, 0.75);
  const ground = hsl((hue + 0.6) % 1, 0.35, 0.12);
  const unit = Math.max(width, height);
  const sunX = (0.2 + 0.6 * random()) * width;
  const sunY = (0.25 + 0.25 * random()) * height;
  const sunR = (0.05 + 0.05 * random()) * unit;
  const layers = Array.from({ length: 6 }, (_, k) => {
    const depth = (k + 1) / 6;
    const ridge = new Float32Array(width);
    for (let x = 0; x < width; x += 1) {
      const n = fractal(seed + k * 77, (x / unit) * (3 + k) + k * 10, 0.5, 6);
      ridge[x] = (0.42 + 0.5 * depth + (n - 0.5) * (0.55 - 0.3 * depth)) * height;
    }
    return { ridge, colour: mix(skyLow, ground, 0.15 + 0.85 * depth) };
  });
  for (let y = 0; y < height; y += 1) {
    if (y % ROWS_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let x = 0; x < width; x += 1) {
      const t = y / height;
      let colour = mix(skyTop, skyLow, Math.min(1, t * 1.6));
      const d = Math.hypot(x - sunX, y - sunY) - sunR;
      const glow = Math.exp(-Math.max(0, d) / (unit * 0.12));
      colour = mix(colour, [255, 240, 214], d < 0 ? Math.min(1, 0.75 - d) : glow * 0.7);
      for (const layer of layers) {
        const depth = y - (layer.ridge[x] ?? 0);
        if (depth < 0) continue;
        const fog = Math.min(1, depth / (height * 0.3));
        colour = mix(colour, mix(layer.colour, skyLow, fog * 0.35), Math.min(1, depth));
      }
      const at = (y * width + x) * 4;
      picture.data[at] = colour[0];
      picture.data[at + 1] = colour[1];
      picture.data[at + 2] = colour[2];
    }
  }
  return picture;
}
