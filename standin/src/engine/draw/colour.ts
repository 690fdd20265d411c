/** Conversion and mixing of colours. */

export type Rgb = readonly [number, number, number];

/** Hue, saturation, lightness, each 0 to 1. */
export function hsl(h: number, s: number, l: number): Rgb {
  const a = s * Math.min(l, 1 - l);
  const f = (n: number): number => {
    const k = (n + (((h % 1) + 1) % 1) * 12) % 12;
    return 255 * (l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [f(0), f(8), f(4)];
}

export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  const u = t < 0 ? 0 : t > 1 ? 1 : t;
  return [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u, a[2] + (b[2] - a[2]) * u];
}

/** Colour at `t` (0 to 1) along evenly spaced stops. */
export function ramp(stops: readonly Rgb[], t: number): Rgb {
  const last = stops.length - 1;
  const at = Math.max(0, Math.min(0.999999, t)) * last;
  const index = Math.floor(at);
  const from = stops[index] ?? [0, 0, 0];
  return mix(from, stops[index + 1] ?? from, at - index);
}

/** Hue, saturation and lightness of a colour, each 0 to 1. */
export function toHsl([red, green, blue]: Rgb): { h: number; s: number; l: number } {
  const [r, g, b] = [red / 255, green / 255, blue / 255];
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const l = (max + min) / 2;
  const d = max - min;
  if (d === 0) return { h: 0, s: 0, l };
  const sixth = max === r ? (g - b) / d : max === g ? (b - r) / d + 2 : (r - g) / d + 4;
  return { h: (sixth / 6 + 1) % 1, s: d / (1 - Math.abs(2 * l - 1)), l };
}
