/** Implements the tools. */
import { randomUUID } from "node:crypto";
import type { CallToolResult, ContentBlock, ServerContext } from "@modelcontextprotocol/server";
import type { Client, Task } from "visionatrix-client";
import { listFlows, lookUpFlow, refuseForeign, schemaOf } from "./flows.js";
import { withFiles } from "./inputs.js";
import { Places } from "./places.js";
import { described, linkTo, previewOf, saveTask, type Saved } from "./results.js";
import { capped, NOTE, toldBy } from "./texts.js";
import type { ToolName } from "./tools.js";
import { hasEnded, watch, within, type Seen } from "./watch.js";

export type Args = Record<string, unknown>;

export interface ServerOptions {
  client: Client;
  /** Folders that input files may be read from; results are saved in the first. */
  folders: readonly [string, ...string[]];
  /** Flows offered as tools of their own, at most eight. Default: none. */
  flows?: readonly string[];
  /** Default wait of a call, in seconds. Default 25. */
  waitS?: number;
  /** Most unfinished tasks per token, or per process without tokens. Default 8. */
  maxTasks?: number;
  /** Whether hosts can open files of this machine. Default true. */
  local?: boolean;
}

type ListArgs = Readonly<Partial<Record<"query" | "kind", string>>>;

interface RunArgs {
  readonly flow: string;
  readonly params: Args;
  readonly wait_s?: number | undefined;
  /** A call with the id of an earlier one returns that call's run. */
  readonly request_id?: string | undefined;
}

interface WaitArgs {
  readonly ids: readonly number[];
  readonly wait_s?: number | undefined;
  readonly preview?: boolean | undefined;
}

/** Minimum time for a submit, in ms, so that a result nearly always contains the tasks' ids. */
const MIN_SUBMIT_MS = 10_000;
/** Minimum time for saving, in ms. */
const MIN_SAVE_MS = 1000;

/** The same content as structured data and as text, followed by links. */
function structured(content: object, more: ContentBlock[] = []): CallToolResult {
  const structuredContent = { ...content, note: NOTE };
  const text = JSON.stringify(structuredContent);
  return { content: [{ type: "text", text }, ...more], structuredContent };
}

/** What a model should do after a result about tasks. */
function nextOf(tasks: readonly (Seen & { saving?: boolean })[]): string {
  const running = tasks.filter((task) => !hasEnded(task)).map(({ id }) => id);
  const saving = tasks.filter((task) => task.saving).map(({ id }) => id);
  if (running.length > 0)
    return `Not done: call wait_task with ids [${running.join(", ")}]. Do not run it again.`;
  if (saving.length > 0) return `Still being saved: call get_result for ${saving.join(", ")}.`;
  if (tasks.every(({ state }) => state === "done"))
    return "Done. For the next flow, give {task, node} of a file as its file param.";
  return "Some did not work: see error. A run with another request_id tries again, and costs again.";
}

/** Whether the host says that its user cancelled; a host that timed out or disconnected may come back. */
function isCancel({ aborted, reason }: AbortSignal): boolean {
  return aborted && typeof reason === "string" && !/time[d ]?[ -]?out/i.test(reason);
}

/** Each method is the tool of its name, whose input schema has been checked. */
export class Calls implements Record<ToolName, unknown> {
  readonly #settings: Required<ServerOptions>;
  readonly #places: Places;
  /** Saves that outlasted their wait; the next call finds them. */
  readonly #saving = new Map<number, Promise<Saved[]>>();

  constructor(settings: Required<ServerOptions>) {
    this.#settings = settings;
    this.#places = new Places(settings.client, settings.maxTasks);
  }

  async list_flows({ query = "", kind }: ListArgs): Promise<CallToolResult> {
    return structured({ flows: await listFlows(this.#settings.client, query, kind) });
  }

  async describe_flow({ flow }: { flow: string }): Promise<CallToolResult> {
    const { parameters, title = flow } = await lookUpFlow(this.#settings.client, flow);
    return structured({ flow, title: capped(title, 100), params: schemaOf(parameters) });
  }

  /** Runs a flow once per request id, which the client ensures, even across restarts. */
  async run_flow(args: RunArgs, ctx: ServerContext): Promise<CallToolResult> {
    const { client, folders } = this.#settings;
    const { params: given, wait_s, request_id, request_id: id = randomUUID() } = args;
    refuseForeign(given);
    const left = this.#clock(wait_s);
    const flow = await lookUpFlow(client, args.flow);
    const owner = ctx.http?.authInfo?.clientId ?? "process";
    const params = await withFiles(flow.parameters, given, folders);
    const count = Math.max(Number(given["count"] ?? 1) || 1, 1);
    // No signal and no time-out: a host that gave up may come back for the run.
    const run = this.#places.fill(owner, count, async (adoptOnly) => {
      const firstTry = request_id === undefined && !adoptOnly;
      return flow(client, params, { idempotencyKey: `${owner} ${id}`, adoptOnly, firstTry });
    });
    const { signal } = ctx.mcpReq;
    try {
      const made = await within(run, Math.max(left(), MIN_SUBMIT_MS), signal);
      if (!made) {
        const next = `Not created yet: call it again with the same params and request_id ${JSON.stringify(id)}; it is the same run.`;
        return structured({ tasks: [], next });
      }
      return await this.#answer(await watch(made.tasks, left(), ctx), left);
    } catch (error) {
      if (isCancel(signal)) await run.then((made) => made.cancel()).catch(() => undefined);
      throw error;
    }
  }

  async wait_task({ ids, wait_s, preview }: WaitArgs, ctx: ServerContext): Promise<CallToolResult> {
    const left = this.#clock(wait_s);
    return this.#answer(await watch(this.#tasks(ids), left(), ctx), left, preview);
  }

  async get_result(
    { id, preview }: { id: number; preview?: boolean },
    ctx: ServerContext,
  ): Promise<CallToolResult> {
    return this.wait_task({ ids: [id], preview }, ctx);
  }

  async cancel_task({ ids }: WaitArgs, ctx: ServerContext): Promise<CallToolResult> {
    const tasks = this.#tasks(ids);
    const cancelled = await Promise.all(tasks.map(async (task) => task.cancel()));
    const seen = await watch(tasks, 0, ctx);
    const after = seen.map((task, index) => ({ ...task, cancelled: cancelled[index] }));
    return structured({ tasks: after, next: "Nothing more to do." });
  }

  #tasks(ids: readonly number[]): Task[] {
    return [...new Set(ids)].map((id) => this.#settings.client.task(id));
  }

  /** Time left for a call, in ms. */
  #clock(seconds = this.#settings.waitS): () => number {
    const deadline = performance.now() + seconds * 1000;
    return () => Math.max(deadline - performance.now(), 0);
  }

  /** Undefined while the files are still being fetched after `ms`. */
  async #save(id: number, ms: number): Promise<Saved[] | undefined> {
    const { client, folders } = this.#settings;
    const saving = this.#saving.get(id) ?? saveTask(client, id, folders[0]);
    this.#saving.set(id, saving);
    saving.catch(() => undefined).finally(() => this.#saving.delete(id));
    return within(saving, ms);
  }

  /** The tasks, the files of finished ones, and what to do next. */
  async #answer(seen: Seen[], left: () => number, preview?: boolean): Promise<CallToolResult> {
    const found: Saved[] = [];
    const tasks = await Promise.all(
      seen.map(async (task) => {
        if (task.state !== "done") return task;
        const saved = await this.#save(task.id, Math.max(left(), MIN_SAVE_MS)).catch(toldBy);
        if (typeof saved === "string") return { ...task, error: saved };
        if (!saved) return { ...task, saving: true };
        found.push(...saved);
        return { ...task, files: saved.map(described) };
      }),
    );
    const links = found.map((each) => linkTo(each, this.#settings.local));
    const [picture, ...others] = found.filter(({ file }) => file.kind.startsWith("image"));
    const isShown = picture && (preview ?? others.length === 0);
    const small = isShown ? await previewOf(picture).catch(() => undefined) : undefined;
    return structured({ tasks, next: nextOf(tasks) }, small ? [...links, small] : links);
  }
}
