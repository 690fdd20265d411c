/** Writes side-cars, one for each run. Merges into an existing one of the same run. */
import { relative, sep } from "node:path";
import type { TaskSummary } from "../../generated/tasks.js";
import type { FileReference } from "../inputs/file-input.js";
import { safeName } from "../results/file-name.js";
import { originOf, type ResultFile } from "../results/result-file.js";
import type { Folder } from "./folder.js";
import { glance } from "./open-files.js";
import { newPartial, removePartial } from "./partials.js";
import type { Collision } from "./save-options.js";
import { parseSideCar, type SideCar } from "./side-car.js";
import { parameterOf } from "../tasks/input-file.js";

/** A saved file. */
export interface Saved {
  readonly path: string;
  readonly sha256: string | undefined;
}

/** The saved files of one run. */
interface SavedRun {
  readonly run: readonly number[];
  readonly tasks: Map<number, TaskSummary>;
  readonly files: (Saved & { readonly file: ResultFile })[];
}

/** The previous write. A side-car is read before it is replaced, so this process writes one at a time. */
let last: Promise<unknown> = Promise.resolve();

export async function writeSideCars(
  files: readonly ResultFile[],
  saved: readonly Saved[],
  folder: Folder,
  collision: Collision,
): Promise<void> {
  for (const run of runsOf(files, saved)) {
    const turn = last;
    const written = turn.then(() => writeSideCar(describe(run, folder.path), folder, collision));
    last = written.catch(() => undefined);
    await written;
  }
}

function runsOf(files: readonly ResultFile[], saved: readonly Saved[]): SavedRun[] {
  const runs: SavedRun[] = [];
  for (const [index, file] of files.entries()) {
    const { task, run } = originOf(file);
    let known = runs.find((each) => each.run.join() === run.join() && mayHold(each, task));
    if (!known) runs.push((known = { run, tasks: new Map(), files: [] }));
    known.tasks.set(task.task_id, task);
    known.files.push({ file, ...(saved[index] as Saved) });
  }
  return runs;
}

/** Whether a task with a matching id can belong to a run: a task of another server may have the same id. */
function mayHold({ tasks }: SavedRun, task: TaskSummary): boolean {
  const known = tasks.get(task.task_id);
  return (
    known === undefined ||
    known === task ||
    (known.locked_at !== null && known.locked_at === task.locked_at)
  );
}

async function writeSideCar(sideCar: SideCar, folder: Folder, collision: Collision): Promise<void> {
  const name = [safeName(`${sideCar.flow}-${sideCar.run[0]}.json`)];
  const partial = newPartial(await folder.folderOf(name));
  const write = async (content: SideCar): Promise<void> =>
    glance(partial, "w", (file) => file.writeFile(`${JSON.stringify(content, null, 2)}\n`));
  try {
    await folder.doing(() => write(sideCar));
    await folder.publish(partial, name, collision, async (taken, own) => {
      // A side-car written by this call under that name belongs to a run of another server.
      if (own) return undefined;
      const there = await glance(taken, "r", (file) => file.readFile("utf8"))
        .then(parseSideCar)
        .catch(() => undefined);
      if (!there || !areOfOneRun(there, sideCar)) return undefined;
      await write(merge(there, sideCar));
      return "replace";
    });
  } finally {
    await removePartial(partial);
  }
}

function describe({ run, tasks, files }: SavedRun, folder: string): SideCar {
  const [first] = tasks.values();
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(first?.input_params ?? {}))
    if (name !== "seed" && name !== "count") params[name] = String(value);
  const inputs: Record<string, FileReference> = {};
  first?.input_files.forEach(({ file_name }, input_index) => {
    const parameter = parameterOf(file_name);
    if (parameter) inputs[parameter] = { task_id: first.task_id, input_index };
  });
  const seed = first ? seedOf(first) : null;
  return {
    format: 1,
    flow: first?.name ?? "",
    // The seeds of a run's tasks are consecutive, and the first saved task may be any of them.
    seed: first && seed !== null ? seed - run.indexOf(first.task_id) : null,
    count: run.length,
    run,
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
 * Whether both describe one run. They do not if a task in both has two start times: it was restarted, or
 * belongs to another server.
 */
function areOfOneRun(there: SideCar, added: SideCar): boolean {
  if (![there.run, there.tasks, there.files].every(Array.isArray)) return false;
  const started = new Map(there.tasks.map(({ id, startedAt }) => [id, startedAt]));
  return (
    there.flow === added.flow &&
    there.run[0] === added.run[0] &&
    there.seed === added.seed &&
    added.tasks.every(({ id, startedAt }) => !started.has(id) || started.get(id) === startedAt)
  );
}

function merge(there: SideCar, added: SideCar): SideCar {
  // A task attached by its id alone does not know the other tasks of its run.
  const { run, count } = there.count > added.count ? there : added;
  const tasks = new Map([...there.tasks, ...added.tasks].map((task) => [task.id, task]));
  const files = new Map([...there.files, ...added.files].map((file) => [file.path, file]));
  return {
    ...added,
    run,
    count,
    tasks: [...tasks.values()].sort((a, b) => a.id - b.id),
    files: [...files.values()],
  };
}
