/** What a run was, as a JSON file beside its results, so that it can be made again. */
import { readFile, writeFile } from "node:fs/promises";
import { basename, relative, sep } from "node:path";
import type { TaskSummary } from "../../generated/tasks.js";
import type { Client } from "../client.js";
import { VisionatrixError } from "../errors.js";
import type { FileReference } from "../file-input.js";
import { safeName } from "../file-name.js";
import { defineFlow, type Parameter, type StandardName } from "../flow.js";
import type { RunOptions } from "../options.js";
import { originOf, type ResultFile } from "../result-file.js";
import type { PendingRun } from "../run.js";
import type { Folder } from "./folder.js";
import { removePartial } from "./partials.js";

/** A file that was saved. */
export interface Saved {
  readonly path: string;
  readonly sha256: string | undefined;
}

/** The content of a side-car; `format` grows when it changes its meaning. */
export interface SideCar {
  readonly format: 1;
  readonly flow: string;
  /** Seed of the first task; null where the flow takes none. */
  readonly seed: number | null;
  /** Tasks that were created together. */
  readonly count: number;
  /** What was sent, as the server keeps it; without seed, count and files. */
  readonly params: Readonly<Record<string, string>>;
  /** Files that were given, as references; they work while their task is on the server. */
  readonly inputs: Readonly<Record<string, FileReference>>;
  readonly tasks: readonly {
    readonly id: number;
    readonly seed: number | null;
    /** When a worker took it; UTC. */
    readonly startedAt: string | null;
    /** How long it ran, in seconds. */
    readonly seconds: number;
  }[];
  readonly files: readonly {
    /** Path from the side-car, with slashes. */
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

/** Parameters of the server's own that make a run what it is; the others say where and when it ran. */
const KEPT: Readonly<Record<string, StandardName>> = {
  translate: "translate",
  surprise_me: "surprise_me",
};

export async function writeSideCars(
  files: readonly ResultFile[],
  saved: readonly Saved[],
  folder: Folder,
): Promise<void> {
  const runs = new Map<string, number[]>();
  files.forEach((file, index) => {
    const key = originOf(file)?.run.join() ?? "";
    runs.set(key, [...(runs.get(key) ?? []), index]);
  });
  for (const indices of runs.values()) {
    const sideCar = describe(
      indices.map((index) => ({ file: files[index] as ResultFile, ...(saved[index] as Saved) })),
      folder.path,
    );
    const name = [safeName(`${sideCar.flow}-${sideCar.tasks[0]?.id}.json`)];
    const partial = await folder.partial(name);
    try {
      await folder.doing(() => writeFile(partial, `${JSON.stringify(sideCar, null, 2)}\n`));
      // It is about the same run, so a newer one takes its place.
      await folder.publish(partial, name, "overwrite", () => Promise.resolve(false));
    } finally {
      await removePartial(partial);
    }
  }
}

function describe(files: readonly (Saved & { file: ResultFile })[], folder: string): SideCar {
  const tasks = new Map<number, TaskSummary>();
  for (const { file } of files) {
    const task = originOf(file)?.task;
    if (task) tasks.set(task.task_id, task);
  }
  const [first] = tasks.values();
  const run = originOf((files[0] as { file: ResultFile }).file)?.run ?? [];
  const seeds = [...tasks.values()].map((task) => seedOf(task)).filter((seed) => seed !== null);
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(first?.input_params ?? {}))
    if (name !== "seed" && name !== "count") params[name] = String(value);
  const inputs: Record<string, FileReference> = {};
  first?.input_files.forEach(({ file_name }, input_index) => {
    // `{task id}_{parameter}{extension}`
    const parameter = /^\d+_(.*?)(\.[^.]*)?$/s.exec(file_name)?.[1];
    if (parameter) inputs[parameter] = { task_id: first.task_id, input_index };
  });
  return {
    format: 1,
    flow: first?.name ?? "",
    seed: seeds.length > 0 ? Math.min(...seeds) : null,
    count: run.length,
    params,
    inputs,
    tasks: [...tasks.values()].map((task) => ({
      id: task.task_id,
      seed: seedOf(task),
      startedAt: task.locked_at && `${task.locked_at}Z`,
      seconds: task.execution_time,
    })),
    files: files.map(({ file, path, sha256 }) => ({
      path: relative(folder, path).split(sep).join("/"),
      task: file.taskId,
      node: file.nodeId,
      index: file.index,
      kind: file.kind,
      mediaType: file.mediaType,
      size: file.size ?? null,
      sha256: sha256 ?? "",
    })),
    savedAt: new Date().toISOString(),
  };
}

function seedOf({ input_params: { seed } }: TaskSummary): number | null {
  return seed === undefined ? null : Number(seed);
}

/**
 * Makes the run of a side-car again, with the same parameters, seed and files, which the server must
 * still have: they are passed as references.
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
    // The server has taken these very texts before.
    ...names.map((name) => KEPT[name] ?? ({ name, type: "text" } as const)),
    ...Object.keys(inputs).map((name) => ({ name, type: "file" }) as const),
  ];
  const values: Record<string, unknown> = { ...inputs };
  for (const name of names) values[name] = name in KEPT ? Number(params[name]) : params[name];
  if (seed !== null) values["seed"] = seed;
  if (count > 1) values["count"] = count;
  return client.submit(defineFlow<Record<string, unknown>>(flow, parameters), values, options);
}

async function readSideCar(path: string | URL): Promise<SideCar> {
  const shown = basename(String(path));
  try {
    const sideCar = JSON.parse(await readFile(path, "utf8")) as SideCar;
    const { format, flow, params, inputs, count } = sideCar;
    if ((format as number) !== 1) throw new Error(`it has format ${String(format)}`);
    if (typeof flow !== "string" || typeof params !== "object" || typeof inputs !== "object")
      throw new Error("it tells no flow and parameters");
    if (!Number.isInteger(count)) throw new Error("it tells no count");
    return sideCar;
  } catch (cause) {
    throw new VisionatrixError(
      "not_a_side_car",
      `${shown} is not a file that saveFiles wrote with metadata: true: ${(cause as Error).message}.`,
      { cause },
    );
  }
}
