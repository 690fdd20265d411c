/** Filters for flows that take a picture. They do not imitate the real flows, but every effect is visible. */
import { noise } from "../draw/noise.js";
import { mix, type Rgb } from "../draw/colour.js";
import { type Picture, resize } from "../picture.js";

type PixelFilter = (colour: Rgb, x: number, y: number) => Rgb;

/** The picture with each pixel replaced; alpha stays. */
function mapPixels(picture: Picture, filter: PixelFilter): Picture {
  const data = new Uint8ClampedArray(picture.data);
  const { width, height } = picture;
  for (let y = 0, p = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, p += 4) {
      const colour = filter([data[p] ?? 0, data[p + 1] ?? 0, data[p + 2] ?? 0], x, y);
      data[p] = colour[0];
      data[p + 1] = colour[1];
      data[p + 2] = colour[2];
    }
  }
  return { ...picture, data };
}

function brightness([r, g, b]: Rgb): number {
  return 0.3 * r + 0.59 * g + 0.11 * b;
}

function brightnessOf(picture: Picture): Float32Array {
  const out = new Float32Array(picture.width * picture.height);
  for (let i = 0, p = 0; i < out.length; i += 1, p += 4) {
    const { data } = picture;
    out[i] = brightness([data[p] ?? 0, data[p + 1] ?? 0, data[p + 2] ?? 0]);
  }
  return out;
}

/** Average over a square, by running sums. */
function blurPlane(
  plane: Float32Array,
  width: number,
  height: number,
  radius: number,
): Float32Array {
  const pass = (
    from: Float32Array,
    lines: number,
    length: number,
    step: number,
    jump: number,
  ): Float32Array => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line += 1) {
      const start = line * jump;
      const at = (k: number): number =>
        from[start + Math.max(0, Math.min(length - 1, k)) * step] ?? 0;
      let sum = 0;
      for (let k = -radius; k <= radius; k += 1) sum += at(k);
      for (let k = 0; k < length; k += 1) {
        to[start + k * step] = sum / (2 * radius + 1);
        sum += at(k + radius + 1) - at(k - radius);
      }
    }
    return to;
  };
  return pass(pass(plane, height, width, 1, width), width, height, width, 1);
}

function unitOf(picture: Picture): number {
  return Math.max(1, Math.round(Math.max(picture.width, picture.height) / 500));
}

/** Pencil on paper: dodged outlines, and hatching where it is dark. */
export function toPencil(picture: Picture, seed: number): Picture {
  const { width, height } = picture;
  const light = brightnessOf(picture);
  const unit = unitOf(picture);
  const soft = blurPlane(light, width, height, 4 * unit);
  return mapPixels(picture, (_colour, x, y) => {
    const i = y * width + x;
    // The colour dodge of a picture with its own negative leaves its outlines.
    const here = light[i] ?? 0;
    const line = Math.min(1, (here + 2) / Math.max(1, (soft[i] ?? 0) + 2));
    const tone = (soft[i] ?? 0) / 255;
    const grain = noise(seed, x / unit, y / unit) * 0.35;
    const wobble = noise(seed + 3, x / (30 * unit), y / (30 * unit)) * 5;
    const stroke = (angle: number): number =>
      0.5 + 0.5 * Math.sin((x * Math.cos(angle) + y * Math.sin(angle)) / (1.3 * unit) + wobble);
    let shade = 0;
    if (tone < 0.75) shade += (0.75 - tone) * 0.6 * stroke(0.8) * (0.7 + grain);
    if (tone < 0.45) shade += (0.45 - tone) * 0.9 * stroke(2.2) * (0.7 + grain);
    const ink = Math.max(0, Math.min(1, (1 - line ** 3) * (0.75 + grain) + shade));
    const paper: Rgb = [247 - grain * 14, 244 - grain * 14, 236 - grain * 14];
    return mix(paper, [42, 42, 50], ink);
  });
}

/** Yellowed, faded, darker towards the corners. */
export function toVintage(picture: Picture): Picture {
  const { width, height } = picture;
  return mapPixels(picture, (colour, x, y) => {
    const light = brightness(colour) / 255;
    const sepia: Rgb = [58 + 190 * light, 40 + 180 * light, 26 + 150 * light];
    const corner = Math.hypot(x / width - 0.5, y / height - 0.5) * 1.41;
    const grain = (noise(7, x * 1.9, y * 1.9) - 0.5) * 18;
    const faded = mix(sepia, colour, 0.12);
    const dark = mix(faded, [22, 14, 8], Math.max(0, corner - 0.45) * 1.1);
    return [dark[0] + grain, dark[1] + grain, dark[2] + grain];
  });
}

/** Flat areas of strong colour within ink lines; dots in the shadows. */
export function toComic(picture: Picture): Picture {
  const { width, height } = picture;
  const light = brightnessOf(picture);
  const unit = unitOf(picture);
  const fine = blurPlane(light, width, height, unit);
  const coarse = blurPlane(light, width, height, 3 * unit);
  return mapPixels(picture, (colour, x, y) => {
    const i = y * width + x;
    const level = (value: number): number => Math.round(value / 51) * 51;
    const grey = brightness(colour);
    const strong = colour.map((value) => level(grey + (value - grey) * 1.7));
    const flat: Rgb = [strong[0] ?? 0, strong[1] ?? 0, strong[2] ?? 0];
    const edge = Math.max(0, (coarse[i] ?? 0) - (fine[i] ?? 0) - 4) / 12;
    const cell = 5 * unit;
    const dot = Math.hypot((x % cell) - cell / 2, (y % cell) - cell / 2);
    const shaded = grey < 110 && dot < cell * 0.32 ? mix(flat, [20, 16, 40], 0.5) : flat;
    return mix(shaded, [16, 12, 24], edge);
  });
}

/** Warm, soft and a little flat, as a painted background. */
export function toPainting(picture: Picture): Picture {
  const { width, height, data } = picture;
  const unit = 2 * unitOf(picture);
  const channels = [0, 1, 2].map((c) => {
    const plane = new Float32Array(width * height);
    for (let i = 0; i < plane.length; i += 1) plane[i] = data[i * 4 + c] ?? 0;
    return blurPlane(plane, width, height, unit);
  });
  return mapPixels(picture, (colour, x, y) => {
    const i = y * width + x;
    const soft: Rgb = [channels[0]?.[i] ?? 0, channels[1]?.[i] ?? 0, channels[2]?.[i] ?? 0];
    // Edges stay, areas run together.
    const difference = Math.abs(brightness(colour) - brightness(soft));
    const base = mix(soft, colour, Math.min(1, difference / 24));
    const grey = brightness(base);
    const vivid = base.map((value) => grey + (value - grey) * 1.35);
    return [(vivid[0] ?? 0) * 1.04 + 8, (vivid[1] ?? 0) * 1.02 + 6, (vivid[2] ?? 0) * 0.96];
  });
}

/** Full contrast for each channel, which also reduces colour casts. */
export function restore(picture: Picture): Picture {
  const limits = [0, 1, 2].map((c) => {
    const counts = new Uint32Array(256);
    for (let p = c; p < picture.data.length; p += 4) {
      const value = picture.data[p] ?? 0;
      counts[value] = (counts[value] ?? 0) + 1;
    }
    const total = picture.data.length / 4;
    const percentile = (share: number): number => {
      let sum = 0;
      for (let value = 0; value < 256; value += 1) {
        sum += counts[value] ?? 0;
        if (sum >= total * share) return value;
      }
      return 255;
    };
    return { low: percentile(0.01), high: percentile(0.99) };
  });
  const stretch = (value: number, c: number): number => {
    const { low, high } = limits[c] ?? { low: 0, high: 255 };
    return high > low ? ((value - low) / (high - low)) * 255 : value;
  };
  return mapPixels(picture, (colour) => [
    stretch(colour[0], 0),
    stretch(colour[1], 1),
    stretch(colour[2], 2),
  ]);
}

/** Brings out existing details. */
export function sharpen(picture: Picture, amount = 0.7): Picture {
  const { width, height } = picture;
  const light = brightnessOf(picture);
  const soft = blurPlane(light, width, height, unitOf(picture));
  return mapPixels(picture, (colour, x, y) => {
    const i = y * width + x;
    const detail = ((light[i] ?? 0) - (soft[i] ?? 0)) * amount;
    return [colour[0] + detail, colour[1] + detail, colour[2] + detail];
  });
}

/** A larger canvas: the picture in the middle, surrounded by its darkened mirror image. */
export function extend(picture: Picture, extraX: number, extraY: number): Picture {
  const width = picture.width + extraX;
  const height = picture.height + extraY;
  const left = Math.floor(extraX / 2);
  const top = Math.floor(extraY / 2);
  const data = new Uint8ClampedArray(width * height * 4);
  const fold = (value: number, size: number): number => {
    const period = Math.max(1, 2 * size - 2);
    const at = ((value % period) + period) % period;
    return at < size ? at : period - at;
  };
  for (let y = 0, p = 0; y < height; y += 1) {
    const from = fold(y - top, picture.height) * picture.width;
    for (let x = 0; x < width; x += 1, p += 4) {
      const q = (from + fold(x - left, picture.width)) * 4;
      data.set(picture.data.subarray(q, q + 4), p);
    }
  }
  return { width, height, data, opaque: picture.opaque };
}

/** `over` on top of `under`: scaled to the given share of it, aligned with its lower edge. */
export function place(under: Picture, over: Picture, share = 0.86): Picture {
  const scale = Math.min((under.width * share) / over.width, (under.height * share) / over.height);
  const width = Math.max(1, Math.round(over.width * scale));
  const height = Math.max(1, Math.round(over.height * scale));
  const small = resize(over, width, height);
  const left = Math.floor((under.width - width) / 2);
  const top = under.height - height;
  return mapPixels(under, (colour, x, y) => {
    const sx = x - left;
    const sy = y - top;
    if (sx < 0 || sy < 0 || sx >= width) return colour;
    const p = (sy * width + sx) * 4;
    const { data } = small;
    const cover = (data[p + 3] ?? 0) / 255;
    return mix(colour, [data[p] ?? 0, data[p + 1] ?? 0, data[p + 2] ?? 0], cover);
  });
}

/** A cut-out with a white rim, on a plain ground. */
export function toSticker(cutout: Picture, ground: Rgb): Picture {
  const { width, height, data } = cutout;
  const alpha = new Float32Array(width * height);
  for (let i = 0; i < alpha.length; i += 1) alpha[i] = data[i * 4 + 3] ?? 0;
  const wide = blurPlane(alpha, width, height, 6 * unitOf(cutout));
  const sticker = mapPixels({ ...cutout, opaque: true }, (colour, x, y) => {
    const i = y * width + x;
    const rim = Math.max(0, Math.min(1, ((wide[i] ?? 0) - 20) / 20));
    return mix(mix(ground, [255, 255, 255], rim), colour, (alpha[i] ?? 0) / 255);
  });
  for (let p = 3; p < sticker.data.length; p += 4) sticker.data[p] = 255;
  return sticker;
}

/** `patch` where the mask is bright, the picture elsewhere. */
export function fillMasked(picture: Picture, mask: Picture, patch: Picture): Picture {
  const fitted = resize(mask, picture.width, picture.height);
  const filling = resize(patch, picture.width, picture.height);
  const light = brightnessOf(fitted);
  const soft = blurPlane(light, picture.width, picture.height, 2 * unitOf(picture));
  return mapPixels(picture, (colour, x, y) => {
    const i = y * picture.width + x;
    const p = i * 4;
    const { data } = filling;
    return mix(colour, [data[p] ?? 0, data[p + 1] ?? 0, data[p + 2] ?? 0], (soft[i] ?? 0) / 255);
  });
}

/** A part of the picture. */
export function crop(picture: Picture, left: number, width: number, height: number): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const from = (y * picture.width + left) * 4;
    data.set(picture.data.subarray(from, from + width * 4), y * width * 4);
  }
  return { width, height, data, opaque: picture.opaque };
}

/** Scaled to fill the given size, and cropped evenly. */
export function coverSize(picture: Picture, width: number, height: number): Picture {
  const scale = Math.max(width / picture.width, height / picture.height);
  const wide = Math.max(width, Math.round(picture.width * scale));
  const tall = Math.max(height, Math.round(picture.height * scale));
  const scaled = resize(picture, wide, tall);
  const top = Math.floor((tall - height) / 2);
  const from = { ...scaled, height, data: scaled.data.subarray(top * wide * 4) };
  return crop(from, Math.floor((wide - width) / 2), width, height);
}
