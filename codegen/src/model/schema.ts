/** One property of a flow's form, from its JSON schema. Knows exactly the shapes that servers write. */
import { CodegenError } from "../errors.js";
import { type Place } from "../json/pointer.js";
import { InexactNumber, isObject, preview, type JsonObject } from "../json/value.js";
import { defaultLabel, type ParameterModel } from "./flow.js";
import { resolve } from "./reference.js";
import { isServersOwn, markStandard } from "./standard.js";

/** Keywords that only describe: they may stand anywhere and are not kept. `x-…` are as well. */
const ANNOTATIONS = new Set([
  "title",
  "description",
  "example",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "externalDocs",
  "$comment",
]);

/** The parameter that a property describes. @throws CodegenError `schema_unknown` and others. */
export function readParameter(
  root: Place,
  property: Place,
  name: string,
  isRequired: boolean,
): ParameterModel {
  const place = resolve(root, property);
  const schema = place.value;
  if (!isObject(schema)) throw unknownShape(place, `Parameter ${name} has no schema.`);
  const facts = schema.has("anyOf") ? fileFacts(root, place, schema) : plainFacts(place, schema);
  const value = readDefault(place, schema, facts);
  return markStandard({
    name,
    label: readLabel(place, name, facts.kind),
    // A parameter that has a default can be left out, whatever else the schema says.
    required: isRequired && value === undefined,
    standard: false,
    ...facts,
    ...(value === undefined ? {} : { default: value }),
  });
}

type Facts = Pick<ParameterModel, "kind" | "min" | "max" | "step" | "choices" | "accept">;

function plainFacts(place: Place, schema: JsonObject): Facts {
  switch (schema.get("type")) {
    case "string":
      if (schema.has("enum")) {
        allowKeywords(place, schema, "type", "enum", "default");
        return { kind: "choice", choices: readChoices(place.at("enum")) };
      }
      allowKeywords(place, schema, "type", "default");
      return { kind: "text" };
    case "boolean":
      allowKeywords(place, schema, "type", "default");
      return { kind: "boolean" };
    case "number":
    case "integer":
      allowKeywords(place, schema, "type", "default", "minimum", "maximum", "multipleOf");
      return { kind: schema.get("type") as "number" | "integer", ...readLimits(place) };
    default:
      throw unknownShape(place.at("type"), "The type of a parameter is not one that servers use.");
  }
}

/** A file: `anyOf` bytes or a text, which is a reference; the media type stands beside `anyOf`. */
function fileFacts(root: Place, place: Place, schema: JsonObject): Facts {
  allowKeywords(place, schema, "anyOf", "contentMediaType", "default");
  const list = place.at("anyOf");
  const alternatives = Array.isArray(list.value)
    ? list.value.map((_, index) => resolve(root, list.at(index)))
    : [];
  const binary = alternatives.filter((alternative) => isBinary(alternative));
  const text = alternatives.filter((alternative) => isPlainText(alternative));
  if (alternatives.length !== 2 || binary.length !== 1 || text.length !== 1) {
    throw unknownShape(list, "The alternatives of a parameter are not a file and a text.");
  }
  const accept = schema.get("contentMediaType");
  if (accept === undefined || accept === "") return { kind: "file" };
  if (typeof accept !== "string") {
    throw unknownShape(place.at("contentMediaType"), "A media type is not a text.");
  }
  return { kind: "file", accept: readText(place.at("contentMediaType")) };
}

/** Older servers write `format: binary`, newer ones `contentMediaType`: the same thing. */
function isBinary(place: Place): boolean {
  const schema = place.value;
  if (!isObject(schema) || schema.get("type") !== "string") return false;
  if (schema.get("format") === "binary") {
    return hasOnly(schema, "type", "format");
  }
  return (
    schema.get("contentMediaType") === "application/octet-stream" &&
    hasOnly(schema, "type", "contentMediaType")
  );
}

function isPlainText(place: Place): boolean {
  return (
    isObject(place.value) && place.value.get("type") === "string" && hasOnly(place.value, "type")
  );
}

function readChoices(place: Place): string[] {
  const { value } = place;
  if (!Array.isArray(value) || value.length === 0) {
    throw unknownShape(place, "The choices of a parameter are not a list with at least one text.");
  }
  const choices = value.map((choice, index) => {
    if (typeof choice === "string") return readText(place.at(index));
    throw unknownShape(place.at(index), "A choice is not a text.");
  });
  return [...new Set(choices)];
}

function readLimits(place: Place): Pick<Facts, "min" | "max" | "step"> {
  const min = readNumber(place.at("minimum"));
  const max = readNumber(place.at("maximum"));
  const step = readNumber(place.at("multipleOf"));
  if (step !== undefined && step <= 0) {
    throw unknownShape(place.at("multipleOf"), "A step is not above zero.");
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw unknownShape(place.at("minimum"), "A minimum lies above the maximum.");
  }
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(step === undefined ? {} : { step }),
  };
}

function readNumber(place: Place): number | undefined {
  const { value } = place;
  if (value === undefined) return undefined;
  if (value instanceof InexactNumber) {
    throw new CodegenError("number_inexact", "A number cannot be held exactly.", {
      pointer: place.pointer,
      value: preview(value),
      hint: "Have the flow's author use a number that a 64-bit float can hold.",
    });
  }
  if (typeof value !== "number") throw unknownShape(place, "A limit is not a number.");
  return value;
}

/**
 * Authors give defaults by hand: a number for a text stays a number (it tells that numbers are meant),
 * a number written as a text is read as a number, a choice is found by its text.
 */
function readDefault(
  place: Place,
  schema: JsonObject,
  { kind, choices }: Facts,
): ParameterModel["default"] {
  const found = place.at("default");
  const value = schema.get("default");
  if (value === undefined || value === null) return undefined;
  switch (kind) {
    case "text":
      if (typeof value === "string") return readText(found);
      return readNumber(found);
    case "choice":
      if (typeof value === "string") return readText(found);
      if (typeof value === "number" && choices?.includes(String(value)) === true)
        return String(value);
      break;
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
    case "number":
    case "integer": {
      const number = typeof value === "string" ? numberFromText(value) : readNumber(found);
      if (number !== undefined && (kind === "number" || Number.isInteger(number))) return number;
      break;
    }
    case "file":
      if (value === "") return undefined;
      break;
  }
  throw unknownShape(found, `The default of a ${kind} parameter does not fit.`);
}

function numberFromText(text: string): number | undefined {
  const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number + 0 : undefined;
}

/**
 * The server writes an input's display name as `description`. The sentences that it writes for its own
 * parameters are not kept: the generator has words of its own for them.
 */
function readLabel(place: Place, name: string, kind: ParameterModel["kind"]): string {
  const description = place.at("description");
  if (isServersOwn(name, kind) || description.value === undefined || description.value === "") {
    return defaultLabel(name);
  }
  if (typeof description.value !== "string") {
    throw unknownShape(description, "A description is not a text.");
  }
  return readText(description);
}

/** A text that can be sent and kept: half a surrogate pair can be neither. */
export function readText(place: Place): string {
  const value = place.value as string;
  if (!isWellFormed(value)) {
    throw new CodegenError("text_not_unicode", "A text holds half of a surrogate pair.", {
      pointer: place.pointer,
      value: preview(value),
      hint: "Such a text cannot be sent; have the flow's author repair it.",
    });
  }
  return value;
}

function hasOnly(schema: JsonObject, ...keywords: string[]): boolean {
  return unknownKeyword(schema, keywords) === undefined;
}

function allowKeywords(place: Place, schema: JsonObject, ...keywords: string[]): void {
  const unknown = unknownKeyword(schema, keywords);
  if (unknown === undefined) return;
  throw unknownShape(place.at(unknown), "A schema has a keyword whose meaning would be lost.");
}

function unknownKeyword(schema: JsonObject, keywords: readonly string[]): string | undefined {
  return [...schema.keys()].find(
    (key) => !keywords.includes(key) && !ANNOTATIONS.has(key) && !key.startsWith("x-"),
  );
}

/** The error for what a server of today does not write. */
export function unknownShape(place: Place, message: string): CodegenError {
  return new CodegenError("schema_unknown", message, {
    pointer: place.pointer,
    value: preview(place.value),
    hint: "Update vix-codegen; if the newest version says the same, report the flow's schema.",
  });
}

/** `String.prototype.isWellFormed`, which the compiler's ES2022 library does not know. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
