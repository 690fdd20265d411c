/**
 * Runs the commands of a page as printed, in bash, block by block; each block starts where the last one
 * ended.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Longest time for one block, in ms. */
const LIMIT_MS = 180_000;

export interface Shell {
  /** Where the next block starts. */
  readonly cwd: () => string;
  /**
   * Runs commands to their end.
   * @throws Error with their output, when one of them fails
   */
  readonly run: (commands: string) => Promise<void>;
  /** Starts a server. Resolves when it has printed an address. `close` stops it. */
  readonly serve: (command: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * @param folder where the first block starts
 * @param ports the port that programs get instead of a printed one
 */
export function openShell(
  folder: string,
  ports: Readonly<Record<number, number>>,
  env: NodeJS.ProcessEnv,
): Shell {
  const note = join(folder, ".cwd");
  const servers: ChildProcess[] = [];
  let cwd = folder;
  const start = (commands: string): ChildProcess =>
    spawn("bash", ["-ec", `trap 'pwd > "${note}"' EXIT\n${commands}`], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      // A separate process group, so that processes started by npx end with it.
      detached: true,
      env: {
        ...process.env,
        NODE_OPTIONS: `--require=${resolve("test/docs/support/port.cjs")}`,
        VITEST: undefined,
        NO_COLOR: "1",
        FORCE_COLOR: undefined,
        VIX_DOCS_PORTS: JSON.stringify(ports),
        ...env,
      },
    });
  return {
    cwd: () => cwd,
    run: async (commands) => {
      const child = start(commands);
      const timer = setTimeout(() => end(child), LIMIT_MS);
      const said = output(child);
      const [code] = (await once(child, "close")) as [number | null];
      clearTimeout(timer);
      if (code !== 0) throw new Error(`${commands}\nended with ${code}:\n${said()}`);
      cwd = (await readFile(note, "utf8")).trim();
    },
    serve: (command) => {
      const child = start(command);
      servers.push(child);
      const said = output(child);
      return new Promise((listening, fail) => {
        for (const stream of [child.stdout, child.stderr])
          stream?.on("data", () => {
            if (/https?:\/\//.test(said())) listening();
          });
        const timer = setTimeout(() => end(child), LIMIT_MS);
        child.once("close", () => clearTimeout(timer));
        child.once("close", () => fail(new Error(`${command}\nended:\n${said()}`)));
      });
    },
    close: async () => {
      await Promise.all(
        servers.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          end(child);
          await once(child, "close");
        }),
      );
    },
  };
}

function output(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (piece) => (text += String(piece)));
  return () => text;
}

function end({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}
