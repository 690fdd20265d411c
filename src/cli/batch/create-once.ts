/**
 * Creates the tasks of a line, once, also where an earlier process began to and did not learn what came
 * of it. This is the one place to hand over to the library's `idempotencyKey`.
 */
import type { Client, Flow, RunOptions, TaskInfo } from "../../index.js";
import { setTimeout as sleep } from "node:timers/promises";
import { keyOption, TAKES_KEYS } from "../run/idempotency.js";
import { cancelledOf } from "../run/stopped.js";

/** How long tasks of an earlier process may take to show up, in ms; as the library has it. */
const GRACE_MS = 2000;

export interface Create {
  readonly flow: Flow<Record<string, unknown>>;
  /** With the seed of the first task, where the flow takes one. */
  readonly params: Record<string, unknown>;
  readonly key: string;
  /** Seeds of the tasks; null where the flow takes none. */
  readonly seeds: readonly (number | null)[];
  /** The highest task id that was known when it was planned. */
  readonly after: number;
  /** It may have been sent before. */
  readonly again: boolean;
}

/**
 * Creates the tasks, or finds those that were created before.
 * @param isTaken whether a task is known to belong to another line
 * @returns ids in the order of the seeds; of an earlier create null for those that it did not make
 */
export async function createOnce(
  client: Client,
  create: Create,
  isTaken: (id: number) => boolean,
  signal: AbortSignal,
): Promise<(number | null)[]> {
  if (create.again && !TAKES_KEYS) return findEarlier(client, create, isTaken, signal);
  const { flow, params, key } = create;
  // A run that is made is watched by its task ids; the signal must not reach it any more.
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal.reason);
  signal.addEventListener("abort", forward);
  try {
    signal.throwIfAborted();
    const options: RunOptions = { signal: stop.signal, ...keyOption(key) };
    const { tasks } = await flow(client, params, options);
    return tasks.map(({ id }) => id);
  } catch (error) {
    // The library takes back what was created, and this process may end when all is said.
    if (signal.aborted) await cancelledOf(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", forward);
  }
}

/** Looks for the tasks of a create by their seeds, and once more when late ones must have shown up. */
async function findEarlier(
  client: Client,
  create: Create,
  isTaken: (id: number) => boolean,
  signal: AbortSignal,
): Promise<(number | null)[]> {
  const look = async (): Promise<(number | null)[]> =>
    matchTasks(await client.tasks({ flow: create.flow.id }, { signal }), create, isTaken);
  const found = await look();
  if (!found.includes(null)) return found;
  await sleep(GRACE_MS, undefined, { signal });
  return look();
}

/** The tasks that a create made, by what was sent. */
export function matchTasks(
  tasks: readonly TaskInfo[],
  { params, seeds, after }: Pick<Create, "params" | "seeds" | "after">,
  isTaken: (id: number) => boolean,
): (number | null)[] {
  const taken = new Set<number>();
  return seeds.map((seed) => {
    const task = tasks.find(
      ({ task_id: id, input_params: sent }) =>
        id > after &&
        !taken.has(id) &&
        !isTaken(id) &&
        (seed === null || sent["seed"] === seed) &&
        Object.entries(params).every(
          ([name, value]) =>
            name === "seed" ||
            typeof value !== "string" ||
            sent[name] === undefined ||
            sameText(String(sent[name]), value),
        ),
    );
    if (!task) return null;
    taken.add(task.task_id);
    return task.task_id;
  });
}

/** Forms carry line breaks as CR LF. */
function sameText(one: string, other: string): boolean {
  return one.replaceAll("\r\n", "\n") === other.replaceAll("\r\n", "\n");
}
