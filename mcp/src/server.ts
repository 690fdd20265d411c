/** The MCP server: tools on top of the client. */
import { randomUUID } from "node:crypto";
import {
  fromJsonSchema,
  McpServer,
  ResourceTemplate,
  type CallToolResult,
  type ContentBlock,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Client, Run } from "visionatrix-client";
import { idempotency, kindsOf, lookUpFlow, type AnyFlow } from "./client-features.js";
import { withFiles } from "./inputs.js";
import { described, linkTo, previewOf, Saves, type Saved } from "./results.js";
import { Runs } from "./runs.js";
import { schemaOf } from "./schema.js";
import { capped, NOTE, toldBy } from "./texts.js";
import { FLOW_TOOL, INSTRUCTIONS, toolSpecs, type ToolName } from "./tools.js";
import { hasEnded, watch, type Seen, type Wait } from "./watch.js";

export interface ServerOptions {
  client: Client;
  /** Folders that input files are read from; results are saved in the first. */
  folders: readonly [string, ...string[]];
  /** Flows that are tools of their own, at most eight. Default: none. */
  flows?: readonly string[];
  /** Longest wait of a call unless it asks for another, in seconds. Default 25. */
  waitS?: number;
  /** Unfinished tasks of one token, else of the process. Default 8. */
  maxTasks?: number;
  /** Whether hosts can open files of this machine. Default true. */
  local?: boolean;
}

/** Hosts give up after 60 s, so longer waits are for those who set one. */
const MAX_WAIT_S = 55;

/** A submit gets this long at least, in ms, so that an answer nearly always has the tasks' ids. */
const MIN_SUBMIT_MS = 10_000;

/** Largest file that is read out as a resource, in bytes. */
const MAX_RESOURCE_BYTES = 8 * 1024 * 1024;

type Args = Record<string, unknown>;

/** Makes the function that makes a server for each connection or request. Asks the server for `flows` only. */
export async function createServerFactory(options: ServerOptions): Promise<() => McpServer> {
  const { client, folders, flows = [], waitS = 25, maxTasks = 8, local = true } = options;
  if (flows.length > 8) throw new Error("At most eight flows can be tools of their own.");
  const saves = new Saves(client, folders[0]);
  const runs = new Runs(client, maxTasks);
  const flowTools = await Promise.all(flows.map((id) => lookUpFlow(client, id)));

  /** Tasks and files of an answer, and what to do next. */
  const answer = async (
    seen: Seen[],
    msLeft: () => number,
    preview?: boolean,
  ): Promise<CallToolResult> => {
    const found: Saved[] = [];
    const tasks = await Promise.all(
      seen.map(async (task) => {
        if (task.state !== "done") return { ...task };
        const saved = await saves.of(task.id, Math.max(msLeft(), 1000)).catch(toldBy);
        if (typeof saved === "string") return { ...task, error: saved };
        if (saved) found.push(...saved);
        return { ...task, ...(saved ? { files: saved.map(described) } : { saving: true }) };
      }),
    );
    const pictures = found.filter(({ file }) => file.kind.startsWith("image"));
    const [first] = pictures;
    const shown =
      first && (preview ?? pictures.length === 1)
        ? await previewOf(first.file).catch(() => undefined)
        : undefined;
    return structured({ tasks, next: nextOf(tasks) }, [
      ...found.map((each) => linkTo(each, local)),
      ...(shown ? [shown] : []),
    ]);
  };

  const run = async (
    flow: AnyFlow,
    given: Args,
    requestId: string,
    seconds: number,
    ctx: ServerContext,
  ) => {
    const deadline = performance.now() + seconds * 1000;
    const msLeft = (): number => Math.max(deadline - performance.now(), 0);
    const owner = ctx.http?.authInfo?.clientId ?? "process";
    const submitted = runs.once(owner, requestId, JSON.stringify([flow.id, given]), async () => {
      const params = await withFiles(flow.parameters, given, folders);
      const count = typeof given["count"] === "number" ? given["count"] : 1;
      // Neither a signal nor a time-out: a host that gave up may come back for it.
      return runs.make(owner, count, async () => flow(client, params, idempotency(requestId)));
    });
    const { signal } = ctx.mcpReq;
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve()),
    );
    const made = await Promise.race([submitted, sleep(Math.max(msLeft(), MIN_SUBMIT_MS)), stopped]);
    if (!made && !signal.aborted)
      return structured({
        tasks: [],
        next: `Its files are still being sent: call it again with the same params and request_id ${JSON.stringify(requestId)}; it is the same run.`,
      });
    try {
      signal.throwIfAborted();
      const { tasks } = made as Run;
      const seen = await watch(
        client,
        tasks.map(({ id }) => id),
        waitFor(msLeft(), ctx),
      );
      for (const task of seen)
        Object.assign(task, { seed: tasks.find(({ id }) => id === task.id)?.seed });
      return await answer(seen, msLeft);
    } catch (error) {
      // A host says that its user stopped it; a host that timed out, or is gone, may come back.
      if (isCancel(signal))
        await submitted.then(
          (cancelled) => cancelled.cancel(),
          () => undefined,
        );
      throw error;
    }
  };

  const handlers: Record<ToolName, (args: never, ctx: ServerContext) => Promise<CallToolResult>> = {
    list_flows: async ({ query = "", kind }: { query?: string; kind?: string }) => {
      const words = query.toLowerCase().split(/\s+/);
      const found = (await client.flows()).filter(
        ({ name, display_name, description, tags = [], hidden }) => {
          const text = [name, display_name, description, ...tags].join(" ").toLowerCase();
          const kinds: readonly string[] | undefined = kindsOf(name);
          // One whose kind is not known may be it.
          const fits = kind === undefined || !kinds || kinds.includes(kind);
          return !hidden && fits && words.every((word) => text.includes(word));
        },
      );
      const lines = found.map(({ name, display_name, description, input_params }) => {
        const takes = input_params.filter(({ type }) => /image|video/.test(type)).length;
        return `${name}: ${capped(display_name, 60)}. ${capped(description, 120)}${takes ? ` Takes ${takes} file(s).` : ""}`;
      });
      return structured({ flows: lines });
    },
    describe_flow: async ({ flow: id }: { flow: string }) => {
      const flow = await lookUpFlow(client, id);
      const listed = (await client.flows()).find(({ name }) => name === id);
      if (!listed)
        throw new Error(`The server has no flow ${id}: list_flows shows those that it has.`);
      return structured({
        flow: id,
        title: capped(listed.display_name, 100),
        about: capped(listed.description, 1000),
        params: schemaOf(flow.parameters),
      });
    },
    run_flow: async (
      {
        flow,
        params,
        wait_s = waitS,
        request_id = randomUUID(),
      }: { flow: string; params: Args; wait_s?: number; request_id?: string },
      ctx,
    ) => run(await lookUpFlow(client, flow), params, request_id, wait_s, ctx),
    wait_task: async ({ ids, wait_s = waitS }: { ids: number[]; wait_s?: number }, ctx) => {
      const deadline = performance.now() + wait_s * 1000;
      const seen = await watch(client, [...new Set(ids)], waitFor(wait_s * 1000, ctx));
      return answer(seen, () => deadline - performance.now());
    },
    get_result: async ({ id, preview }: { id: number; preview?: boolean }, ctx) => {
      const deadline = performance.now() + waitS * 1000;
      return answer(
        await watch(client, [id], waitFor(0, ctx)),
        () => deadline - performance.now(),
        preview,
      );
    },
    cancel_task: async ({ ids }: { ids: number[] }, ctx) => {
      const cancelled = await Promise.all(ids.map(async (id) => client.task(id).cancel()));
      const seen = await watch(client, ids, waitFor(0, ctx));
      const tasks = seen.map((task, index) => ({ ...task, cancelled: cancelled[index] }));
      return structured({ tasks, next: "Nothing more to do." });
    },
  };

  return () => {
    const server = new McpServer(
      { name: "visionatrix", version: "0.1.0" },
      { instructions: INSTRUCTIONS, capabilities: { tools: {} } },
    );
    const specs = toolSpecs(waitS, Math.max(MAX_WAIT_S, waitS));
    for (const [name, { title, description, input, output, annotations }] of Object.entries(
      specs,
    )) {
      const handler = handlers[name as ToolName] as (
        args: Args,
        ctx: ServerContext,
      ) => Promise<CallToolResult>;
      server.registerTool(
        name,
        {
          title,
          description,
          annotations,
          inputSchema: fromJsonSchema<Args>(input),
          outputSchema: fromJsonSchema(output),
        },
        async (args, ctx) => handler(args, ctx).catch(failure),
      );
    }
    for (const flow of flowTools) {
      const schema = schemaOf(flow.parameters);
      const properties = { ...schema.properties, request_id: FLOW_TOOL.request_id };
      server.registerTool(
        flow.id,
        {
          description: `run_flow of ${flow.id}.`,
          annotations: FLOW_TOOL.annotations,
          inputSchema: fromJsonSchema<Args>({ ...schema, properties }),
        },
        async ({ request_id = randomUUID(), ...params }, ctx) =>
          run(flow, params, String(request_id), waitS, ctx).catch(failure),
      );
    }
    server.registerResource(
      "result",
      new ResourceTemplate("vix://tasks/{task}/{node}/{index}", { list: undefined }),
      { description: "A file that a task made" },
      async (uri, variables) => {
        const [task, node, index] = ["task", "node", "index"].map((name) =>
          Number(variables[name]),
        );
        const { files } = await client.task(task as number).result({ timeoutMs: waitS * 1000 });
        const file = files.find(({ nodeId, index: at }) => nodeId === node && at === index);
        if (!file) throw new Error(`Task ${task} has no such file.`);
        if ((file.size ?? Infinity) > MAX_RESOURCE_BYTES)
          throw new Error("The file is too large to be read out: get_result saves it.");
        const blob = Buffer.from(await file.bytes()).toString("base64");
        return { contents: [{ uri: uri.href, mimeType: file.mediaType, blob }] };
      },
    );
    return server;
  };
}

/** An answer, once for programs and once as text. */
function structured(content: Args, more: ContentBlock[] = []): CallToolResult {
  const structuredContent = { ...content, note: NOTE };
  return {
    content: [{ type: "text", text: JSON.stringify(structuredContent) }, ...more],
    structuredContent,
  };
}

function failure(error: unknown): CallToolResult {
  return { isError: true, content: [{ type: "text", text: `${toldBy(error)} (${NOTE})` }] };
}

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

/** Whether the host says that its user wants the work no more. */
function isCancel({ aborted, reason }: AbortSignal): boolean {
  return aborted && typeof reason === "string" && !/time[d ]?[ -]?out/i.test(reason);
}

/** A wait that reports to the host, if it asked for that. */
function waitFor(ms: number, { mcpReq }: ServerContext): Wait {
  const progressToken = mcpReq._meta?.progressToken;
  // Percents may fall back to 0; what is reported must rise.
  let highest = 0;
  const onPercent = (percent: number): void => {
    if (progressToken === undefined || percent <= highest) return;
    highest = percent;
    const params = { progressToken, progress: percent, total: 100 };
    void mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
  return { ms, signal: mcpReq.signal, onPercent };
}

async function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref());
}
