/** Colours and palettes. */
import { hash } from "../../random.js";

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

export interface Palette {
  /** From the top of the sky to the horizon. */
  readonly sky: readonly Rgb[];
  readonly light: Rgb;
  /** Nearest ground. */
  readonly ground: Rgb;
  readonly night: boolean;
}

const PALETTES: readonly (Palette & { readonly words: RegExp })[] = [
  {
    words: /sunset|dusk|evening|warm|autumn|fire|desert/,
    sky: [hsl(0.7, 0.45, 0.24), hsl(0.88, 0.45, 0.42), hsl(0.02, 0.75, 0.62), hsl(0.1, 0.95, 0.76)],
    light: [255, 236, 190],
    ground: hsl(0.78, 0.4, 0.09),
    night: false,
  },
  {
    words: /night|moon|star|dark|space|galaxy|neon|cyber/,
    sky: [hsl(0.66, 0.6, 0.06), hsl(0.64, 0.55, 0.15), hsl(0.6, 0.5, 0.28), hsl(0.52, 0.45, 0.46)],
    light: [238, 242, 255],
    ground: hsl(0.63, 0.55, 0.05),
    night: true,
  },
  {
    words: /morning|dawn|sunrise|spring|pink|flower|girl|anime|love/,
    sky: [hsl(0.58, 0.5, 0.66), hsl(0.72, 0.42, 0.76), hsl(0.94, 0.7, 0.83), hsl(0.09, 0.9, 0.88)],
    light: [255, 250, 238],
    ground: hsl(0.74, 0.3, 0.2),
    night: false,
  },
  {
    words: /sea|ocean|water|lake|island|beach|summer|sky|blue/,
    sky: [hsl(0.6, 0.75, 0.36), hsl(0.57, 0.7, 0.54), hsl(0.53, 0.65, 0.74), hsl(0.14, 0.75, 0.9)],
    light: [255, 252, 236],
    ground: hsl(0.55, 0.55, 0.12),
    night: false,
  },
  {
    words: /forest|tree|green|jungle|garden|nature|mountain|valley/,
    sky: [hsl(0.53, 0.35, 0.42), hsl(0.48, 0.32, 0.6), hsl(0.3, 0.35, 0.76), hsl(0.15, 0.7, 0.87)],
    light: [255, 250, 220],
    ground: hsl(0.42, 0.5, 0.09),
    night: false,
  },
  {
    words: /snow|winter|ice|cold|north|arctic|aurora/,
    sky: [hsl(0.66, 0.5, 0.17), hsl(0.56, 0.45, 0.38), hsl(0.44, 0.45, 0.6), hsl(0.5, 0.3, 0.85)],
    light: [240, 255, 250],
    ground: hsl(0.6, 0.45, 0.14),
    night: true,
  },
];

/** The palette that suits the words of a prompt first, or one by chance. */
export function paletteFor(prompt: string, seed: number): Palette {
  const text = prompt.toLowerCase();
  const found =
    PALETTES.find(({ words }) => words.test(text)) ??
    PALETTES[hash(`palette ${seed}`) % PALETTES.length];
  if (found === undefined) throw new Error("there are no palettes");
  return found;
}
