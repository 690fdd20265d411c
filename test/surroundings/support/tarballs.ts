/** Our packages as npm packs them: packed once for all tests, and unpacked into scratch projects. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Holds the folder of the tarballs, for this process and its children. */
const FOLDER_VARIABLE = "VIX_TEST_TARBALLS";

/** One of our packages, as packed. */
export interface Tarball {
  readonly name: string;
  readonly path: string;
  /** Paths inside of the package. */
  readonly files: readonly string[];
  /** Bytes of the tarball. */
  readonly size: number;
  /** Bytes of the files in it. */
  readonly unpackedSize: number;
}

/**
 * Creates the folder for the tarballs, which this process and its children share.
 *
 * @returns removes it
 */
export function shareTarballs(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "vix-tarballs-"));
  process.env[FOLDER_VARIABLE] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

let packed: Promise<ReadonlyMap<string, Tarball>> | undefined;

/** Packs the build, once for all processes that share the folder of {@link shareTarballs}. */
export function tarballs(): Promise<ReadonlyMap<string, Tarball>> {
  packed ??= load();
  return packed;
}

async function load(): Promise<ReadonlyMap<string, Tarball>> {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) throw new Error("Call shareTarballs() first.");
  const listed = join(folder, "tarballs.json");
  await exclusively(join(folder, "lock"), async () => {
    if (!existsSync(listed)) await writeFile(listed, JSON.stringify(await pack(folder)));
  });
  const list = JSON.parse(await readFile(listed, "utf8")) as Tarball[];
  return new Map(list.map((tarball) => [tarball.name, tarball]));
}

/** Runs an action while no other process runs one with the same lock. */
async function exclusively(lock: string, action: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      await sleep(100);
    }
  }
  await action().finally(() => rm(lock, { recursive: true }));
}

async function pack(folder: string): Promise<Tarball[]> {
  // The build is there; packing for real makes it first.
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await run("npm", [...args, "--workspaces", "--include-workspace-root"]);
  const list = Object.values(JSON.parse(stdout) as Record<string, Packed>);
  return list.map(({ name, filename, files, size, unpackedSize }) => ({
    name,
    path: join(folder, filename),
    files: files.map(({ path }) => path),
    size,
    unpackedSize,
  }));
}

interface Packed {
  name: string;
  filename: string;
  files: { path: string }[];
  size: number;
  unpackedSize: number;
}

/** Unpacks one of our packages into `node_modules` of a folder; resolves to where it stands there. */
export async function extract(name: string, project: string): Promise<string> {
  const tarball = (await tarballs()).get(name);
  if (!tarball) throw new Error(`${name} is not a package of this repository.`);
  const target = join(project, "node_modules", name);
  await mkdir(target, { recursive: true });
  await run("tar", ["-xzf", tarball.path, "-C", target, "--strip-components=1"]);
  return target;
}

/** The same, with the dependencies installed here. */
export async function unpack(name: string, project: string): Promise<void> {
  await copyDependencies(await extract(name, project), resolve("."), project);
}

/** Copies, since some bundlers refuse what a link leads to. */
async function copyDependencies(pack: string, from: string, project: string): Promise<void> {
  const { dependencies = {} } = JSON.parse(await readFile(join(pack, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const target = join(project, "node_modules", name);
    if (existsSync(target)) continue;
    const source = locate(name, from);
    await cp(source, target, { recursive: true });
    await copyDependencies(target, source, project);
  }
}

/** The folder of a package, as a program in a folder finds it. */
export function locate(name: string, from: string): string {
  const path = join(from, "node_modules", name);
  if (existsSync(path)) return path;
  if (dirname(from) === from) throw new Error(`${name} is not installed.`);
  return locate(name, dirname(from));
}
