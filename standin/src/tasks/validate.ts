/** Validates a task's values as the engine does, and finds the outputs that it can still make. */
import type { Flow, FlowInput } from "../flows/flow.js";
import type { FlowOutput } from "../flows/listed.js";
import { HttpError } from "../http/errors.js";

/** Numbers as Python's `float` and `int` read them. */
const FLOAT =
  /^\s*[+-]?(?:nan|inf(?:inity)?|(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+)(?:e[+-]?\d+)?)\s*$/i;
export const INTEGER = /^\s*[+-]?\d+(?:_\d+)*\s*$/;
const MAX_SEED = 2n ** 64n - 1n;

function badFlow(type: string, message: string): HttpError {
  return new HttpError(
    400,
    `Bad Flow: \`{'type': '${type}', 'message': '${message}', 'details': '', 'extra_info': {}}\``,
  );
}

function isRefused(input: FlowInput, value: string | undefined): boolean {
  if (value === undefined || (input.kind !== "range" && input.kind !== "range_scale")) return false;
  return !(input.integer ? INTEGER : FLOAT).test(value);
}

/** The values with which a task runs. */
export interface RunValues {
  readonly params: ReadonlyMap<string, string>;
  readonly seed: bigint;
  /** Names of the files that were given. */
  readonly files: ReadonlySet<string>;
}

/**
 * The outputs that the engine can make.
 *
 * @throws HttpError if there is none
 */
export function validOutputs(
  flow: Flow,
  { params, seed, files }: RunValues,
): readonly FlowOutput[] {
  const refused = new Set(
    flow.inputs.filter((input) => isRefused(input, params.get(input.name))).map(({ name }) => name),
  );
  if (flow.listed.is_seed_supported && (seed < 0n || seed > MAX_SEED)) refused.add("seed");
  const absent = new Set(
    flow.inputs
      .filter(({ kind, name }) => kind === "file" && !files.has(name))
      .map((one) => one.name),
  );
  const left = flow.outputs.filter(({ needs }) =>
    needs === undefined
      ? refused.size === 0
      : needs.every((name) => !refused.has(name) && !absent.has(name)),
  );
  if (left.length > 0) return left;
  if (refused.size > 0) {
    throw badFlow("prompt_outputs_failed_validation", "Prompt outputs failed validation");
  }
  throw badFlow("prompt_no_outputs", "Prompt has no outputs");
}
