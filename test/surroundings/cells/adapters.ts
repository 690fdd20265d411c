/** The adapters in their target programs: both majors of the AI SDK, and hosts of MCP. */
import { ends, type Cell } from "../support/cell.js";

const PROGRAM = "test/surroundings/programs/adapters";

const aiSdk = (version: string, node?: 22): Cell => ({
  name: `AI SDK ${version.split(".")[0]}, Node ${node ?? 20}`,
  program: PROGRAM,
  peers: [`ai@${version}`],
  packages: ["visionatrix-client", "visionatrix-ai-provider"],
  ...(node && { node }),
  check: ends("generate.js"),
});

const mcpHost = (name: string, sdk: string, version: string): Cell => ({
  name: `MCP over stdio, ${name}`,
  program: PROGRAM,
  peers: [`${sdk}@${version}`],
  packages: ["visionatrix-client", "visionatrix-mcp"],
  check: async ({ node, run }) => {
    await run(node, ["host.js", sdk]);
    return undefined;
  },
});

export const adapters: readonly Cell[] = [
  aiSdk("6.0.326"),
  aiSdk("7.0.173", 22),
  mcpHost("client of SDK 1", "@modelcontextprotocol/sdk", "1.32.2"),
  mcpHost("client of SDK 2", "@modelcontextprotocol/client", "2.4.0"),
];
