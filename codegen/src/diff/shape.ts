/** Describes parameters in plain words, for `before` and `after` of whole parameters. */
import type { ParameterModel } from "../model/flow.js";
import { plain, value, values } from "./phrase.js";

/** Limits on long lists and long texts. */
interface Room {
  readonly choices: number;
  readonly characters: number;
}

const BRIEF: Room = { choices: 6, characters: 60 };

/** No limits, for texts that are compared rather than read. */
export const IN_FULL: Room = { choices: Infinity, characters: Infinity };

/** E.g. `optional number, 1 to 10, in steps of 1, default 3`. */
export function describeParameter(parameter: ParameterModel, room = BRIEF): string {
  const { required, min, max, step, default: preset } = parameter;
  return [
    `${required ? "required" : "optional"} ${describeKind(parameter, room)}`,
    limits(min, max),
    step === undefined ? undefined : `in steps of ${step}`,
    preset === undefined ? undefined : `default ${value(preset, room.characters).code}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}

function limits(min: number | undefined, max: number | undefined): string | undefined {
  if (min === undefined) return max === undefined ? undefined : `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

/** E.g. `choice of "4 steps", "8 steps"`. */
export function describeKind(
  { kind, choices, accept, default: preset }: ParameterModel,
  room = BRIEF,
): string {
  switch (kind) {
    case "choice":
      return `choice of ${plain(values(choices ?? [], room.choices, room.characters))}`;
    case "text":
      return typeof preset === "number" ? "text or number" : "text";
    case "file":
      return accept === undefined ? "file" : `file (${value(accept).code.slice(1, -1)})`;
    case "boolean":
    case "number":
    case "integer":
      return kind;
  }
}
