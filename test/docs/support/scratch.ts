/**
 * A project as a reader of the pages has it: our packages from their tarballs, others as installed here. Each
 * page gets its own folder below it.
 */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { extract, tarballs } from "../../surroundings/support/tarballs.js";

const COMMANDS: Readonly<Record<string, string>> = {
  vix: "visionatrix-client/bin/vix.js",
  "vix-codegen": "visionatrix-codegen/bin/vix-codegen.js",
  "visionatrix-mcp": "visionatrix-mcp/bin/visionatrix-mcp.js",
  "visionatrix-standin": "visionatrix-standin/bin/visionatrix-standin.js",
};

/** @returns the folder; it has the `package.json` of `npm init -y` */
export async function createScratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vix-docs-"));
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, ".bin"), { recursive: true });
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "scratch", version: "1.0.0", main: "index.js", type: "commonjs" }),
  );
  const ours = [...(await tarballs()).keys()];
  await link(resolve("node_modules"), modules, [...ours, ".bin", ".installed"]);
  await link(resolve("node_modules/.bin"), join(modules, ".bin"), Object.keys(COMMANDS));
  // The page about the AI SDK imports `ai`; two versions are installed here.
  await symlink(resolve("node_modules/ai-6"), join(modules, "ai"));
  for (const name of ours) await extract(name, folder);
  // Packages that npm could not hoist.
  for (const workspace of ["codegen", "mcp", "standin", "ai-provider"]) {
    const target = join(modules, `visionatrix-${workspace}`, "node_modules");
    await mkdir(target, { recursive: true });
    await link(resolve(workspace, "node_modules"), target, [".bin", ".vite"]);
  }
  for (const [command, path] of Object.entries(COMMANDS))
    await symlink(join("..", path), join(modules, ".bin", command));
  return folder;
}

async function link(from: string, to: string, except: readonly string[]): Promise<void> {
  for (const name of await readdir(from).catch(() => []))
    if (!except.includes(name)) await symlink(join(from, name), join(to, name));
}

export function removeScratch(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
