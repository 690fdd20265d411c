/** Poster-like compositions of tiles with arcs, discs and stripes. */
import { hash, randomFrom } from "../../random.js";
import type { Picture } from "../picture.js";
import { paint } from "./canvas.js";
import { hsl, mix, type Rgb } from "./colour.js";
import type { SceneRequest } from "./landscape.js";
import { fractal } from "./noise.js";

interface Tile {
  readonly kind: number;
  readonly turn: number;
  readonly back: Rgb;
  readonly front: Rgb;
  readonly third: Rgb;
}

/** Coverage of a pixel by a shape whose edge is `d` pixels away. */
function cover(d: number): number {
  return Math.max(0, Math.min(1, d + 0.5));
}

function turned(u: number, v: number, turn: number): readonly [number, number] {
  if (turn === 1) return [v, 1 - u];
  if (turn === 2) return [1 - u, 1 - v];
  return turn === 3 ? [1 - v, u] : [u, v];
}

function tileColour(tile: Tile, u0: number, v0: number, size: number): Rgb {
  const [u, v] = turned(u0, v0, tile.turn);
  const corner = Math.hypot(u, v);
  const middle = Math.hypot(u - 0.5, v - 0.5);
  switch (tile.kind) {
    case 0: {
      const outer = mix(tile.back, tile.front, cover((1 - corner) * size));
      return mix(outer, tile.third, cover((0.5 - corner) * size));
    }
    case 1: {
      const disc = mix(tile.back, tile.front, cover((0.42 - middle) * size));
      return mix(disc, tile.third, cover((0.2 - middle) * size));
    }
    case 2: {
      const band = Math.abs(((corner * 4) % 1) - 0.5);
      return mix(tile.back, tile.front, corner < 1 ? cover((band - 0.25) * size * 0.25) : 0);
    }
    case 3:
      return mix(tile.back, tile.front, cover(((u - v) * size) / Math.SQRT2));
    case 4: {
      const stripe = Math.abs(((v * 4) % 1) - 0.5);
      return mix(tile.back, tile.third, cover((stripe - 0.25) * size * 0.25));
    }
    default: {
      const half = Math.hypot(u - 0.5, v);
      return mix(tile.back, tile.front, cover((0.5 - half) * size));
    }
  }
}

/** Inks of this hue, and of hues that go with it. */
function freeInks(hue: number): Rgb[] {
  return [
    hsl(hue, 0.62, 0.5),
    hsl(hue + 0.08, 0.75, 0.62),
    hsl(hue + 0.5, 0.5, 0.32),
    hsl(hue + 0.46, 0.45, 0.16),
    hsl(0.11, 0.55, 0.92),
    hsl(hue + 0.92, 0.7, 0.58),
  ];
}

export async function drawShapes({ width, height, seed, palette }: SceneRequest): Promise<Picture> {
  const random = randomFrom(seed);
  const unit = Math.max(width, height);
  const hue = random();
  const colours = palette.named ? [...palette.sky, palette.ground, palette.light] : freeInks(hue);
  const pick = (): Rgb => colours[Math.floor(random() * colours.length)] ?? [0, 0, 0];
  const count = 5 + Math.floor(random() * 3);
  const size = unit / count;
  const across = Math.ceil(width / size);
  const down = Math.ceil(height / size);
  const tiles = Array.from({ length: across * down }, (): Tile => {
    const back = pick();
    let front = pick();
    while (front === back) front = pick();
    let third = pick();
    while (third === front || third === back) third = pick();
    return { kind: Math.floor(random() * 6), turn: Math.floor(random() * 4), back, front, third };
  });
  const paper = hash(`paper ${seed}`);
  return paint({ width, height }, (x, y) => {
    const i = Math.min(across - 1, Math.floor(x / size));
    const j = Math.min(down - 1, Math.floor(y / size));
    const tile = tiles[j * across + i];
    if (tile === undefined) return [0, 0, 0];
    const colour = tileColour(tile, x / size - i, y / size - j, size);
    const fibre = fractal(paper, x / 3, y / 3, 3) - 0.5;
    return mix(colour, fibre > 0 ? [255, 255, 255] : [0, 0, 0], Math.abs(fibre) * 0.16);
  });
}
