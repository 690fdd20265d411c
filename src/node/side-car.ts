/** Side-cars: JSON files saved next to results, which describe the run so that it can be repeated. */
import { basename } from "node:path";
import type { Client } from "../client.js";
import { VisionatrixError } from "../errors/errors.js";
import type { FileReference } from "../inputs/file-input.js";
import type { Parameter, StandardName } from "../flow/parameter.js";
import { defineFlow } from "../run/define-flow.js";
import { fileInputs } from "../submit/file-inputs.js";
import type { PendingRun, RunOptions } from "../run/run.js";
import { glance } from "./open-files.js";

/** The content of a side-car; `format` increases when the meaning changes. */
export interface SideCar {
  readonly format: 1;
  readonly flow: string;
  /** Seed of the first task; null when the flow takes none. */
  readonly seed: number | null;
  /** Number of tasks created together. */
  readonly count: number;
  /** Their ids; some may have no saved file. */
  readonly run: readonly number[];
  /** The texts that were sent, as the server stores them; without seed, count, and files. */
  readonly params: Readonly<Record<string, string>>;
  /** Input files, as references; they work while their task is on the server. */
  readonly inputs: Readonly<Record<string, FileReference>>;
  /** The tasks with saved files. */
  readonly tasks: readonly {
    readonly id: number;
    readonly seed: number | null;
    /** When a worker took the task; UTC. */
    readonly startedAt: string | null;
    /** Execution time in seconds. */
    readonly seconds: number;
  }[];
  readonly files: readonly {
    /** Path relative to the side-car, with slashes. */
    readonly path: string;
    readonly task: number;
    readonly node: number;
    readonly index: number;
    readonly kind: string;
    readonly mediaType: string;
    readonly size: number | null;
    readonly sha256: string;
  }[];
  /** UTC. */
  readonly savedAt: string;
}

/** The standard parameters that change the result; the others say where and when the run was done. */
const KEPT: Readonly<Record<string, StandardName>> = {
  translate: "translate",
  surprise_me: "surprise_me",
};

/**
 * Repeats the run of a side-car with the same parameters, seed, and files. The files are passed as
 * references, so the server must still have them.
 * @param sideCar path of the JSON file that `saveFiles` wrote with `metadata: true`
 * @throws VisionatrixError `not_a_side_car`
 */
export async function rerun(
  client: Client,
  sideCar: string | URL,
  options?: RunOptions,
): Promise<Awaited<PendingRun>> {
  const { flow, seed, count, params, inputs } = await readSideCar(sideCar);
  const names = Object.keys(params);
  const parameters: (StandardName | Parameter)[] = [
    ...(seed === null ? [] : (["seed"] as const)),
    ...(count > 1 ? (["count"] as const) : []),
    // As texts, because the server has accepted them in this form before.
    ...names.map((name) => KEPT[name] ?? ({ name, type: "text" } as const)),
    ...Object.keys(inputs).map((name) => ({ name, type: "file" }) as const),
  ];
  const values: Record<string, unknown> = { ...inputs };
  for (const name of names) values[name] = name in KEPT ? Number(params[name]) : params[name];
  if (seed !== null) values["seed"] = seed;
  if (count > 1) values["count"] = count;
  return client.submit(
    defineFlow<Record<string, unknown>>(flow, parameters, { fileInputs }),
    values,
    options,
  );
}

async function readSideCar(path: string | URL): Promise<SideCar> {
  const shown = basename(String(path));
  try {
    return parseSideCar(await glance(path, "r", (file) => file.readFile("utf8")));
  } catch (cause) {
    throw new VisionatrixError(
      "not_a_side_car",
      `${shown} is not a file that saveFiles wrote with metadata: true: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

/**
 * Checks the fields that `rerun` needs.
 * @throws Error that says what is wrong
 */
export function parseSideCar(text: string): SideCar {
  const content: unknown = JSON.parse(text);
  if (!isRecord(content)) throw new Error("it is not a JSON object");
  const { format, flow, seed, count, params, inputs } = content;
  if (format !== 1) throw new Error(`it has format ${String(format)}`);
  if (typeof flow !== "string") throw new Error("it has no flow");
  if (!isRecord(params) || !Object.values(params).every((value) => typeof value === "string"))
    throw new Error("its parameters are not strings");
  if (!isRecord(inputs) || !Object.values(inputs).every(isRecord))
    throw new Error("it has no inputs");
  if (seed !== null && !Number.isSafeInteger(seed))
    throw new Error("its seed is not a whole number");
  if (!Number.isSafeInteger(count) || (count as number) < 1)
    throw new Error("its count is not a whole number of at least 1");
  return content as unknown as SideCar;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
