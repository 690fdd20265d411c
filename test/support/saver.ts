/** Saves files in a separate process, which can be killed, limited, or run as another user. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { onTestFinished } from "vitest";

export interface SaverOptions {
  /** Shell commands to run first; `$DIR` is the folder. */
  before?: string | undefined;
  /** Command that starts the shell, e.g. in a namespace. */
  within?: readonly string[] | undefined;
  /** User id of the process. */
  uid?: number | undefined;
  collision?: "number" | "overwrite";
  resume?: boolean;
}

/** A process. A saver prints the outcome, and last the names in the folder with the texts of small files. */
export interface Saver {
  child: ChildProcess;
  /** Its output. */
  ended: Promise<string>;
}

/** Saves the files of task 7 of a server into a folder. */
export function saver(
  url: string,
  dir: string,
  { before, within, uid, collision = "number", resume = false }: SaverOptions = {},
): Saver {
  const program = `
    import { readdirSync, readFileSync, statSync } from "node:fs";
    import { createClient } from "./dist/src/index.js";
    import { saveFiles } from "./dist/src/node/index.js";
    process.on("SIGXFSZ", () => {});
    const dir = process.env.DIR;
    const { files } = await createClient({ baseUrl: ${JSON.stringify(url)} }).task(7).result();
    await saveFiles(files, dir, ${JSON.stringify({ collision, resume })}).then(
      (paths) => console.log("saved", paths.length),
      (error) => console.log(error.code, error.message),
    );
    const left = readdirSync(dir, { recursive: true }).map((name) => {
      const facts = statSync(dir + "/" + name);
      return [name, facts.size < 100 && facts.isFile() ? readFileSync(dir + "/" + name, "utf8") : ""];
    });
    console.log(JSON.stringify(Object.fromEntries(left)));`;
  return node(program, { before, within, uid, env: { DIR: dir } });
}

/** Runs a program with the built package in a separate process. */
export function node(
  program: string,
  {
    before = ":",
    within = [],
    uid,
    env,
  }: Pick<SaverOptions, "before" | "within" | "uid"> & { env?: Record<string, string> },
): Saver {
  const [command, ...args] = [
    ...within,
    "sh",
    "-ec",
    `${before}; exec "$0" --input-type=module -e "$1"`,
    process.execPath,
    program,
  ];
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    ...(uid !== undefined && { uid, gid: uid }),
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return {
    child,
    ended: new Promise((resolve) => child.on("close", () => resolve(output.trimEnd()))),
  };
}

/** The content of the folder, from the last line of a saver's output. */
export const leftBy = (output: string) =>
  JSON.parse(output.split("\n").at(-1) ?? "") as Record<string, string>;

/** A separate namespace, in which any user may mount. */
export const NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"] as const;

/** Whether tests can mount a file system that is small enough to fill. */
export const canMount: boolean =
  spawnSync(NAMESPACE[0], [...NAMESPACE.slice(1), "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
    .status === 0;

/**
 * A user id for which permissions are enforced; for root, as which tests often run, they are not. Undefined
 * if the current user will do; null if no such user can run the library.
 */
export const ordinaryUser: number | undefined | null =
  process.getuid?.() !== 0
    ? undefined
    : spawnSync(
          process.execPath,
          ["--input-type=module", "-e", 'import "./dist/src/node/index.js"'],
          {
            uid: 65534,
            gid: 65534,
          },
        ).status === 0
      ? 65534
      : null;
