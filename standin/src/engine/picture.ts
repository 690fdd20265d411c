/** Pixels in memory. */

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, alpha, 8 bits each, row by row. */
  readonly data: Uint8ClampedArray;
  /** True if every pixel is fully opaque. */
  readonly opaque: boolean;
}

export function blankPicture(width: number, height: number, opaque = true): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  if (opaque) data.fill(255);
  return { width, height, data, opaque };
}

/** The same picture at another size: averaged when it shrinks, smooth when it grows. */
export function resize(picture: Picture, width: number, height: number): Picture {
  const { data } = picture;
  const out = blankPicture(width, height, picture.opaque);
  const sx = picture.width / width;
  const sy = picture.height / height;
  // Strong shrinking with two-by-two samples would flicker, so take more samples.
  const nx = Math.max(1, Math.ceil(sx));
  const ny = Math.max(1, Math.ceil(sy));
  const maxX = picture.width - 1;
  const maxY = picture.height - 1;
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 4) {
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (let j = 0; j < ny; j += 1) {
        const fy = Math.min(maxY, Math.max(0, (y + (j + 0.5) / ny) * sy - 0.5));
        const y0 = Math.floor(fy);
        const y1 = Math.min(maxY, y0 + 1);
        const wy = fy - y0;
        for (let i = 0; i < nx; i += 1) {
          const fx = Math.min(maxX, Math.max(0, (x + (i + 0.5) / nx) * sx - 0.5));
          const x0 = Math.floor(fx);
          const x1 = Math.min(maxX, x0 + 1);
          const wx = fx - x0;
          const p00 = (y0 * picture.width + x0) * 4;
          const p10 = (y0 * picture.width + x1) * 4;
          const p01 = (y1 * picture.width + x0) * 4;
          const p11 = (y1 * picture.width + x1) * 4;
          const w00 = (1 - wx) * (1 - wy);
          const w10 = wx * (1 - wy);
          const w01 = (1 - wx) * wy;
          const w11 = wx * wy;
          const mix = (c: number): number =>
            (data[p00 + c] ?? 0) * w00 +
            (data[p10 + c] ?? 0) * w10 +
            (data[p01 + c] ?? 0) * w01 +
            (data[p11 + c] ?? 0) * w11;
          r += mix(0);
          g += mix(1);
          b += mix(2);
          a += mix(3);
        }
      }
      const n = nx * ny;
      out.data[to] = r / n;
      out.data[to + 1] = g / n;
      out.data[to + 2] = b / n;
      out.data[to + 3] = a / n;
    }
  }
  return out;
}
