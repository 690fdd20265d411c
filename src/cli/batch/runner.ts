/**
 * Runs one line to its end: creates missing tasks, waits, saves, and retries failures. Every step is in the
 * ledger before it is taken, so the process may end after any of them.
 */
import type { Client, ResultFile, Run, Task } from "../../index.js";
import { randomInt, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { codeOf, exitCodeOf, EXIT, inWords } from "../exit.js";
import { lostFiles } from "../tasks/wait.js";
import { runKey } from "../../submit/idempotency.js";
import { createTasks } from "./create.js";
import type { Entry, Ledger, LedgerError, MarkedTask, OpenCreate, Shot } from "./ledger.js";
import type { Line, LineChecker } from "./line.js";
import { patternOf } from "./names.js";
import { isOwnTask } from "./own-task.js";
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
  /** Called with files of a finished line that are gone from DIR and from the server. */
  readonly onMissing: (line: number, names: readonly string[]) => void;
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
        shots.flatMap(({ task }) => task?.id ?? []),
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

  /** Whether a task is the batch's own; one of an earlier process is looked up. */
  async owns(task: MarkedTask, signal?: AbortSignal): Promise<boolean> {
    return !this.#inherited.has(task.id) || isOwnTask(this.#with.client, task, signal);
  }

  #wasCancelled({ task, error }: Shot): boolean {
    return task !== undefined && this.#inherited.has(task.id) && error?.code === "task_gone";
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
      const { id: flow } = line.found.flow;
      const group = (line.params.get("group_scope") ?? 1) as number;
      const { marker } = await runKey(key, flow, group);
      const after = this.#highest;
      await ledger.append({
        do: "plan",
        id,
        line: line.line,
        flow,
        count: line.count,
        seed: seedOf(line, known),
        shots,
        key,
        marker,
        after,
      });
      await this.#send(line, id, { key, marker, shots, after }, false);
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
    const { ledger, signal } = this.#with;
    const index = entry.shots.indexOf(shot);
    const { task, error: refused } = shot;
    // A shot that could not be created has at most the task that it was to replace.
    if (!task || refused) return;
    const { id } = task;
    const startedAt = performance.now();
    try {
      const { files, paths } = await patiently(this.#with, async () => {
        if (!(await this.owns(task, signal))) throw goneError(id);
        return this.#save(line, entry, shot, task);
      });
      if (files.length === 0) throw await lostFiles(id);
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

  /** Saves files that are gone from DIR again, while their tasks are on the server. */
  async saveMissing(line: Line, entry: Entry): Promise<void> {
    const { dir, onMissing } = this.#with;
    for (const shot of entry.shots) {
      const names = (shot.files ?? []).map(({ path }) => path);
      const missing = names.filter((name) => !existsSync(join(dir, name)));
      if (missing.length > 0 && !(await this.#saveAgain(line, entry, shot)))
        onMissing(line.line, missing);
    }
  }

  async #saveAgain(line: Line, entry: Entry, shot: Shot): Promise<boolean> {
    const { signal } = this.#with;
    const { task } = shot;
    try {
      return await patiently(this.#with, async () => {
        if (!task || !(await this.owns(task, signal))) return false;
        await this.#save(line, entry, shot, task);
        return true;
      });
    } catch (error) {
      if (stopsBatch(error)) throw error;
      return false;
    }
  }

  async #save(
    line: Line,
    entry: Entry,
    shot: Shot,
    { id }: MarkedTask,
  ): Promise<{ files: readonly ResultFile[]; paths: readonly string[] }> {
    const { client, dir, signal } = this.#with;
    const files = await this.#filesOf(client.task(id), entry, shot);
    const { saveFiles } = await import("../../node/index.js");
    const names = { pattern: patternOf(line.line), collision: "skip-same" } as const;
    return { files, paths: await saveFiles(files, dir, { ...names, signal }) };
  }

  async #filesOf(task: Task, { flow }: Entry, { seed }: Shot): Promise<readonly ResultFile[]> {
    const { files } = await task.result({ signal: this.#with.signal });
    const [first] = files;
    if (first && (first.flow !== flow || (seed !== null && first.seed !== seed)))
      throw goneError(task.id);
    return files;
  }

  /** Deletes failed tasks that were replaced. */
  async #dropStale(entry: Entry): Promise<void> {
    for (const task of entry.shots.flatMap(({ stale }) => stale)) {
      try {
        await patiently(this.#with, () => this.#delete(task));
      } catch (error) {
        if (codeOf(error) !== "task_not_found") {
          if (stopsBatch(error)) throw error;
          continue;
        }
      }
      await this.#with.ledger.append({ did: "dropped", id: entry.id, task: task.id });
    }
  }

  async #delete(task: MarkedTask): Promise<void> {
    const { client, signal } = this.#with;
    if (await isOwnTask(client, task, signal)) await client.task(task.id).delete({ signal });
  }
}

/** Another server, or one that was reset, has other tasks under the same ids. */
function goneError(id: number): Error {
  const message = `Task ${id} on the server is not the one in the ledger.`;
  return Object.assign(new Error(message), { code: "task_gone", taskIds: [id] });
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
  return { code: codeOf(error), message: inWords((error as Error).message.trim()) };
}

/** Waits for all steps, even if one fails, then throws the first failure. */
async function all(steps: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(steps)).find(({ status }) => status === "rejected");
  if (failed) throw (failed as PromiseRejectedResult).reason;
}
