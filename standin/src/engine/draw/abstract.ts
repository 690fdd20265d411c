/** Folded silk: noise bent by noise, coloured by a palette, lit from the side. */
import { randomFrom } from "../../random.js";
import type { Picture } from "../picture.js";
import { paint } from "./canvas.js";
import { mix, ramp } from "./colour.js";
import type { SceneRequest } from "./landscape.js";
import { fractal } from "./noise.js";

export async function drawAbstract({
  width,
  height,
  seed,
  palette,
}: SceneRequest): Promise<Picture> {
  const random = randomFrom(seed);
  const unit = Math.max(width, height);
  const zoom = 1.5 + random() * 1.5;
  const turn = random() * Math.PI;
  const bend = 1.6 + random() * 1.6;
  const folds = 2 + random() * 3;
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const stops = [palette.ground, ...palette.sky, palette.light];
  const field = (x: number, y: number): number => {
    const u = ((x * cos + y * sin) / unit) * zoom;
    const v = ((y * cos - x * sin) / unit) * zoom;
    const qx = fractal(seed, u + 1.7, v + 9.2, 3);
    const qy = fractal(seed + 1, u + 8.3, v + 2.8, 3);
    return fractal(seed + 2, u + bend * qx, v * 0.6 + bend * qy, 4);
  };
  let row = new Float32Array(width);
  let above = new Float32Array(width);
  return paint({ width, height }, (x, y) => {
    if (x === 0) [row, above] = [above, row];
    const value = field(x, y);
    row[x] = value;
    const wave = 0.5 - 0.5 * Math.cos(value * folds * Math.PI * 2);
    const dx = x > 0 ? value - (row[x - 1] ?? value) : 0;
    const dy = y > 0 ? value - (above[x] ?? value) : 0;
    const slope = (dx * 0.8 + dy * 0.6) * unit * 0.11;
    const base = ramp(stops, 0.15 + 0.55 * wave + 0.3 * (value - 0.3));
    const lit =
      slope > 0 ? mix(base, palette.light, slope * 0.75) : mix(base, palette.ground, -slope * 0.9);
    // The rim of each fold catches the light.
    return mix(lit, palette.light, Math.max(0, wave - 0.93) * 5);
  });
}
