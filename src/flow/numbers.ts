/** Numbers and seeds as form texts. Pure. */

/** The server draws its own seeds from 1 to this. */
export const MAX_SEED: number = 2 ** 31 - 1;

/** A seed that keeps those of all `count` tasks within the server's own range. */
export function drawSeed(count: number, random: () => number): number {
  return 1 + Math.floor(random() * Math.max(1, MAX_SEED - count));
}

/**
 * The shortest decimal that parses to the same number, never with an exponent.
 * @param value below 10²¹, which the checks guarantee
 */
export function decimal(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  // E.g. "-1.5e-7": shift the digits of the mantissa to the right.
  const [mantissa = "", zeros] = text.split("e-");
  return `${value < 0 ? "-" : ""}0.${"0".repeat(Number(zeros) - 1)}${mantissa.replace(/[-.]/g, "")}`;
}
