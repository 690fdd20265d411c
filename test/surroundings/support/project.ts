/** A scratch project: a program, our packed packages, third-party packages, and a stand-in. */
import { execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startStandin, type Standin, type StandinOptions } from "visionatrix-standin";
import { installPeers, type Peer } from "./peers.js";
import { unpack } from "./tarballs.js";

export interface ProjectOptions {
  /** Folder below the root of the repository whose content is the program. */
  readonly program: string;
  readonly peers?: readonly Peer[];
  /** Our packages that it needs. Default: the client. */
  readonly packages?: readonly string[];
  /** The type in its `package.json`. Default: `module`. */
  readonly type?: "module" | "commonjs";
  /** Major version of Node for the program. Default: the current one. */
  readonly node?: 22 | 24;
  readonly standin?: StandinOptions;
}

export interface Project {
  readonly folder: string;
  readonly standin: Standin;
  /** The Node that runs the program. */
  readonly node: string;
  /** Path of a command of an installed package. */
  readonly bin: (name: string) => string;
  /**
   * Runs a program in the folder. Returns what it printed.
   * @throws Error with all its output, when it ends badly or takes longer than five minutes
   */
  readonly run: (file: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<string>;
  /** Starts a server. Resolves when it has printed an address. */
  readonly serve: (
    file: string,
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
  ) => Promise<Service>;
  readonly close: () => Promise<void>;
}

/** A program that runs until it is stopped. */
export interface Service {
  /** The address that it printed. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const LIMIT_MS = 300_000;

export async function createProject(options: ProjectOptions): Promise<Project> {
  const { peers = [], packages = ["visionatrix-client"], type = "module" } = options;
  const home = peers.length > 0 ? await installPeers(peers) : tmpdir();
  // Below the third-party packages, so that they are found without copies.
  const folder = await mkdtemp(join(home, "vix-cell-"));
  await cp(resolve(options.program), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type }));
  for (const name of packages) await unpack(name, folder);
  const standin = await startStandin({
    auth: "ann:secret",
    speed: "instant",
    maxPictureSide: 64,
    // Some environments send requests as a page would.
    corsOrigins: ["*"],
    ...options.standin,
  });
  const node = options.node
    ? join(await installPeers([`node@${options.node}`]), "node_modules/.bin/node")
    : process.execPath;
  return {
    folder,
    standin,
    node,
    bin: (name) => join(home, "node_modules/.bin", name),
    run: (file, args, env) => start(file, args, folder, { ...login(standin), ...env }),
    serve: (file, args, env) => serve(file, args, folder, { ...login(standin), ...env }),
    close: async () => {
      await standin.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function login({ url }: Standin): NodeJS.ProcessEnv {
  return { VIX_URL: url, VIX_USERNAME: "ann", VIX_PASSWORD: "secret" };
}

/** Removes variables of this test run that its child processes must not see. */
function surroundings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = { NODE_OPTIONS: undefined, VITEST: undefined, NODE_ENV: undefined };
  return { ...process.env, ...own, NO_COLOR: "1", FORCE_COLOR: undefined, ...env };
}

function start(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  return new Promise((done, fail) => {
    execFile(
      file,
      args,
      { cwd, env: surroundings(env), timeout: LIMIT_MS, killSignal: "SIGKILL", maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        if (error) fail(new Error(`${stdout}\n${stderr}`.trim() || error.message));
        else done(stdout);
      },
    );
  });
}

function serve(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Service> {
  const child = spawn(file, args, { cwd, env: surroundings(env), timeout: LIMIT_MS });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const stop = async (): Promise<void> => {
    // Some servers would otherwise wait for their open connections.
    child.kill("SIGKILL");
    await ended;
  };
  return new Promise((done, fail) => {
    let printed = "";
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const url = /https?:\/\/[\w.[\]:]+:\d+/.exec(printed)?.[0];
      if (url) done({ url, stop });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", fail);
    void ended.then(() => fail(new Error(printed || "It ended and printed nothing.")));
  });
}
