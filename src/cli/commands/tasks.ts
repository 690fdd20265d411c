/** `vix tasks`: lists the caller's tasks, once or continuously. */
import type { Client, TaskFilter, TaskInfo } from "../../index.js";
import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../exit.js";
import type { Session } from "../session.js";
import { oneLine } from "../terminal/clean.js";
import { columnsOf, isStdoutClosed, type Colours } from "../terminal/streams.js";
import { table } from "../terminal/table.js";

export interface TasksOptions {
  readonly flow?: string;
  readonly group?: number;
  readonly state?: "queued" | "running" | "done" | "failed";
  readonly watch?: boolean;
}

/** Shortest pause between two lists, in ms; a slow server gets more time. */
const PAUSE_MS = 2000;

export async function tasksCommand(
  session: Session,
  { watch = false, ...filter }: TasksOptions,
): Promise<number> {
  const { out } = session;
  const { flow, group, state } = filter;
  const wanted: TaskFilter = {
    ...(flow !== undefined && { flow }),
    ...(group !== undefined && { group }),
    ...(state !== undefined && { state }),
  };
  const client = await session.client();
  if (watch) return watchTasks(session, client, wanted);
  const tasks = await client.tasks(wanted, { signal: session.signal });
  for (const line of lines(tasks, out.terminal ? columnsOf(process.stdout) : Infinity, out.colours))
    out.line(line);
  if (tasks.length === 0) out.note("No tasks.");
  return out.done({ tasks: tasks.map(shown) });
}

async function watchTasks(session: Session, client: Client, filter: TaskFilter): Promise<number> {
  const { out, signal, interrupt } = session;
  if (out.json) throw new CliError("usage", "--watch and --json cannot be combined.");
  const seen = new Map<number, string>();
  while (!signal.aborted && !isStdoutClosed()) {
    const startedAt = performance.now();
    const tasks = await client.tasks(filter, { signal }).catch((error: unknown) => {
      if (signal.aborted) return [];
      throw error;
    });
    if (out.live.on) {
      const rows = Math.max(1, (process.stderr.rows || 24) - 2);
      out.live.draw((columns) => lines(tasks, columns, out.colours).slice(-rows), { now: true });
    } else
      for (const task of tasks) {
        const { id, flow, state, percent } = shown(task);
        const text = `${id} ${flow} ${state} ${Math.floor(percent / 25) * 25} %`;
        if (seen.get(id) !== text) out.line(text);
        seen.set(id, text);
      }
    const pause = Math.max(PAUSE_MS, 3 * (performance.now() - startedAt));
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
  return interrupt.exitCode ?? 0;
}

/** A task in a JSON document. */
function shown({ task_id, name, state, progress, error, input_params }: TaskInfo): {
  id: number;
  flow: string;
  state: string;
  percent: number;
  error?: string;
  seed?: number;
} {
  const { seed } = input_params;
  return {
    id: task_id,
    flow: name,
    state,
    percent: Math.min(100, Math.max(0, progress)),
    ...(error !== "" && { error: error.trim() }),
    ...(typeof seed === "number" && { seed }),
  };
}

function lines(tasks: readonly TaskInfo[], columns: number, colours: Colours): string[] {
  const { red, green, dim } = colours;
  return table(
    tasks.map((task) => {
      const { id, flow, state, percent, error = "" } = shown(task);
      const tint = state === "failed" ? red : state === "done" ? green : dim;
      const amount = state === "running" ? `${Math.floor(percent)} %` : "";
      const prompt = task.input_params["prompt"];
      const text = error === "" ? (typeof prompt === "string" ? prompt : "") : error;
      return [String(id), flow, tint(state), amount, oneLine(text)];
    }),
    columns,
  );
}
