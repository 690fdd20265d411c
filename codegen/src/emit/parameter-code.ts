/** One parameter in a flow's module: its entry in the metadata, its type, its documentation. */
import type { ParameterModel } from "../model/flow.js";
import { standardParameter } from "../model/standard.js";
import type { Entry } from "./flow-view.js";
import { listValue, objectValue, textValue, typeAfter, type Value } from "./layout.js";
import {
  code,
  comment,
  commentValue,
  docComment,
  joinComment,
  literal,
  stringLiteral,
  typeKey,
  type Code,
  type Comment,
} from "./safe-text.js";

/** The metadata of a parameter. */
export function entryValue(entry: Entry): Value {
  if (typeof entry === "string") return textValue(stringLiteral(entry));
  return objectValue(
    Object.entries(entry).map(([key, value]: [string, EntryValue]) => [
      typeKey(key),
      typeof value === "object"
        ? listValue(value.map((choice) => textValue(stringLiteral(choice))))
        : textValue(literal(value)),
    ]),
  );
}

type EntryValue = string | number | boolean | readonly string[];

/** `name?: type;`, as it stands in the parameter type. */
export function propertyCode(parameter: ParameterModel): Code {
  const name = typeKey(parameter.name);
  const key = parameter.required ? code`${name}:` : code`${name}?:`;
  return code`${key}${typeAfter(key, typeMembers(parameter), 1)};`;
}

const MEDIA: ReadonlyMap<string, Code> = new Map([
  ["image/*", code`FileInput<"image">`],
  ["video/*", code`FileInput<"video">`],
  ["audio/*", code`FileInput<"audio">`],
]);

/** The members of the union that a parameter's values are of; mostly one. */
export function typeMembers(parameter: ParameterModel): Code[] {
  switch (parameter.kind) {
    case "choice":
      return (parameter.choices ?? []).map((choice) => stringLiteral(choice));
    case "text":
      // A number as the default of a text says that a number is meant; it goes out as text.
      return typeof parameter.default === "number" ? [code`string`, code`number`] : [code`string`];
    case "boolean":
      return [code`boolean`];
    case "number":
    case "integer":
      return [code`number`];
    case "file":
      return [MEDIA.get(parameter.accept ?? "") ?? code`FileInput`];
  }
}

/** Our words for a standard parameter that a server defines in its own way. */
const STANDARD_WORDS: ReadonlyMap<string, Comment> = new Map([
  ["group_scope", comment`Group of the task; a higher group always runs before a lower one.`],
  ["priority", comment`Place in the queue within the group; higher runs first.`],
  ["child_task", comment`1 makes the task a child of the one that its first file comes from.`],
  ["webhook_url", comment`Where the server posts progress.`],
  ["webhook_headers", comment`Headers for those posts, as JSON.`],
  ["seed", comment`Start of the random numbers; the same seed gives the same result.`],
  ["count", comment`How many tasks to create.`],
  ["translate", comment`1 has the server translate the texts to English first.`],
]);

/** The documentation of a parameter: label, limits, choices, default. */
export function propertyDoc(parameter: ParameterModel): Code {
  return docComment(joinComment(describe(parameter), " "), 2, {
    tag:
      parameter.default === undefined
        ? undefined
        : comment`@defaultValue ${commentValue(parameter.default)}`,
  });
}

const MAX_LISTED_CHOICES = 30;

function describe(parameter: ParameterModel): Comment[] {
  const { name, kind, label, min, max, step, choices, accept } = parameter;
  const isServers = standardParameter(name)?.kind === kind;
  const words = (isServers ? STANDARD_WORDS.get(name) : undefined) ?? sentence(label);
  const parts = [words];
  if (kind === "integer") parts.push(comment`An integer.`);
  if (min !== undefined && max !== undefined) parts.push(comment`From ${min} to ${max}.`);
  else if (min !== undefined) parts.push(comment`At least ${min}.`);
  else if (max !== undefined) parts.push(comment`At most ${max}.`);
  if (step !== undefined) parts.push(comment`In steps of ${step}.`);
  if (kind === "file" && accept !== undefined) parts.push(comment`A file of type ${accept}.`);
  if (choices !== undefined && choices.length <= MAX_LISTED_CHOICES) {
    const list = joinComment(
      choices.map((choice) => commentValue(choice)),
      ", ",
    );
    parts.push(comment`One of ${list}.`);
  }
  return parts;
}

function sentence(label: string): Comment {
  const text = label.trim();
  return /[.!?:]$/.test(text) ? comment`${text}` : comment`${text}.`;
}
