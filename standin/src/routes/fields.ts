/** Fields of JSON bodies, with a problem for each thing that is wrong with them. */
import { type Problem, ValidationError } from "../http/errors.js";
import { plainValue, PythonFloat } from "../http/python-json.js";

export type Json = Record<string, unknown>;
type Location = readonly (string | number)[];

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !(value instanceof PythonFloat);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value instanceof PythonFloat) return value.value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** Reads fields, and collects what is wrong with them. */
export class Fields {
  readonly problems: Problem[] = [];

  #wrong(type: string, loc: Location, msg: string, input: unknown): void {
    this.problems.push({ type, loc, msg, input: plainValue(input) });
  }

  /** The value of a key that must be there; undefined if it is not. */
  need(object: Json, key: string, loc: Location): unknown {
    if (Object.hasOwn(object, key)) return object[key];
    this.#wrong("missing", [...loc, key], "Field required", null);
    return undefined;
  }

  object(object: Json, key: string, loc: Location): Json | undefined {
    const value = this.need(object, key, loc);
    if (value === undefined) return undefined;
    if (isObject(value) && !Array.isArray(value)) return value;
    const msg = "Input should be a valid dictionary or object to extract fields from";
    this.#wrong("model_attributes_type", [...loc, key], msg, value);
    return undefined;
  }

  list(object: Json, key: string, loc: Location): readonly unknown[] {
    const value = this.need(object, key, loc);
    if (Array.isArray(value)) return value;
    if (value !== undefined) {
      this.#wrong("list_type", [...loc, key], "Input should be a valid list", value);
    }
    return [];
  }

  #checkText(value: unknown, loc: Location): string {
    if (typeof value === "string") return value;
    this.#wrong("string_type", loc, "Input should be a valid string", value);
    return "";
  }

  text(object: Json, key: string, loc: Location): string {
    const value = this.need(object, key, loc);
    return value === undefined ? "" : this.#checkText(value, [...loc, key]);
  }

  /** A text that may be null; null reads as the empty text. */
  optionalText(object: Json, key: string, loc: Location): string {
    return object[key] === null ? "" : this.text(object, key, loc);
  }

  texts(object: Json, key: string, loc: Location): string[] {
    return this.list(object, key, loc).map((one, index) =>
      this.#checkText(one, [...loc, key, index]),
    );
  }

  /** A number, also given as text; NaN and infinity are accepted. */
  number(object: Json, key: string, loc: Location): number {
    const value = this.need(object, key, loc);
    const number = numberOf(value);
    if (number !== undefined) return number;
    if (value !== undefined) {
      this.#wrong("float_type", [...loc, key], "Input should be a valid number", value);
    }
    return 0;
  }

  /** @throws ValidationError if there was any problem */
  done(): void {
    if (this.problems.length > 0) throw new ValidationError(this.problems);
  }
}
