/**
 * Runs one line to its end: creates missing tasks, waits, saves, and retries failures. Every step is in the
 * ledger before it is taken, so the process may end after any of them.
 */
import type { Client, ResultFile, Run, Task } from "../../index.js";
import { randomInt, randomUUID } from "node:crypto";
import { basename } from "node:path";
import { codeOf, exitCodeOf, EXIT } from "../exit.js";
import { createTasks } from "./create.js";
import type { Entry, Ledger, LedgerError, OpenCreate, Shot } from "./ledger.js";
import type { Line, LineChecker } from "./line.js";
import { patternOf } from "./names.js";
import { patiently, type PatienceOptions } from "./patience.js";

/** The server draws its own seeds up to this. */
const MAX_SEED = 2 ** 31 - 1;

export interface RunnerOptions extends PatienceOptions {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly checker: LineChecker;
  readonly dir: string;
  /** Most retries of a failed task. */
  readonly retries: number;
  /** Called with each failure of a task. */
  readonly onFailure: (line: number, error: LedgerError, again: boolean) => void;
}

export class Runner {
  readonly #with: RunnerOptions;
  /** Runs created by this process, by the tasks being waited for. */
  readonly #runs = new Map<number, Run>();
  /** Tasks of an earlier process, which may have been cancelled when it was stopped. */
  readonly #inherited: ReadonlySet<number>;
  /** Highest task id known. */
  #highest: number;

  constructor(options: RunnerOptions) {
    this.#with = options;
    this.#highest = options.ledger.highest;
    this.#inherited = new Set(
      [...options.ledger.entries.values()].flatMap(({ shots }) =>
        shots.flatMap(({ task }) => task ?? []),
      ),
    );
  }

  /**
   * Runs a line as far as possible.
   * @param id of the line in the ledger
   * @throws errors that stop the whole batch: an abort, an unreachable server, a full disk
   */
  async run(line: Line, id: string): Promise<void> {
    const { retries, onFailure } = this.#with;
    for (let attempt = 0; ;) {
      const entry = await this.#create(line, id);
      await this.#dropStale(entry);
      const missing = entry.shots.filter(({ files }) => !files);
      await all(missing.map((shot) => this.#finish(line, entry, shot)));
      const failed = entry.shots.filter(({ files }) => !files);
      if (failed.length === 0) return;
      // Tasks cancelled earlier are run again; this does not count as a retry.
      if (failed.every((shot) => this.#wasCancelled(shot))) continue;
      const again = attempt < retries;
      for (const { error } of failed) if (error) onFailure(line.line, error, again);
      if (!again) return;
      attempt++;
    }
  }

  #wasCancelled({ task = -1, error }: Shot): boolean {
    return this.#inherited.has(task) && error?.code === "task_gone";
  }

  /** Makes sure that every shot has a task, or an error that says why not. */
  async #create(line: Line, id: string): Promise<Entry> {
    const { ledger } = this.#with;
    const known = ledger.entries.get(id);
    // Uncertain creates are settled first.
    for (const create of known?.open ?? []) await this.#send(line, id, create, true);
    // The tasks of a create that is still open may exist, so they are not created under another key.
    const open = new Set(known?.open.flatMap(({ shots }) => shots));
    const missing = (known?.shots ?? Array.from({ length: line.count }, (): Partial<Shot> => ({})))
      .map((shot, index) => ({ shot, index }))
      .filter(({ index }) => !open.has(index))
      .filter(({ shot }) => !shot.files && (shot.task === undefined || shot.error !== undefined))
      .map(({ index }) => index);
    // One call if that gives the wanted seeds, otherwise one call per task.
    const calls = missing.length === line.count ? [missing] : missing.map((index) => [index]);
    for (const shots of calls) {
      if (shots.length === 0) continue;
      const key = randomUUID();
      const after = this.#highest;
      await ledger.append({
        do: "plan",
        id,
        line: line.line,
        flow: line.found.flow.id,
        count: line.count,
        seed: seedOf(line, known),
        shots,
        key,
        after,
      });
      await this.#send(line, id, { key, shots, after }, false);
    }
    return ledger.entries.get(id) as Entry;
  }

  async #send(line: Line, id: string, create: OpenCreate, before: boolean): Promise<void> {
    const { ledger, signal } = this.#with;
    const { key, shots } = create;
    const entry = ledger.entries.get(id) as Entry;
    try {
      const run = await patiently(this.#with, (tries) =>
        createTasks(this.#with, line, entry, create, before || tries > 0, signal),
      );
      const tasks = run.tasks.map((task) => task.id);
      for (const task of tasks) {
        this.#runs.set(task, run);
        this.#highest = Math.max(this.#highest, task);
      }
      await ledger.append({ did: "tasks", id, key, tasks });
    } catch (error) {
      if (stopsBatch(error)) throw error;
      // Most rejections leave nothing on the server; for others, the key finds the tasks next time.
      if (!leavesTasks(error))
        await ledger.append({ did: "tasks", id, key, tasks: shots.map(() => null) });
      for (const shot of shots)
        await ledger.append({ did: "failed", id, shot, error: told(error) });
    }
  }

  /** Waits for a shot's task and saves its files. */
  async #finish(line: Line, entry: Entry, shot: Shot): Promise<void> {
    const { client, ledger, dir, signal } = this.#with;
    const index = entry.shots.indexOf(shot);
    const { task: id, error: refused } = shot;
    // A shot that could not be created has at most the task that it was to replace.
    if (id === undefined || refused) return;
    const startedAt = performance.now();
    try {
      const { files, paths } = await patiently(this.#with, async () => {
        const made = await this.#filesOf(client.task(id), entry, shot);
        const { saveFiles } = await import("../../node/index.js");
        const names = { pattern: patternOf(line.line), collision: "skip-same" } as const;
        return { files: made, paths: await saveFiles(made, dir, { ...names, signal }) };
      });
      await ledger.append({
        did: "saved",
        id: entry.id,
        shot: index,
        files: paths.map((path, at) => ({
          path: basename(path),
          kind: (files[at] as ResultFile).kind,
        })),
        seconds: Number(((performance.now() - startedAt) / 1000).toFixed(1)),
      });
    } catch (error) {
      if (stopsBatch(error)) throw error;
      // A guard of the library has removed the task, because an earlier create also made one.
      const twin = this.#runs.get(id)?.duplicates.find((duplicate) => duplicate.id === id);
      if (twin?.keptId !== undefined && codeOf(error) === "task_gone") {
        const run = this.#runs.get(id) as Run;
        this.#runs.set(twin.keptId, run);
        await ledger.append({ did: "replaced", id: entry.id, shot: index, task: twin.keptId });
        await this.#finish(line, entry, shot);
        return;
      }
      await ledger.append({ did: "failed", id: entry.id, shot: index, error: told(error) });
    } finally {
      this.#runs.delete(id);
    }
  }

  async #filesOf(task: Task, { flow }: Entry, { seed }: Shot): Promise<readonly ResultFile[]> {
    const { files } = await task.result({ signal: this.#with.signal });
    // Another server, or one that was reset, has other tasks under the same ids.
    const [first] = files;
    if (first && (first.flow !== flow || (seed !== null && first.seed !== seed)))
      throw Object.assign(
        new Error(`Task ${task.id} on the server is not the one in the ledger.`),
        {
          code: "task_gone",
          taskIds: [task.id],
        },
      );
    return files;
  }

  /** Deletes failed tasks that were replaced. */
  async #dropStale(entry: Entry): Promise<void> {
    const { client, ledger, signal } = this.#with;
    for (const task of entry.shots.flatMap(({ stale }) => stale)) {
      try {
        await patiently(this.#with, () => client.task(task).delete({ signal }));
      } catch (error) {
        if (codeOf(error) !== "task_not_found") {
          if (stopsBatch(error)) throw error;
          continue;
        }
      }
      await ledger.append({ did: "dropped", id: entry.id, task });
    }
  }
}

/** The seed of a line's first task: its own, the recorded one, or a random one. */
function seedOf({ found, params, count }: Line, known: Entry | undefined): number | null {
  if (known) return known.shots[0]?.seed ?? null;
  const takesSeed = found.parameters.some(
    ({ name, type }) => name === "seed" && type === "integer",
  );
  if (!takesSeed) return null;
  const given = params.get("seed");
  return typeof given === "number" ? given : 1 + randomInt(Math.max(1, MAX_SEED - count));
}

/** Whether an error concerns not one line but the server, the disk, or a stop. */
function stopsBatch(error: unknown): boolean {
  const code = codeOf(error);
  if (code === "not_saved" || code === "internal") return true;
  const exitCode = exitCodeOf(error);
  // A bare 500 usually means parameters that the server cannot use.
  if (LINE_CODES.has(code)) return false;
  return exitCode !== EXIT.usage && exitCode !== EXIT.failed;
}

const LINE_CODES = new Set(["server_error", "download_failed", "download_changed", "not_a_file"]);

/** Whether tasks of a failed create may exist on the server. */
function leavesTasks(error: unknown): boolean {
  const { code, taskIds } = error as { code: string; taskIds: readonly number[] };
  return code === "key_unverifiable" || code === "key_reused" || taskIds.length > 0;
}

function told(error: unknown): LedgerError {
  return { code: codeOf(error), message: (error as Error).message.trim() };
}

/** Waits for all steps, even if one fails, then throws the first failure. */
async function all(steps: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(steps)).find(({ status }) => status === "rejected");
  if (failed) throw (failed as PromiseRejectedResult).reason;
}
