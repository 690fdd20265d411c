/** Paints pixel by pixel, and yields to the event loop in between. */
import { nextTurn, performance } from "../../timers.js";
import { blankPicture, type Picture } from "../picture.js";
import type { Rgb } from "./colour.js";
import { noise } from "./noise.js";

const MS_AT_ONCE = 8;
/** Breaks up the bands that smooth gradients show in 8 bits. */
const GRAIN = 1.6;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Returns the colour of a pixel. Called row by row, from the top. */
export type Painter = (x: number, y: number) => Rgb;

export async function paint({ width, height }: Size, painter: Painter): Promise<Picture> {
  const picture = blankPicture(width, height);
  const { data } = picture;
  let since = performance.now();
  for (let y = 0, p = 0; y < height; y += 1) {
    if (performance.now() - since > MS_AT_ONCE) {
      await nextTurn();
      since = performance.now();
    }
    for (let x = 0; x < width; x += 1, p += 4) {
      const [r, g, b] = painter(x, y);
      const grain = (noise(1, x * 7.31, y * 5.17) - 0.5) * GRAIN;
      data[p] = r + grain;
      data[p + 1] = g + grain;
      data[p + 2] = b + grain;
    }
  }
  return picture;
}
