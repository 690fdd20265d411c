/**
 * The person's tasks. The server's list is the only truth: a reload, a second tab and a lost network need
 * nothing else, and nothing is stored here.
 */
import type { TaskInfo } from "visionatrix-client";
import { client } from "./client.js";
import { heardFailure, heardWell } from "./health.js";
import { store } from "./store.js";

/** Between two looks, in ms: while something runs, while nothing does, and after a failure. */
const PAUSE = { running: 700, idle: 4000, failed: 1500, hidden: 10_000 };

/** A slow list is asked for less often: it is sent whole each time. */
const TIMES_AS_LONG = 4;

export interface Tasks {
  readonly loaded: boolean;
  /** Newest first. */
  readonly list: readonly TaskInfo[];
}

export const tasks = store<Tasks>({ loaded: false, list: [] });

/** When a task's progress last changed, by `performance.now()`. */
const changes = new Map<number, { percent: number; at: number }>();

const channel = new BroadcastChannel("vix-tasks");
let timer: number | undefined;
let looking = false;
let again = false;

export function isUnfinished({ state }: TaskInfo): boolean {
  return state === "queued" || state === "running";
}

/** How many of these tasks run before this one; undefined for one that does not wait. Pure. */
export function aheadOf(list: readonly TaskInfo[], task: TaskInfo): number | undefined {
  if (task.state !== "queued") return undefined;
  return list.filter(
    (other) =>
      other.state === "running" || (other.state === "queued" && other.task_id < task.task_id),
  ).length;
}

/** For how long nothing was heard of a running task, in ms. */
export function silentFor({ task_id }: TaskInfo): number {
  return performance.now() - (changes.get(task_id)?.at ?? performance.now());
}

/** Looks at once; other tabs do so too. */
export function tasksChanged(): void {
  channel.postMessage("changed");
  lookNow();
}

export function lookNow(): void {
  window.clearTimeout(timer);
  void look();
}

/** Takes tasks off the list that are known to be gone, before the server says so. */
export function forget(id: number): void {
  tasks.update(({ loaded, list }) => ({
    loaded,
    list: list.filter(({ task_id }) => task_id !== id),
  }));
}

async function look(): Promise<void> {
  if (looking) {
    again = true;
    return;
  }
  looking = true;
  const startedAt = performance.now();
  let pause: number;
  try {
    const list = (await client.tasks()).reverse();
    for (const { task_id, progress } of list)
      if (changes.get(task_id)?.percent !== progress)
        changes.set(task_id, { percent: progress, at: performance.now() });
    // Of a history that is new to it, `vix ui` finds a part at each look.
    const grew = list.length > tasks.get().list.length;
    tasks.set({ loaded: true, list });
    heardWell();
    const least = grew || list.some(isUnfinished) ? PAUSE.running : PAUSE.idle;
    pause = Math.max(least, TIMES_AS_LONG * (performance.now() - startedAt));
  } catch (error) {
    heardFailure(error);
    pause = PAUSE.failed;
  }
  looking = false;
  if (again) {
    again = false;
    pause = 0;
  } else if (document.hidden) pause = Math.max(pause, PAUSE.hidden);
  timer = window.setTimeout(() => void look(), pause);
}

/** Begins to look, and looks at once whenever there is a reason to. */
export function followTasks(): void {
  channel.onmessage = lookNow;
  window.addEventListener("online", lookNow);
  window.addEventListener("offline", lookNow);
  document.addEventListener("visibilitychange", () => document.hidden || lookNow());
  lookNow();
}
