/** Compares the distance between the allowed values of a number. */
import type { ParameterModel } from "../../model/flow.js";
import type { Facet } from "./facet.js";

export const stepFacet: Facet = (old, now) => {
  if (!isNumeric(old) || !isNumeric(now) || old.step === now.step) return [];
  return [
    {
      rule: refusesOldStep(old, now) ? "param-step-narrowed" : "param-step-widened",
      before: old.step ?? null,
      after: now.step ?? null,
    },
  ];
};

export function isNumeric({ kind }: ParameterModel): boolean {
  return kind === "number" || kind === "integer";
}

/**
 * Whether a value that was on a step, and is within both ranges, is not on a step now. Clients accept
 * multiples of the step, and values a whole number of steps above the minimum.
 */
export function refusesOldStep(old: ParameterModel, now: ParameterModel): boolean {
  if (now.step === undefined) return false;
  const scale = scaleOf([old.min, old.max, old.step, now.min, now.max, now.step]);
  const units = (value: number): bigint => toUnits(value, scale);
  const step = units(now.step);
  const starts = [0n, ...(now.min === undefined ? [] : [units(now.min)])];
  const isAllowed = (value: bigint): boolean =>
    starts.some((start) => (value - start) % step === 0n);
  return samples(old, now, units).some((value) => !isAllowed(value));
}

/** If three consecutive values of a sequence are on a step, all of them are. */
const SAMPLES = 3;

/** Values that the old parameter allowed, as whole units: the first ones of each of its two sequences. */
function samples(
  old: ParameterModel,
  now: ParameterModel,
  units: (value: number) => bigint,
): bigint[] {
  const one = units(1);
  const isInteger = old.kind === "integer";
  const least = lowest(old.min, now.min, units);
  const greatest = [old.max, now.max].filter((max) => max !== undefined).map((max) => units(max));
  // A number without a step moves in steps smaller than any in the description.
  const written = old.step === undefined ? 1n : units(old.step);
  const step = isInteger ? leastCommonMultiple(written, one) : written;
  return [0n, ...(old.min === undefined ? [] : [units(old.min)])]
    .filter((start) => !isInteger || start % one === 0n)
    .flatMap((start) => {
      const first = start + ceilDivide(least - start, step) * step;
      return Array.from({ length: SAMPLES }, (_, index) => first + BigInt(index) * step);
    })
    .filter((value) => greatest.every((max) => value <= max));
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}

function lowest(
  a: number | undefined,
  b: number | undefined,
  units: (value: number) => bigint,
): bigint {
  const values = [a, b].filter((value) => value !== undefined).map((value) => units(value));
  return (
    values.reduce<bigint | undefined>(
      (most, value) => (most === undefined || value > most ? value : most),
      undefined,
    ) ?? 0n
  );
}

function ceilDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return quotient * by < value ? quotient + 1n : quotient;
}

/** Decimal places needed to write all of these numbers, plus one. */
function scaleOf(values: readonly (number | undefined)[]): number {
  return Math.max(...values.map((value) => (value === undefined ? 0 : decimals(value)))) + 1;
}

function decimals(value: number): number {
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}

/** A number as an exact count of units of 10 to the power of minus `scale`. */
function toUnits(value: number, scale: number): bigint {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return BigInt(whole + fraction) * 10n ** BigInt(scale + Number(exponent) - fraction.length);
}
