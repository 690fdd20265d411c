/** Creates the tasks of a line under the key in the ledger, so that they exist only once. */
import type { Client, Run, RunOptions } from "../../index.js";
import { setTimeout as sleep } from "node:timers/promises";
import { cancelledOf } from "../run/stopped.js";
import type { Line, LineChecker } from "./line.js";
import type { Entry, OpenCreate } from "./ledger.js";

/**
 * How long tasks that an earlier process requested may take to appear, in ms. That process ended before this
 * one started, so the time is counted from this one's start.
 */
const GRACE_MS = 2000;

/** The dependencies of creating a line's tasks. */
export interface CreateTools {
  readonly client: Client;
  readonly checker: LineChecker;
}

/**
 * Creates the tasks, or completes those of an earlier attempt.
 * @param again whether the create may have been sent before
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
  // Once the run exists, its tasks are watched by id, and the signal must no longer reach it.
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal.reason);
  signal.addEventListener("abort", forward);
  try {
    signal.throwIfAborted();
    const options = again ? adopting(create) : { idempotencyKey: create.key, firstTry: true };
    return await send(tools, line, entry, create, { ...options, signal: stop.signal });
  } catch (error) {
    // The library cancels what was created; wait for it, because the process may exit next.
    if (signal.aborted) await cancelledOf(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", forward);
  }
}

/** Finds the tasks of an earlier create without creating any. */
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
