/** The MCP server: the tools and the files of tasks, registered with the SDK. */
import { fromJsonSchema, McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import type {
  CallToolResult,
  ReadResourceResult,
  ServerContext,
} from "@modelcontextprotocol/server";
import type { Client } from "visionatrix-client";
import { failure } from "./answers.js";
import { Calls, type Args } from "./calls.js";
import { lookUpFlow } from "./client-features.js";
import { schemaOf } from "./schema.js";
import { flowToolSpec, INSTRUCTIONS, toolSpecs, type ToolName } from "./tools.js";

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

/** Largest file that is read out as a resource, in bytes. */
const MAX_RESOURCE_BYTES = 8 * 1024 * 1024;

/**
 * Makes the function that makes a server for each connection or request.
 * @throws Error for a flow that is not known
 */
export async function createServerFactory(options: ServerOptions): Promise<() => McpServer> {
  const { client, folders, flows = [], waitS = 25, maxTasks = 8, local = true } = options;
  if (flows.length > 8) throw new Error("At most eight flows can be tools of their own.");
  const calls = new Calls({ client, folders, waitS, maxTasks, local });
  const specs = Object.entries(toolSpecs(waitS, Math.max(MAX_WAIT_S, waitS)));
  const flowTools = await Promise.all(flows.map((id) => lookUpFlow(client, id)));

  return () => {
    const server = new McpServer(
      { name: "visionatrix", version: "0.1.0" },
      { instructions: INSTRUCTIONS },
    );
    for (const [name, { input, output, ...config }] of specs) {
      const call = calls.tools[name as ToolName] as (
        args: Args,
        ctx: ServerContext,
      ) => Promise<CallToolResult>;
      const schemas = {
        inputSchema: fromJsonSchema<Args>(input),
        outputSchema: fromJsonSchema(output),
      };
      server.registerTool(name, { ...config, ...schemas }, async (args, ctx) =>
        call(args, ctx).catch(failure),
      );
    }
    for (const flow of flowTools) {
      const { input, ...config } = flowToolSpec(flow.id, schemaOf(flow.parameters, true));
      const inputSchema = fromJsonSchema<Args & { request_id?: string }>(input);
      server.registerTool(
        flow.id,
        { ...config, inputSchema },
        async ({ request_id, ...params }, ctx) =>
          calls.run(flow, params, ctx, request_id).catch(failure),
      );
    }
    server.registerResource(
      "result",
      new ResourceTemplate("vix://tasks/{task}/{node}/{index}", { list: undefined }),
      { description: "A file that a task made" },
      async ({ href }) => readResult(client, href, waitS * 1000),
    );
    return server;
  };
}

/** @throws Error, or what the client throws, when there is no such file */
async function readResult(
  client: Client,
  uri: string,
  timeoutMs: number,
): Promise<ReadResourceResult> {
  const [task = 0, node, index] = uri.split("/").slice(-3).map(Number);
  const { files } = await client.task(task).result({ timeoutMs });
  const file = files.find((each) => each.nodeId === node && each.index === index);
  if (!file) throw new Error(`There is no file ${uri}.`);
  if ((file.size ?? Infinity) > MAX_RESOURCE_BYTES)
    throw new Error("The file is too large to be read out: get_result saves it.");
  const blob = Buffer.from(await file.bytes()).toString("base64");
  return { contents: [{ uri, mimeType: file.mediaType, blob }] };
}
