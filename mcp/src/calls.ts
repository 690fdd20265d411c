/** What the tools do. */
import { randomUUID } from "node:crypto";
import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";
import type { Client, Run } from "visionatrix-client";
import { nextOf, structured } from "./answers.js";
import { idempotency, kindsOf, lookUpFlow, type AnyFlow } from "./client-features.js";
import { withFiles } from "./inputs.js";
import { described, linkTo, previewOf, Saves, type Saved } from "./results.js";
import { Runs } from "./runs.js";
import { refusedNames, schemaOf } from "./schema.js";
import { capped, toldBy } from "./texts.js";
import type { ToolName } from "./tools.js";
import { watch, within, type Seen, type Wait } from "./watch.js";

export type Args = Record<string, unknown>;
type Call = (args: never, ctx: ServerContext) => Promise<CallToolResult>;

export interface CallSettings {
  readonly client: Client;
  readonly folders: readonly [string, ...string[]];
  readonly waitS: number;
  readonly maxTasks: number;
  readonly local: boolean;
}

/** A submit gets this long at least, in ms, so that an answer nearly always has the tasks' ids. */
const MIN_SUBMIT_MS = 10_000;

/** A call's time, in ms. */
type Left = () => number;

export class Calls {
  readonly #client: Client;
  readonly #settings: CallSettings;
  readonly #saves: Saves;
  readonly #runs: Runs;

  constructor(settings: CallSettings) {
    this.#client = settings.client;
    this.#settings = settings;
    this.#saves = new Saves(settings.client, settings.folders[0]);
    this.#runs = new Runs(settings.client, settings.maxTasks);
  }

  readonly tools: Record<ToolName, Call> = {
    list_flows: async ({ query = "", kind }: { query?: string; kind?: string }) =>
      structured({ flows: await this.#list(query.toLowerCase().split(/\s+/), kind) }),
    describe_flow: async ({ flow: id }: { flow: string }) => {
      const flow = await lookUpFlow(this.#client, id);
      const listed = (await this.#client.flows()).find(({ name }) => name === id);
      if (!listed) throw new Error(`The server has no flow ${id}: list_flows shows what it has.`);
      const title = capped(listed.display_name, 100);
      const about = capped(listed.description, 1000);
      return structured({ flow: id, title, about, params: schemaOf(flow.parameters) });
    },
    run_flow: async (
      args: { flow: string; params: Args; wait_s?: number; request_id?: string },
      ctx,
    ) =>
      this.run(
        await lookUpFlow(this.#client, args.flow),
        args.params,
        ctx,
        args.request_id,
        args.wait_s,
      ),
    wait_task: async ({ ids, wait_s }: { ids: number[]; wait_s?: number }, ctx) => {
      const left = this.#clock(wait_s);
      return this.#answer(await watch(this.#client, [...new Set(ids)], waitFor(left(), ctx)), left);
    },
    get_result: async ({ id, preview }: { id: number; preview?: boolean }, ctx) =>
      this.#answer(await watch(this.#client, [id], waitFor(0, ctx)), this.#clock(), preview),
    cancel_task: async ({ ids }: { ids: number[] }, ctx) => {
      const cancelled = await Promise.all(ids.map(async (id) => this.#client.task(id).cancel()));
      const seen = await watch(this.#client, ids, waitFor(0, ctx));
      const tasks = seen.map((task, index) => ({ ...task, cancelled: cancelled[index] }));
      return structured({ tasks, next: "Nothing more to do." });
    },
  };

  /** Runs a flow once for each request id. */
  async run(
    flow: AnyFlow,
    given: Args,
    ctx: ServerContext,
    requestId?: string,
    waitS?: number,
  ): Promise<CallToolResult> {
    const refused = refusedNames(given);
    if (refused.length > 0) throw new Error(`Agents may not set ${refused.join(", ")}.`);
    const left = this.#clock(waitS);
    const owner = ctx.http?.authInfo?.clientId ?? "process";
    const id = requestId ?? randomUUID();
    const run = this.#runs.once(owner, id, JSON.stringify([flow.id, given]), async () => {
      const params = await withFiles(flow.parameters, given, this.#settings.folders);
      const count = Math.max(Number(given["count"] ?? 1) || 1, 1);
      const key = requestId && `${owner} ${requestId}`;
      // Neither a signal nor a time-out: a host that gave up may come back for it.
      const start = async (): Promise<Run> => flow(this.#client, params, idempotency(key));
      return this.#runs.make(owner, count, start);
    });
    const { signal } = ctx.mcpReq;
    try {
      const made = await within(run, Math.max(left(), MIN_SUBMIT_MS), signal);
      if (!made) {
        const next = `Its files are still being sent: call it again with the same params and request_id ${JSON.stringify(id)}; it is the same run.`;
        return structured({ tasks: [], next });
      }
      const ids = made.tasks.map((task) => task.id);
      const seen = await watch(this.#client, ids, waitFor(left(), ctx));
      const seeds = new Map(made.tasks.map((task) => [task.id, task.seed]));
      return await this.#answer(
        seen.map((task) => ({ ...task, seed: seeds.get(task.id) })),
        left,
      );
    } catch (error) {
      // A host says that its user stopped it; a host that timed out, or is gone, may come back.
      if (isCancel(signal))
        await run.then(
          (made) => made.cancel(),
          () => undefined,
        );
      throw error;
    }
  }

  #clock(seconds = this.#settings.waitS): Left {
    const deadline = performance.now() + seconds * 1000;
    return () => Math.max(deadline - performance.now(), 0);
  }

  /** Tasks, the files of those that are done, and what to do next. */
  async #answer(seen: Seen[], left: Left, preview?: boolean): Promise<CallToolResult> {
    const found: Saved[] = [];
    const tasks = await Promise.all(
      seen.map(async (task) => {
        if (task.state !== "done") return task;
        const saved = await this.#saves.of(task.id, Math.max(left(), 1000)).catch(toldBy);
        if (typeof saved === "string") return { ...task, error: saved };
        if (!saved) return { ...task, saving: true };
        found.push(...saved);
        return { ...task, files: saved.map(described) };
      }),
    );
    const more = found.map((each) => linkTo(each, this.#settings.local));
    const [picture, ...others] = found.filter(({ file }) => file.kind.startsWith("image"));
    const small =
      picture && (preview ?? others.length === 0)
        ? await previewOf(picture.file).catch(() => undefined)
        : undefined;
    if (small) more.push(small);
    return structured({ tasks, next: nextOf(tasks) }, more);
  }

  async #list(words: readonly string[], kind: string | undefined): Promise<string[]> {
    const lines: string[] = [];
    for (const flow of await this.#client.flows()) {
      const { name, display_name, description, tags = [], input_params, hidden } = flow;
      const text = [name, display_name, description, ...tags].join(" ").toLowerCase();
      const kinds: readonly string[] | undefined = kindsOf(name);
      // One whose kind is not known may be it.
      const fits = kind === undefined || !kinds || kinds.includes(kind);
      if (hidden || !fits || !words.every((word) => text.includes(word))) continue;
      const files = input_params.filter(({ type }) => /image|video/.test(type)).length;
      const takes = files > 0 ? ` Takes ${files} file(s).` : "";
      lines.push(`${name}: ${capped(display_name, 60)}. ${capped(description, 120)}${takes}`);
    }
    return lines;
  }
}

/** Whether the host says that its user wants the work no more. */
function isCancel({ aborted, reason }: AbortSignal): boolean {
  return aborted && typeof reason === "string" && !/time[d ]?[ -]?out/i.test(reason);
}

/** A wait that reports to the host, if it asked for that. */
function waitFor(ms: number, { mcpReq }: ServerContext): Wait {
  const progressToken = mcpReq._meta?.progressToken;
  // Percents may fall back to 0; what is reported must rise.
  let highest = 0;
  const onPercent = (progress: number): void => {
    if (progressToken === undefined || progress <= highest) return;
    highest = progress;
    const params = { progressToken, progress, total: 100 };
    void mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
  return { ms, signal: mcpReq.signal, onPercent };
}
