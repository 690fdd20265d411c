/** The command `visionatrix-mcp`. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { createClient } from "visionatrix-client";
import { hostInUrl, serveHttp } from "./http.js";
import { createServerFactory } from "./server.js";

const HELP = `visionatrix-mcp: the flows of a Visionatrix server as tools for agents (MCP)

  visionatrix-mcp [options]                over stdio
  visionatrix-mcp --http 8765 [options]    over HTTP, at http://127.0.0.1:8765/mcp

  --files DIR        folder that input files are read from; may be given again. Results are
                     saved in the first. Default: ~/visionatrix
  --flows A,B        up to eight flows as tools of their own
  --wait SECONDS     wait of a call that names none, default 25; most hosts give up after 60
  --max-tasks N      unfinished tasks of one token, else of the process, default 8
  --http [HOST:]PORT listen on HOST, default 127.0.0.1
  --allow-host NAME  name that it is asked by, besides those of this machine; may be given again

Environment: VIX_URL (default http://localhost:8288), VIX_USERNAME, VIX_PASSWORD;
VIX_MCP_TOKENS: bearer tokens for HTTP, with commas between them.
`;

const TEXT = { type: "string" } as const;
const TEXTS = { type: "string", multiple: true } as const;
const OPTIONS = {
  ...{ files: TEXTS, flows: TEXT, wait: TEXT, "max-tasks": TEXT, http: TEXT, "allow-host": TEXTS },
  help: { type: "boolean", short: "h" },
} as const;

/** stdout is reserved for the protocol. */
const say = (message: string): void => void process.stderr.write(`${message}\n`);
const logger = { debug: () => undefined, info: () => undefined, warn: say, error: say };

/**
 * Runs the command until its host disconnects or, over HTTP, until it is stopped.
 * @throws Error for invalid options
 */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return void process.stdout.write(HELP);
  const { VIX_URL: baseUrl = "http://localhost:8288", VIX_USERNAME: username } = env;
  const auth = username ? { username, password: env["VIX_PASSWORD"] ?? "" } : undefined;
  const [first = join(homedir(), "visionatrix"), ...others] = values.files ?? [];
  const factory = await createServerFactory({
    client: createClient({ baseUrl, auth, logger }),
    folders: [resolve(first), ...others.map((folder) => resolve(folder))],
    flows: words(values.flows),
    waitS: number("--wait", values.wait ?? "25"),
    maxTasks: number("--max-tasks", values["max-tasks"] ?? "8"),
    local: values.http === undefined,
  });
  if (values.http === undefined)
    return void serveStdio(factory, { onerror: (error) => say(error.message) });
  const [, host = "127.0.0.1", port = ""] = /^(?:\[?(.+?)\]?:)?(\d+)$/.exec(values.http) ?? [];
  const server = await serveHttp(factory, {
    host,
    port: number("--http", port),
    tokens: words(env["VIX_MCP_TOKENS"]),
    allowedHosts: values["allow-host"] ?? [],
  });
  const address = server.address();
  say(`MCP at http://${hostInUrl(host)}:${typeof address === "object" ? address?.port : port}/mcp`);
}

const words = (text = ""): string[] => text.split(/\s*,\s*/).filter(Boolean);

function number(option: string, text: string): number {
  const value = Number(text || NaN);
  // Largest port; as a time, timers can still count it.
  if (!(value >= 0 && value < 65_536)) throw new Error(`${option} takes 0 to 65535, not ${text}.`);
  return value;
}
