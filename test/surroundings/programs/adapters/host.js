// A host that starts `visionatrix-mcp` and runs a flow. Argument: the package of its client.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [sdk] = process.argv.slice(2);
const isV1 = sdk === "@modelcontextprotocol/sdk";
const { Client } = await import(isV1 ? `${sdk}/client/index.js` : sdk);
const { StdioClientTransport } = await import(isV1 ? `${sdk}/client/stdio.js` : `${sdk}/stdio`);

const folder = await mkdtemp(join(tmpdir(), "vix-host-"));
const { PATH, VIX_URL, VIX_USERNAME, VIX_PASSWORD } = process.env;
const client = new Client({ name: "host", version: "1" });
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: ["node_modules/visionatrix-mcp/bin/visionatrix-mcp.js", "--files", folder],
    env: { PATH, VIX_URL, VIX_USERNAME, VIX_PASSWORD },
  }),
);
try {
  const { tools } = await client.listTools();
  assert.equal(tools.length, 6);
  const { structuredContent } = await client.callTool({
    name: "run_flow",
    arguments: { flow: "sdxl_lighting", params: { prompt: "a lighthouse" } },
  });
  const [{ state, files }] = structuredContent.tasks;
  assert.equal(state, "done");
  assert.equal((await readFile(files[0].path)).toString("latin1", 1, 4), "PNG");
} finally {
  await client.close();
  await rm(folder, { recursive: true, force: true });
}
