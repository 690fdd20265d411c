/** Generates a short tune from a seed: slow chords below, a plucked melody above. */
import { randomFrom } from "../../random.js";
import { SAMPLE_RATE } from "../media/flac.js";

/** Semitones of a minor pentatonic scale: no two of its notes sound wrong together. */
const SCALE = [0, 3, 5, 7, 10, 12, 15, 17];
const BASS = [0, -4, 3, -2];
const BEAT_S = 0.3;
const BEATS_PER_BAR = 8;
const BASE_HZ = 220;

function hertz(semitones: number): number {
  return BASE_HZ * 2 ** (semitones / 12);
}

/** Adds a decaying tone with a few overtones. */
function pluck(
  out: Float32Array,
  start: number,
  frequency: number,
  length: number,
  volume: number,
): void {
  const end = Math.min(out.length, start + length);
  for (let i = Math.max(0, start); i < end; i += 1) {
    const t = (i - start) / SAMPLE_RATE;
    const attack = Math.min(1, t * 60);
    const decay = Math.exp((-t * 4 * SAMPLE_RATE) / length);
    const phase = 2 * Math.PI * frequency * t;
    const tone =
      Math.sin(phase) + 0.35 * Math.sin(2 * phase) * decay + 0.15 * Math.sin(3 * phase) * decay;
    out[i] = (out[i] ?? 0) + tone * attack * decay * volume;
  }
}

export function composeTune(seed: number, seconds: number): Int16Array {
  const random = randomFrom(seed);
  const length = Math.max(1, Math.round(seconds * SAMPLE_RATE));
  const mixed = new Float32Array(length);
  const key = Math.floor(random() * 7) - 3;
  const beat = Math.round(BEAT_S * SAMPLE_RATE);
  let step = 3;
  for (let n = 0; n * beat < length; n += 1) {
    const bar = Math.floor(n / BEATS_PER_BAR);
    if (n % BEATS_PER_BAR === 0) {
      const root = key + (BASS[bar % BASS.length] ?? 0) - 12;
      for (const tone of [root, root + 7, root + 12]) {
        pluck(mixed, n * beat, hertz(tone), beat * (BEATS_PER_BAR + 2), 0.12);
      }
    }
    if (random() < 0.3) continue;
    step = Math.max(0, Math.min(SCALE.length - 1, step + Math.round((random() - 0.5) * 4)));
    pluck(mixed, n * beat, hertz(key + (SCALE[step] ?? 0)), beat * 4, 0.2);
  }
  const out = new Int16Array(length);
  const fade = Math.min(length, SAMPLE_RATE);
  for (let i = 0; i < length; i += 1) {
    const ending = Math.min(1, (length - i) / fade);
    out[i] = Math.round(Math.max(-1, Math.min(1, (mixed[i] ?? 0) * ending)) * 32_000);
  }
  return out;
}
