/** Removes backgrounds: areas that look like the border and are connected to it become transparent. */
import type { Picture } from "../picture.js";

/** Colours nearer than this to the local background belong to it; up to twice as far they fade. */
const NEAR = 26;

interface Lab {
  readonly l: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/** An opponent colour space: cheap, and close enough to human vision. */
function toOpponent({ data, width, height }: Picture): Lab {
  const n = width * height;
  const l = new Float32Array(n);
  const a = new Float32Array(n);
  const b = new Float32Array(n);
  for (let i = 0, p = 0; i < n; i += 1, p += 4) {
    const red = data[p] ?? 0;
    const green = data[p + 1] ?? 0;
    const blue = data[p + 2] ?? 0;
    l[i] = 0.3 * red + 0.59 * green + 0.11 * blue;
    a[i] = red - green;
    b[i] = 0.5 * (red + green) - blue;
  }
  return { l, a, b };
}

function distance(lab: Lab, i: number, l: number, a: number, b: number): number {
  const dl = (lab.l[i] ?? 0) - l;
  const da = (lab.a[i] ?? 0) - a;
  const db = (lab.b[i] ?? 0) - b;
  return Math.sqrt(0.5 * dl * dl + da * da + db * db);
}

/**
 * Flood fill from the border inwards. Each pixel is compared with the local background colour, which slowly
 * follows gradients. Sharp edges stop the fill.
 */
function spread(picture: Picture, lab: Lab): Float32Array {
  const { width, height } = picture;
  const n = width * height;
  const farness = new Float32Array(n).fill(Infinity);
  const bl = new Float32Array(n);
  const ba = new Float32Array(n);
  const bb = new Float32Array(n);
  const queue = new Int32Array(n);
  let head = 0;
  let tail = 0;
  const start = (i: number): void => {
    if (farness[i] !== Infinity) return;
    farness[i] = 0;
    bl[i] = lab.l[i] ?? 0;
    ba[i] = lab.a[i] ?? 0;
    bb[i] = lab.b[i] ?? 0;
    queue[tail++] = i;
  };
  const border = borderColour(lab, width, height);
  const offer = (i: number): void => {
    // A subject that touches the border must not be taken for background there.
    if (distance(lab, i, border.l, border.a, border.b) < border.tolerance) start(i);
  };
  for (let x = 0; x < width; x += 1) {
    offer(x);
    offer((height - 1) * width + x);
  }
  for (let y = 0; y < height; y += 1) {
    offer(y * width);
    offer(y * width + width - 1);
  }
  const follow = 0.06;
  const visit = (from: number, to: number): void => {
    if (farness[to] !== Infinity) return;
    const d = distance(lab, to, bl[from] ?? 0, ba[from] ?? 0, bb[from] ?? 0);
    if (d >= NEAR) return;
    farness[to] = d;
    const keep = 1 - follow;
    bl[to] = (bl[from] ?? 0) * keep + (lab.l[to] ?? 0) * follow;
    ba[to] = (ba[from] ?? 0) * keep + (lab.a[to] ?? 0) * follow;
    bb[to] = (bb[from] ?? 0) * keep + (lab.b[to] ?? 0) * follow;
    queue[tail++] = to;
  };
  const run = (): void => {
    while (head < tail) {
      const i = queue[head++] ?? 0;
      const x = i % width;
      if (x > 0) visit(i, i - 1);
      if (x < width - 1) visit(i, i + 1);
      if (i >= width) visit(i, i - width);
      if (i < n - width) visit(i, i + width);
    }
  };
  run();
  for (const i of enclosed(lab, farness, width)) start(i);
  run();
  return farness;
}

/** Holes smaller than this share of the picture are kept as part of the subject. */
const LEAST_HOLE = 0.0006;

/**
 * Background enclosed by the subject, such as gaps between stems: larger areas whose colour matches the
 * background to their left and right.
 */
function enclosed(lab: Lab, farness: Float32Array, width: number): number[] {
  const n = farness.length;
  const alike = new Uint8Array(n);
  const mark = (row: number, from: number, step: number): void => {
    let known = -1;
    for (let k = 0, x = from; k < width; k += 1, x += step) {
      const i = row + x;
      if (farness[i] !== Infinity) known = i;
      else if (known !== -1) {
        const [l, a, b] = [lab.l[known] ?? 0, lab.a[known] ?? 0, lab.b[known] ?? 0];
        if (distance(lab, i, l, a, b) < NEAR) alike[i] = 1;
      }
    }
  };
  for (let row = 0; row < n; row += width) {
    mark(row, 0, 1);
    mark(row, width - 1, -1);
  }
  const found: number[] = [];
  for (let first = 0; first < n; first += 1) {
    if (alike[first] !== 1) continue;
    const area = [first];
    alike[first] = 2;
    for (let at = 0; at < area.length; at += 1) {
      const i = area[at] ?? 0;
      const x = i % width;
      const around = [
        x > 0 ? i - 1 : -1,
        x < width - 1 ? i + 1 : -1,
        i - width,
        i + width < n ? i + width : -1,
      ];
      for (const next of around) {
        if (next < 0 || alike[next] !== 1) continue;
        alike[next] = 2;
        area.push(next);
      }
    }
    if (area.length >= n * LEAST_HOLE) found.push(...area);
  }
  return found;
}

/** The median colour of the border, and how much border pixels may differ from it. */
function borderColour(
  lab: Lab,
  width: number,
  height: number,
): { l: number; a: number; b: number; tolerance: number } {
  const edge: number[] = [];
  for (let x = 0; x < width; x += 1) edge.push(x, (height - 1) * width + x);
  for (let y = 1; y < height - 1; y += 1) edge.push(y * width, y * width + width - 1);
  const middle = (values: Float32Array): number => {
    const sorted = edge.map((i) => values[i] ?? 0).sort((p, q) => p - q);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  const colour = { l: middle(lab.l), a: middle(lab.a), b: middle(lab.b) };
  const far = edge.map((i) => distance(lab, i, colour.l, colour.a, colour.b)).sort((p, q) => p - q);
  const usual = far[Math.floor(far.length * 0.75)] ?? 0;
  return { ...colour, tolerance: Math.max(NEAR * 2, usual * 1.5) };
}

/** Averages over a 3 by 3 neighbourhood, which turns the hard cut into a soft edge. */
function soften(mask: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(mask.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      let count = 0;
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const px = x + dx;
          const py = y + dy;
          if (px < 0 || py < 0 || px >= width || py >= height) continue;
          sum += mask[py * width + px] ?? 0;
          count += 1;
        }
      }
      out[y * width + x] = sum / count;
    }
  }
  return out;
}

/** The picture with a transparent background. Transparent pixels stay transparent. */
export function removeBackground(picture: Picture): Picture {
  const { width, height } = picture;
  const farness = spread(picture, toOpponent(picture));
  const mask = new Float32Array(farness.length);
  for (let i = 0; i < mask.length; i += 1) mask[i] = farness[i] === Infinity ? 1 : 0;
  const soft = soften(mask, width, height);
  const data = new Uint8ClampedArray(picture.data);
  for (let i = 0; i < soft.length; i += 1) {
    // Slightly inside the cut, so that no rim of background remains.
    const cover = Math.max(0, Math.min(1, ((soft[i] ?? 0) - 0.35) / 0.6));
    data[i * 4 + 3] = (picture.data[i * 4 + 3] ?? 255) * cover;
    // Viewers without transparency would otherwise show the background.
    if (data[i * 4 + 3] === 0) data.fill(0, i * 4, i * 4 + 3);
  }
  return { width, height, data, opaque: false };
}
