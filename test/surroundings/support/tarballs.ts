/** Our packages as npm packs them: packed once for all cells of a process, and put into scratch projects. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

let packed: Promise<Map<string, string>> | undefined;

/** Packs what was built; resolves to the path of each package's tarball. */
async function pack(): Promise<Map<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "vix-tarballs-"));
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await run("npm", [...args, "--workspaces", "--include-workspace-root"]);
  const list = Object.values(JSON.parse(stdout) as Record<string, Packed>);
  return new Map(list.map(({ name, filename }) => [name, join(folder, filename)]));
}

interface Packed {
  name: string;
  filename: string;
}

/** Unpacks one of our packages into `node_modules` of a folder, with the dependencies installed here. */
export async function unpack(name: string, project: string): Promise<void> {
  packed ??= pack();
  const tarball = (await packed).get(name);
  if (!tarball) throw new Error(`${name} is not a package of this repository.`);
  const target = join(project, "node_modules", name);
  await mkdir(target, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"]);
  await copyDependencies(target, resolve("."), project);
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

function locate(name: string, from: string): string {
  const path = join(from, "node_modules", name);
  if (existsSync(path)) return path;
  if (dirname(from) === from) throw new Error(`${name} is not installed.`);
  return locate(name, dirname(from));
}

/** Removes the tarballs. */
export async function removeTarballs(): Promise<void> {
  const [tarball] = (await packed)?.values() ?? [];
  packed = undefined;
  if (tarball) await rm(dirname(tarball), { recursive: true, force: true });
}
