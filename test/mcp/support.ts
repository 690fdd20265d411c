/** The command as a host starts it, with the real clients of both majors. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
} from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioV2 } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { onTestFinished } from "vitest";
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";

/** The fields of a response that tests read; the hosts' own types are wider. */
export interface Answer {
  isError?: boolean;
  content: { type: string; text?: string; uri?: string; data?: string; mimeType?: string }[];
  structuredContent?: {
    tasks: Task[];
    next: string;
    flows: string[];
    params: { properties: Record<string, unknown>; required: string[] };
  };
}

export interface Task {
  id: number;
  state: string;
  percent: number;
  seed?: number;
  error?: string;
  cancelled?: string;
  files?: { path: string; uri: string; task: number; node: number; mediaType: string }[];
}

export interface CallOptions {
  timeout?: number;
  signal?: AbortSignal;
  onprogress?: (progress: { progress: number }) => void;
}

/** A connected host. */
export interface Host {
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  client: ClientV1 | ClientV2;
  close(): Promise<void>;
}

export type Kind = "v1" | "v2, 2025" | "v2, 2026";
export const KINDS: Kind[] = ["v1", "v2, 2025", "v2, 2026"];

function clientOf(kind: Kind): ClientV1 | ClientV2 {
  const info = { name: "test", version: "1" };
  if (kind === "v1") return new ClientV1(info);
  return new ClientV2(info, {
    versionNegotiation: { mode: kind === "v2, 2026" ? "auto" : "legacy" },
  });
}

async function hostOf(client: ClientV1 | ClientV2, transport: object): Promise<Host> {
  await client.connect(transport as never);
  const close = async (): Promise<void> => client.close();
  onTestFinished(close);
  return {
    client,
    close,
    call: async (name, args, options) => {
      const params = { name, arguments: args };
      const answer =
        client instanceof ClientV1
          ? await client.callTool(params, undefined, options)
          : await client.callTool(params, options);
      return answer as unknown as Answer;
    },
  };
}

const BIN = "mcp/bin/visionatrix-mcp.js";

export interface Place {
  standin: Standin;
  folder: string;
  env: Record<string, string>;
}

/** A server to run flows on, and a folder for files. */
export async function place(options: StandinOptions = {}): Promise<Place> {
  const standin = await startStandin({
    speed: "instant",
    auth: "ann:secret",
    maxPictureSide: 64,
    ...options,
  });
  onTestFinished(() => standin.close());
  const folder = await mkdtemp(join(tmpdir(), "vix-mcp-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const env = { VIX_URL: standin.url, VIX_USERNAME: "ann", VIX_PASSWORD: "secret" };
  return { standin, folder, env };
}

/** Started over stdio by a host's own transport. */
export async function stdio(
  { folder, env }: Place,
  kind: Kind,
  args: string[] = [],
): Promise<Host> {
  const server = {
    command: process.execPath,
    args: [BIN, "--files", folder, ...args],
    env: { PATH: process.env["PATH"] ?? "", ...env },
  };
  const transport = kind === "v1" ? new StdioV1(server) : new StdioV2(server);
  return hostOf(clientOf(kind), transport);
}

/** Started over HTTP. Resolves with its address when it listens. */
export async function startHttp(
  { folder, env }: Place,
  args: string[] = [],
  more: Record<string, string> = {},
): Promise<URL> {
  const child = spawn(process.execPath, [BIN, "--files", folder, "--http", "0", ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env, ...more },
  });
  onTestFinished(() => void child.kill());
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const [, url] = /MCP at (\S+)/.exec(said) ?? [];
      if (url) resolve(new URL(url));
    });
    child.once("exit", () => reject(new Error(said)));
  });
}

export async function http(url: URL, kind: Kind, token?: string): Promise<Host> {
  const options = token ? { requestInit: { headers: { authorization: `Bearer ${token}` } } } : {};
  const transport = kind === "v1" ? new HttpV1(url, options) : new HttpV2(url, options);
  return hostOf(clientOf(kind), transport);
}

/** The transports and clients that a test covers, each with a fresh host. */
export const WAYS: [string, (place: Place, args?: string[]) => Promise<Host>][] = KINDS.flatMap(
  (kind): [string, (place: Place, args?: string[]) => Promise<Host>][] => [
    [`${kind}, stdio`, async (at, args) => stdio(at, kind, args)],
    [`${kind}, HTTP`, async (at, args) => http(await startHttp(at, args), kind)],
  ],
);
