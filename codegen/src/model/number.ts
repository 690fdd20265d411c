/** Reads numbers as authors and servers write them: as numbers, as texts, or out of a double's range. */
import { CodegenError } from "../errors.js";
import type { Place } from "../json/pointer.js";
import { InexactNumber, preview } from "../json/value.js";

/** A number, or a text that is one: `1e-05`, `.5`, `+2`. @throws CodegenError `number_inexact`. */
export function readNumber(place: Place): number | undefined {
  const { value } = place;
  if (value instanceof InexactNumber) throw inexact(place);
  if (typeof value === "number") return value;
  return typeof value === "string" ? numberFromText(value) : undefined;
}

function numberFromText(text: string): number | undefined {
  const isDecimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim());
  const number = isDecimal ? Number(text) : Number.NaN;
  // Adding 0 turns -0 into 0.
  return Number.isFinite(number) ? number + 0 : undefined;
}

/**
 * A minimum or maximum. One that no double can hold, such as 2^64 - 1, becomes the next double inside the
 * range, which allows the same doubles; one beyond all doubles is no limit.
 * @throws CodegenError `number_inexact` if no double would be allowed.
 */
export function readLimit(place: Place, side: "minimum" | "maximum"): number | undefined {
  const { value } = place;
  if (!(value instanceof InexactNumber)) return readNumber(place);
  const nearest = Number(value.text);
  if (nearest === (side === "minimum" ? -Infinity : Infinity)) return undefined;
  if (!Number.isFinite(nearest)) throw inexact(place);
  const exact = BigInt(value.text);
  if (side === "minimum") return BigInt(nearest) < exact ? neighbour(nearest, 1n) : nearest;
  return BigInt(nearest) > exact ? neighbour(nearest, -1n) : nearest;
}

/** The next double above (1) or below (-1) a number that is not 0. */
function neighbour(number: number, direction: 1n | -1n): number {
  const bits = new BigInt64Array(new Float64Array([number]).buffer);
  // The bit pattern of a double increases with its distance from 0.
  bits[0] = (bits[0] ?? 0n) + (number > 0 ? direction : -direction);
  return new Float64Array(bits.buffer)[0] ?? number;
}

function inexact(place: Place): CodegenError {
  return new CodegenError("number_inexact", "A 64-bit float cannot hold this number exactly.", {
    pointer: place.pointer,
    value: preview(place.value),
    hint: "Ask the author of the flow for a number that a 64-bit float can hold.",
  });
}
