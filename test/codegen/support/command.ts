import { spawn, type ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import { onTestFinished } from "vitest";

const BIN = resolve("codegen/bin/vix-codegen.js");

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly stdin?: string;
  /** Modules to load first. */
  readonly imports?: readonly string[];
}

/** Starts the built command as a user's shell would. It is stopped when the test ends. */
export function start(
  args: readonly string[],
  { cwd, env, stdin, imports = [] }: CommandOptions = {},
): { child: ChildProcess; done: Promise<Outcome> } {
  const flags = imports.flatMap((path) => ["--import", path]);
  const child = spawn(process.execPath, [...flags, BIN, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  // A command that rejects its arguments does not read.
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  const done = new Promise<Outcome>((fulfil) => {
    child.on("close", (code, signal) => fulfil({ code, signal, stdout, stderr }));
  });
  return { child, done };
}

/** Runs the built command to its end. */
export function run(args: readonly string[], options?: CommandOptions): Promise<Outcome> {
  return start(args, options).done;
}
