/** The MCP server: registers the tools and the files of tasks with the SDK. */
import { fromJsonSchema, McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import type { CallToolResult } from "@modelcontextprotocol/server";
import { Calls, type Args, type ServerOptions } from "./calls.js";
import { lookUpFlow } from "./flows.js";
import { readResult } from "./results.js";
import { NOTE, toldBy } from "./texts.js";
import { INSTRUCTIONS, toolOf, toolsOf } from "./tools.js";

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
  const { client, folders, flows = [], waitS = 25, maxTasks = 8, local = true } = options;
  if (flows.length > 8) throw new Error("At most eight flows can be tools of their own.");
  const calls = new Calls({ client, folders, flows, waitS, maxTasks, local });
  const own = await Promise.all(flows.map(async (id) => lookUpFlow(client, id)));
  const tools = [
    ...toolsOf(calls, waitS, Math.max(MAX_WAIT_S, waitS)),
    ...own.map((flow) => toolOf(calls, flow)),
  ];
  return () => {
    const about = { name: "visionatrix", version: "0.1.0" };
    const server = new McpServer(about, { instructions: INSTRUCTIONS });
    for (const { name, input, call, ...config } of tools)
      server.registerTool(
        name,
        { ...config, inputSchema: fromJsonSchema<Args>(input) },
        async (args, ctx) => call(args, ctx).catch(failure),
      );
    server.registerResource(
      "result",
      new ResourceTemplate("vix://tasks/{task}/{node}/{index}", { list: undefined }),
      { description: "A file that a task made" },
      async ({ href }) => readResult(client, href, waitS * 1000),
    );
    return server;
  };
}
