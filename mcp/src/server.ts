/** The MCP server: registers the tools and the files of tasks with the SDK. */
import { createRequire } from "node:module";
import { fromJsonSchema, McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";
import { Calls, type Args, type ServerOptions } from "./calls.js";
import { lookUpFlow } from "./flows.js";
import { readResult } from "./results.js";
import { NOTE, toldBy } from "./texts.js";
import { INSTRUCTIONS, toolOf, toolsOf, type Tool } from "./tools.js";

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
const ABOUT = { name: "visionatrix", version };

type Call = (args: Args, ctx: ServerContext) => Promise<CallToolResult>;

/** Hosts time out after 60 s by default, so longer waits need a host with its own limit. */
const MAX_WAIT_S = 55;

/** The result of a failed tool, phrased so that a model can fix the problem. */
function failure(error: unknown): CallToolResult {
  const isUnknown = (error as { code?: string }).code === "flow_not_installed";
  const hint = isUnknown ? ": list_flows shows those that there are" : "";
  return { isError: true, content: [{ type: "text", text: `${toldBy(error)}${hint} (${NOTE})` }] };
}

/**
 * Returns a function that creates a server for each connection or request.
 * @throws Error for an unknown flow
 */
export async function createServerFactory(options: ServerOptions): Promise<() => McpServer> {
  const settings = { flows: [], waitS: 25, maxTasks: 8, local: true, ...options };
  const { client, flows, waitS } = settings;
  if (flows.length > 8) throw new Error("At most eight flows can be tools of their own.");
  const calls = new Calls(settings);
  const own = await Promise.all(flows.map(async (id) => lookUpFlow(client, id)));
  const tools = toolsOf(waitS, Math.max(MAX_WAIT_S, waitS));
  return () => {
    const server = new McpServer(ABOUT, { instructions: INSTRUCTIONS });
    const register = (name: string, { inputSchema, ...config }: Tool, call: Call): unknown =>
      server.registerTool(
        name,
        { ...config, inputSchema: fromJsonSchema<Args>(inputSchema) },
        async (args, ctx) => call(args, ctx).catch(failure),
      );
    for (const [name, tool] of tools)
      register(name, tool, async (args, ctx) => calls[name](args as never, ctx));
    for (const flow of own)
      register(flow.id, toolOf(flow), async ({ request_id, ...params }, ctx) =>
        calls.run_flow({ flow: flow.id, params, request_id: request_id as string }, ctx),
      );
    server.registerResource(
      "result",
      new ResourceTemplate("vix://tasks/{task}/{node}/{index}", { list: undefined }),
      { description: "A file that a task made" },
      async ({ href }, { task }) => {
        const { files } = await client.task(Number(task)).result({ timeoutMs: waitS * 1000 });
        return readResult(files, href);
      },
    );
    return server;
  };
}
