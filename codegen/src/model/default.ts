/** Reads defaults, which authors write by hand: each harmless spelling is read as what it means. */
import type { Place } from "../json/pointer.js";
import { InexactNumber } from "../json/value.js";
import type { ParameterModel } from "./flow.js";
import { readNumber } from "./number.js";
import { readText, unknownShape } from "./text.js";

/** The default of a parameter of this kind. @throws CodegenError for an invalid one. */
export function readDefault(
  place: Place,
  { kind }: Pick<ParameterModel, "kind">,
): ParameterModel["default"] {
  const { value } = place;
  if (value === undefined || value === null) return undefined;
  switch (kind) {
    case "file":
      // The sample file in the author's workflow; the server requires a file even so.
      return undefined;
    case "text":
      // A number stays a number: it shows that numbers are meant.
      return typeof value === "number" ? value : asText(place, "text");
    case "choice":
      return asText(place, "choice");
    case "boolean":
      return value === "" ? undefined : asBoolean(place);
    case "number":
      return value === "" ? undefined : asNumber(place);
    case "integer":
      return value === "" ? undefined : asInteger(place);
  }
}

function asText(place: Place, kind: "text" | "choice"): string {
  const { value } = place;
  if (typeof value === "string") return readText(place);
  if (value instanceof InexactNumber) return value.text;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw unknownShape(place, `The default of a ${kind} is not a string.`);
}

/** Texts that the server accepts as a boolean in a form, including `1` and `0`. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "1", "yes", "y", "on"].map((word) => [word, true] as const),
  ...["false", "0", "no", "n", "off"].map((word) => [word, false] as const),
]);

function asBoolean(place: Place): boolean {
  const { value } = place;
  const isWord = typeof value === "string" || typeof value === "number";
  const boolean = isWord ? BOOLEANS.get(String(value).trim().toLowerCase()) : value;
  if (typeof boolean === "boolean") return boolean;
  throw unknownShape(place, "The default of a boolean is not true or false.");
}

function asNumber(place: Place): number {
  const number = readNumber(place);
  if (number !== undefined) return number;
  throw unknownShape(place, "The default of a number is not a number.");
}

function asInteger(place: Place): number {
  const number = readNumber(place);
  if (number !== undefined && Number.isInteger(number)) return number;
  throw unknownShape(place, "The default of an integer is not an integer.");
}
