/** Creates the tasks of a line under the key that is in the ledger, so that they are there once. */
import type { Client, Run, RunOptions } from "../../index.js";
import { setTimeout as sleep } from "node:timers/promises";
import { cancelledOf } from "../run/stopped.js";
import type { Line, LineChecker } from "./line.js";
import type { Entry, OpenCreate } from "./ledger.js";

/**
 * How long tasks that an earlier process asked for may take to show up, in ms. It ended before this one
 * began, so this one counts from its own start.
 */
const GRACE_MS = 2000;

/** What a create of a line works with. */
export interface CreateTools {
  readonly client: Client;
  readonly checker: LineChecker;
}

/**
 * Creates the tasks, or completes those of an earlier try.
 * @param again whether it may have been sent before
 */
export async function createTasks(
  tools: CreateTools,
  line: Line,
  entry: Entry,
  create: OpenCreate,
  again: boolean,
  signal: AbortSignal,
): Promise<Run> {
  if (again) await sleep(Math.max(0, GRACE_MS - performance.now()), undefined, { signal });
  // A run that is made is watched by its task ids; the signal must not reach it any more.
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal.reason);
  signal.addEventListener("abort", forward);
  try {
    signal.throwIfAborted();
    const options = again ? adopting(create) : { idempotencyKey: create.key, firstTry: true };
    return await send(tools, line, entry, create, { ...options, signal: stop.signal });
  } catch (error) {
    // The library takes back what was created, and this process may end when all is said.
    if (signal.aborted) await cancelledOf(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", forward);
  }
}

/** The tasks that a create has made, without making any. */
export async function adoptTasks(
  tools: CreateTools,
  line: Line,
  entry: Entry,
  create: OpenCreate,
  signal: AbortSignal,
): Promise<Run> {
  return send(tools, line, entry, create, { ...adopting(create), adoptOnly: true, signal });
}

function adopting({ key, after }: OpenCreate): RunOptions {
  return { idempotencyKey: key, keyAbove: after };
}

async function send(
  { client, checker }: CreateTools,
  line: Line,
  entry: Entry,
  { shots }: OpenCreate,
  options: RunOptions,
): Promise<Run> {
  const seed = entry.shots[shots[0] ?? 0]?.seed;
  const params = {
    ...(await checker.open(line)),
    ...(seed != null && { seed }),
    ...(shots.length > 1 && { count: shots.length }),
  };
  return line.found.flow(client, params, options);
}
