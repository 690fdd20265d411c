/** Runs the built command as a child process, as a person or a script would. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";
import { onTestFinished } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/vix.js", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface VixOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is on its standard input. */
  readonly input?: string;
  /** Standard input stays open, for the test to write to. */
  readonly keepInput?: boolean;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Resolves when stderr holds this text. */
  said(text: string): Promise<void>;
}

/** Nothing of the machine's own settings reaches a command under test. */
function environment(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VIX_|XDG_|CI$|NO_COLOR$|FORCE_COLOR$|NODE_OPTIONS$|VITEST)/.test(name),
  );
  return { ...Object.fromEntries(own), XDG_CONFIG_HOME: join(tmpdir(), "vix-none"), ...env };
}

export function start(args: readonly string[], options: VixOptions = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: "pipe",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  const listeners: (() => void)[] = [];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const listener of listeners) listener();
  });
  // A command may exit before it has read everything, which closes the pipe.
  child.stdin.on("error", () => undefined);
  if (options.keepInput !== true) child.stdin.end(options.input ?? "");
  const ended = new Promise<Ran>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return {
    child,
    ended,
    said: async (text) => {
      const heard = new Promise<void>((resolve) => {
        const look = (): void => {
          if (stderr.includes(text)) resolve();
        };
        listeners.push(look);
        look();
      });
      const over = ended.then(() => {
        if (!stderr.includes(text)) throw new Error(`it ended without saying ${text}: ${stderr}`);
      });
      await Promise.race([heard, over]);
    },
  };
}

/** Runs a command to its end. */
export async function vix(args: readonly string[], options?: VixOptions): Promise<Ran> {
  return start(args, options).ended;
}

/** Runs a command with `--json`; fails unless stdout is one document and nothing else. */
export async function vixJson(
  args: readonly string[],
  options?: VixOptions,
): Promise<{ code: number | null; document: Document; stderr: string }> {
  const { code, stdout, stderr } = await vix([...args, "--json"], options);
  if (!/^\{.*\}\n$/.test(stdout)) throw new Error(`not one document: ${stdout}\n${stderr}`);
  return { code, document: JSON.parse(stdout) as Document, stderr };
}

/** The fields of documents that tests read. */
export interface Document {
  readonly ok: boolean;
  readonly error?: {
    code: string;
    message: string;
    hint?: string;
    taskIds?: number[];
    problems?: { parameter?: string; line?: number }[];
  };
  readonly tasks: { id: number; seed: number; state: string; flow: string; error?: string }[];
  readonly files: { path: string; task: number; seed: number; kind: string; size: number }[];
  readonly parts: { name: string; value?: string; file?: { name: string; size: number } }[];
  readonly flows: { id: string; installed: boolean | null; generated: boolean }[];
  readonly parameters: { name: string; type: string; label: string }[];
  readonly checks: { name: string; ok: boolean; message: string; hint?: string }[];
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly report: string;
}

/** A folder for one test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vix-cli-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

export interface World {
  readonly standin: Standin;
  readonly dir: string;
  /** Options of a command that knows the server. */
  readonly here: { readonly cwd: string; readonly env: Readonly<Record<string, string>> };
}

/** A server and a folder to work in, for one test. */
export async function world(options: StandinOptions = {}): Promise<World> {
  const standin = await startStandin({ speed: "instant", maxPictureSide: 48, ...options });
  onTestFinished(() => standin.close());
  const dir = await folder();
  return { standin, dir, here: { cwd: dir, env: { VIX_URL: standin.url } } };
}

/** Tasks that the server has, by their ids. */
export async function tasksOf(
  standin: Standin,
): Promise<
  Map<number, { progress: number; error: string; input_params: Record<string, unknown> }>
> {
  const answer = await fetch(`${standin.url}/vapi/tasks/progress-summary?group_scope=0`);
  const tasks = (await answer.json()) as Record<
    string,
    { progress: number; error: string; input_params: Record<string, unknown> }
  >;
  return new Map(Object.entries(tasks).map(([id, task]) => [Number(id), task]));
}

/** Whether a text holds an escape sequence. */
export function hasEscapes(text: string): boolean {
  return text.includes("\u001b");
}

/** A description of one flow without generated code, `my_portrait`. */
export function privateFlow(): object {
  const properties = {
    seed: { type: "integer", default: 1 },
    count: { type: "integer", minimum: 1, default: 1 },
    prompt: { type: "string", description: "Prompt" },
    hair_style: { type: "string", enum: ["短", "长"], default: "短", description: "发型" },
    strength: { type: "number", minimum: 0, maximum: 1, multipleOf: 0.1, default: 0.5 },
  };
  const schema = { type: "object", properties, required: ["prompt"] };
  return {
    openapi: "3.1.0",
    info: { title: "flows", version: "1" },
    paths: {
      "/vapi/tasks/create/my_portrait": {
        put: {
          requestBody: { required: true, content: { "multipart/form-data": { schema } } },
          responses: { "200": { description: "created" } },
        },
      },
    },
  };
}
