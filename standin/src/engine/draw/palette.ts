/** Chooses the colours of a picture by the time of day, the colour or other words in the prompt. */
import { hash } from "../../random.js";
import { hsl, type Rgb, toHsl } from "./colour.js";

export interface Palette {
  /** From the top of the sky to the horizon. */
  readonly sky: readonly Rgb[];
  readonly light: Rgb;
  /** Nearest ground. */
  readonly ground: Rgb;
  readonly night: boolean;
  /** Share of lamps that are lit, 0 to 1. */
  readonly lamps: number;
  /** True if the prompt names a colour or a time of day. Other colours must not be used then. */
  readonly named: boolean;
}

type Light = Omit<Palette, "named">;
type Choice = Light & { readonly words: RegExp };

/** Light by time of day. */
const TIMES: readonly Choice[] = [
  {
    words: /sunset|dusk|evening|twilight|golden hour/,
    sky: [hsl(0.7, 0.45, 0.24), hsl(0.88, 0.45, 0.42), hsl(0.02, 0.75, 0.62), hsl(0.1, 0.95, 0.76)],
    light: [255, 236, 190],
    ground: hsl(0.78, 0.4, 0.09),
    night: false,
    lamps: 1,
  },
  {
    words: /night|moon(?!t)|\bstar(?:s|ry|light|lit)?\b/,
    sky: [hsl(0.66, 0.6, 0.06), hsl(0.64, 0.55, 0.15), hsl(0.6, 0.5, 0.28), hsl(0.52, 0.45, 0.46)],
    light: [238, 242, 255],
    ground: hsl(0.63, 0.55, 0.05),
    night: true,
    lamps: 1,
  },
  {
    words: /morning|dawn|sunrise|daybreak/,
    sky: [hsl(0.58, 0.5, 0.66), hsl(0.72, 0.42, 0.76), hsl(0.94, 0.7, 0.83), hsl(0.09, 0.9, 0.88)],
    light: [255, 250, 238],
    ground: hsl(0.74, 0.3, 0.2),
    night: false,
    lamps: 0.4,
  },
  {
    words: /\bnoon|midday|daylight|\bday\b|afternoon|sunny|sunshine/,
    sky: [hsl(0.6, 0.72, 0.48), hsl(0.58, 0.75, 0.62), hsl(0.56, 0.7, 0.77), hsl(0.55, 0.6, 0.91)],
    light: [255, 254, 246],
    ground: hsl(0.36, 0.34, 0.17),
    night: false,
    lamps: 0.04,
  },
];

/** Colours for other words. */
const MOODS: readonly Choice[] = [
  { ...timeOf(0), words: /warm|autumn|fire|desert/ },
  { ...timeOf(1), words: /dark|space|galaxy|neon|cyber/ },
  { ...timeOf(2), words: /spring|flower|girl|anime|love/ },
  {
    words: /sea|ocean|water|lake|island|beach|summer|sky/,
    sky: [hsl(0.6, 0.75, 0.36), hsl(0.57, 0.7, 0.54), hsl(0.53, 0.65, 0.74), hsl(0.14, 0.75, 0.9)],
    light: [255, 252, 236],
    ground: hsl(0.55, 0.55, 0.12),
    night: false,
    lamps: 0.3,
  },
  {
    words: /forest|tree|jungle|garden|nature|mountain|valley/,
    sky: [hsl(0.53, 0.35, 0.42), hsl(0.48, 0.32, 0.6), hsl(0.3, 0.35, 0.76), hsl(0.15, 0.7, 0.87)],
    light: [255, 250, 220],
    ground: hsl(0.42, 0.5, 0.09),
    night: false,
    lamps: 0.3,
  },
  {
    words: /snow|winter|ice|cold|north|arctic|aurora/,
    sky: [hsl(0.66, 0.5, 0.17), hsl(0.56, 0.45, 0.38), hsl(0.44, 0.45, 0.6), hsl(0.5, 0.3, 0.85)],
    light: [240, 255, 250],
    ground: hsl(0.6, 0.45, 0.14),
    night: true,
    lamps: 0.8,
  },
];

function timeOf(index: number): Choice {
  const time = TIMES[index];
  if (time === undefined) throw new Error("there is no such time of day");
  return time;
}

interface Tint {
  readonly words: RegExp;
  readonly hue: number;
  /** Factor for the saturation; 0 for grey. */
  readonly strength: number;
}

/** Colours by their names. */
const TINTS: readonly Tint[] = [
  { words: /\b(?:red|crimson|scarlet|ruby)\b/, hue: 0.99, strength: 1 },
  { words: /\b(?:orange|amber|copper)\b/, hue: 0.075, strength: 1 },
  { words: /\b(?:yellow|golden(?! hour)|gold)\b/, hue: 0.135, strength: 1 },
  { words: /\b(?:green|emerald|lime)\b/, hue: 0.36, strength: 0.9 },
  { words: /\b(?:teal|turquoise|cyan)\b/, hue: 0.49, strength: 0.9 },
  { words: /\b(?:blue|azure|indigo)\b/, hue: 0.6, strength: 1 },
  { words: /\b(?:purple|violet|lilac|lavender)\b/, hue: 0.77, strength: 0.9 },
  { words: /\b(?:pink|magenta|rose)\b/, hue: 0.92, strength: 1 },
  { words: /\b(?:brown|sepia)\b/, hue: 0.08, strength: 0.5 },
  { words: /\b(?:gr[ae]y|silver|monochrome|black and white)\b/, hue: 0.6, strength: 0 },
];

/** Share of the difference between hues that is kept, or the picture would look flat. */
const HUE_SPREAD = 0.14;
const LEAST_SATURATION = 0.7;

function tinted(colour: Rgb, { hue, strength }: Tint): Rgb {
  const own = toHsl(colour);
  // Distance on the colour circle, -0.5 to 0.5.
  const off = ((own.h - hue + 1.5) % 1) - 0.5;
  const saturation = Math.max(own.s, LEAST_SATURATION) * strength;
  return hsl(hue + off * HUE_SPREAD, saturation, own.l);
}

function tint(palette: Light, by: Tint): Light {
  return {
    ...palette,
    sky: palette.sky.map((colour) => tinted(colour, by)),
    light: tinted(palette.light, { ...by, strength: by.strength * 0.6 }),
    ground: tinted(palette.ground, by),
  };
}

/** A time of day in the prompt decides first, then other words, then chance. A named colour is mixed in. */
export function paletteFor(prompt: string, seed: number): Palette {
  const text = prompt.toLowerCase();
  const all = [...TIMES, ...MOODS];
  const palette: Light =
    all.find(({ words }) => words.test(text)) ?? timeOf(hash(`palette ${seed}`) % TIMES.length);
  const colour = TINTS.find(({ words }) => words.test(text));
  const named = colour !== undefined || TIMES.some(({ words }) => words.test(text));
  return { ...(colour === undefined ? palette : tint(palette, colour)), named };
}
