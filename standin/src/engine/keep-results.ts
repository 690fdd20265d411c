/** Adds the results of a run to the files of a task; files of earlier runs stay. */
import type { BlobStore } from "../blobs.js";
import type { ResultFile, Task, TaskOutput } from "../tasks/task.js";
import type { MadeFile } from "./render.js";

function filesOf<F extends { readonly name: string }>(
  files: readonly F[],
  task: Task,
  { node }: TaskOutput,
): F[] {
  return files.filter(({ name }) => name.startsWith(`${task.id}_${node}_`));
}

/** The name for a file that is written when there are others: `7_9_00001_.png` → `7_9_00002_.png`. */
function numberedAfter(earlier: number, name: string): string {
  return name.replace(/_(\d{5})(?=_?\.)/, (_all, digits: string) => {
    return `_${String(Number(digits) + earlier).padStart(5, "0")}`;
  });
}

export class ResultKeeper {
  readonly #blobs: BlobStore;
  #runs = 0;
  /** For each task: how many runs had started when its files were last saved. */
  readonly #savedAfter = new WeakMap<Task, number>();

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  runBegins(): void {
    this.#runs += 1;
  }

  /** Keeps the files of these outputs. */
  async keep(
    task: Task,
    outputs: readonly TaskOutput[],
    made: readonly MadeFile[],
    modified: number,
  ): Promise<void> {
    // The engine caches its last results and does not write those files again.
    const isCached = this.#savedAfter.get(task) === this.#runs - 1;
    for (const output of outputs) {
      const earlier = filesOf(task.results, task, output).length;
      if (earlier > 0 && isCached) continue;
      const files: ResultFile[] = await Promise.all(
        filesOf(made, task, output).map(async ({ name, bytes }) => ({
          name: numberedAfter(earlier, name),
          blob: await this.#blobs.put(bytes),
          modified,
        })),
      );
      task.results = [...task.results, ...files];
    }
    this.#savedAfter.set(task, this.#runs);
  }
}

/** Updates the counts of the outputs. */
export function countResults(task: Task): void {
  for (const output of task.outputs) {
    const own = filesOf(task.results, task, output);
    output.fileSize = own.reduce((sum, { blob }) => sum + blob.size, 0);
    output.batchSize = own.length;
  }
}
