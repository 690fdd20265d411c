/** The standard keys of a form, and their type check, which precedes all other checks. */
import { Checks, parseInteger } from "../http/checks.js";
import type { Problem } from "../http/errors.js";
import type { FilePart, Form } from "../http/multipart.js";

/** Standard keys after the type check. */
export interface StandardValues {
  readonly group: number;
  readonly priority: number;
  readonly child: boolean;
  readonly count: number;
  readonly seed: bigint | undefined;
  readonly translate: boolean;
}

/** The server's description of an upload that was sent in place of an integer. */
function describeUpload(part: FilePart): Record<string, unknown> {
  return {
    filename: part.filename,
    file: {},
    size: part.blob.size,
    headers: {
      "content-disposition": `form-data; name="${part.name}"; filename="${part.filename}"`,
      "content-type": part.mediaType,
    },
  };
}

/**
 * The type check, which precedes all other checks and applies to every flow.
 *
 * @throws ValidationError with all problems
 */
export function checkStandardValues(form: Form): StandardValues {
  const checks = new Checks();
  const integer = (name: string, fallback: bigint, min?: number, max?: number): bigint => {
    const loc = ["body", name];
    const part = form.get(name);
    if (part?.kind === "file") {
      const problem: Problem = {
        type: "int_type",
        loc,
        msg: "Input should be a valid integer",
        input: describeUpload(part),
      };
      checks.problems.push(problem);
      return fallback;
    }
    return checks.integer(loc, part?.value, {
      fallback,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    });
  };
  const group = integer("group_scope", 1n, 1, 255);
  const priority = integer("priority", 0n, 0, 15);
  const child = integer("child_task", 0n);
  const count = integer("count", 1n, 1);
  const translate = integer("translate", 0n);
  integer("seed", 0n);
  checks.done();
  const seedText = form.text("seed");
  return {
    group: Number(group),
    priority: Number(priority),
    child: child !== 0n,
    count: Number(count),
    translate: translate === 1n,
    seed: seedText === undefined ? undefined : parseInteger(seedText),
  };
}
