/**
 * Reads one property of a flow's form from its JSON schema: the shapes that servers write, in the spellings
 * of authors.
 */
import { type Place } from "../json/pointer.js";
import { InexactNumber, isObject, type JsonObject } from "../json/value.js";
import { readDefault } from "./default.js";
import { FACTS_KEY, readParameterFlags } from "./facts.js";
import { defaultLabel, type ParameterModel } from "./flow.js";
import { readLimit, readNumber } from "./number.js";
import { resolve } from "./reference.js";
import { isServersOwn, markStandard } from "./standard.js";
import { readText, unknownShape } from "./text.js";

/** Purely descriptive keywords: allowed anywhere, and dropped. So are `x-…`. */
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
  const value = readDefault(place.at("default"), facts);
  return markStandard({
    name,
    label: readLabel(place, name, facts.kind),
    // A parameter with a default is optional, even if the schema lists it as required.
    required: isRequired && value === undefined,
    standard: false,
    ...facts,
    ...(value === undefined ? {} : { default: value }),
    ...readParameterFlags(place.at(FACTS_KEY)),
    ...(facts.kind === "file" && hasSample(schema) ? { sample: true } : {}),
  });
}

/** Whether a file has a default, which names a sample in the author's workflow. */
function hasSample(schema: JsonObject): boolean {
  const value = schema.get("default");
  return value !== undefined && value !== null && value !== "";
}

type Facts = Pick<ParameterModel, "kind" | "min" | "max" | "step" | "choices" | "accept">;

function plainFacts(place: Place, schema: JsonObject): Facts {
  const type = schema.get("type");
  if (schema.has("enum") && (type === "string" || type === "number" || type === "integer")) {
    allowKeywords(place, schema, "type", "enum", "default");
    return { kind: "choice", choices: readChoices(place.at("enum")) };
  }
  switch (type) {
    case "string":
      allowKeywords(place, schema, "type", "default");
      return { kind: "text" };
    case "boolean":
      allowKeywords(place, schema, "type", "default");
      return { kind: "boolean" };
    case "number":
    case "integer":
      allowKeywords(place, schema, "type", "default", "minimum", "maximum", "multipleOf");
      return { kind: type, ...readLimits(place) };
    default:
      throw unknownShape(place.at("type"), "The type of a parameter is not supported.");
  }
}

/** A file: `anyOf` bytes or a text, which is a reference; the media type is a sibling of `anyOf`. */
function fileFacts(root: Place, place: Place, schema: JsonObject): Facts {
  allowKeywords(place, schema, "anyOf", "contentMediaType", "default");
  const list = place.at("anyOf");
  const alternatives = Array.isArray(list.value)
    ? list.value.map((_, index) => resolve(root, list.at(index)))
    : [];
  const binary = alternatives.filter((alternative) => isBinary(alternative));
  const text = alternatives.filter((alternative) => isPlainText(alternative));
  if (alternatives.length !== 2 || binary.length !== 1 || text.length !== 1) {
    throw unknownShape(list, "The alternatives (anyOf) of a parameter are not a file and a text.");
  }
  const accept = schema.get("contentMediaType");
  if (accept === undefined || accept === "") return { kind: "file" };
  if (typeof accept !== "string") {
    throw unknownShape(place.at("contentMediaType"), "A media type is not a string.");
  }
  return { kind: "file", accept: readText(place.at("contentMediaType")) };
}

/** Older servers write `format: binary`, newer ones `contentMediaType`, with the same meaning. */
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
    throw unknownShape(place, "The choices of a parameter are not a list, or the list is empty.");
  }
  const choices = value.map((choice, index) => {
    if (typeof choice === "string") return readText(place.at(index));
    // Choices are sent as texts.
    if (typeof choice === "number") return String(choice);
    if (choice instanceof InexactNumber) return choice.text;
    throw unknownShape(place.at(index), "A choice is neither a string nor a number.");
  });
  return [...new Set(choices)];
}

function readLimits(place: Place): Pick<Facts, "min" | "max" | "step"> {
  const min = limit(place.at("minimum"), (at) => readLimit(at, "minimum"));
  const max = limit(place.at("maximum"), (at) => readLimit(at, "maximum"));
  const step = readStep(place.at("multipleOf"));
  if (min !== undefined && max !== undefined && min > max) {
    throw unknownShape(place.at("minimum"), "The minimum of a number is above its maximum.");
  }
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(step === undefined ? {} : { step }),
  };
}

/** A step of 0 allows any value. */
function readStep(place: Place): number | undefined {
  const step = limit(place, readNumber);
  if (step !== undefined && step < 0) throw unknownShape(place, "A step (multipleOf) is below 0.");
  return step === 0 ? undefined : step;
}

function limit(place: Place, read: (place: Place) => number | undefined): number | undefined {
  if (place.value === undefined || place.value === null) return undefined;
  // `1e999`, which nothing exceeds, is also a valid number.
  if (place.value instanceof InexactNumber) return read(place);
  const number = read(place);
  if (number !== undefined) return number;
  throw unknownShape(place, "A limit of a number is not a number.");
}

/**
 * The server writes an input's display name as `description`. Its sentences for its own parameters are
 * dropped, because the generator has its own.
 */
function readLabel(place: Place, name: string, kind: ParameterModel["kind"]): string {
  const description = place.at("description");
  const { value = null } = description;
  if (isServersOwn(name, kind) || value === null || value === "") return defaultLabel(name);
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return readText(description);
  throw unknownShape(description, "The label of a parameter (description) is not a string.");
}

function hasOnly(schema: JsonObject, ...keywords: string[]): boolean {
  return unknownKeyword(schema, keywords) === undefined;
}

function allowKeywords(place: Place, schema: JsonObject, ...keywords: string[]): void {
  const unknown = unknownKeyword(schema, keywords);
  if (unknown === undefined) return;
  throw unknownShape(
    place.at(unknown),
    "The schema of a parameter has a keyword that is not supported.",
  );
}

function unknownKeyword(schema: JsonObject, keywords: readonly string[]): string | undefined {
  return [...schema.keys()].find(
    (key) => !keywords.includes(key) && !ANNOTATIONS.has(key) && !key.startsWith("x-"),
  );
}
