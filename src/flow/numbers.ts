/** Numbers and seeds as texts of a form. Pure. */

/** The server draws its own seeds from 1 to this. */
export const MAX_SEED: number = 2 ** 31 - 1;

/** A seed such that those of all `count` tasks stay in the server's own range. */
export function drawSeed(count: number, random: () => number): number {
  return 1 + Math.floor(random() * Math.max(1, MAX_SEED - count));
}

/**
 * The shortest decimal that reads back as the same number, never with an exponent.
 * @param value below 10²¹, as all are that pass the checks
 */
export function decimal(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  // "-1.5e-7": the digits of the mantissa, moved to the right.
  const [mantissa = "", zeros] = text.split("e-");
  return `${value < 0 ? "-" : ""}0.${"0".repeat(Number(zeros) - 1)}${mantissa.replace(/[-.]/g, "")}`;
}
