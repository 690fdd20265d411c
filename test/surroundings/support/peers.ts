/** Third-party packages for the cells: pinned, installed once per machine, never committed. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The newest versions that run on Node 20.19, unless a name says otherwise. */
const VERSIONS = {
  "@nestjs/common": "11.2.10",
  "@nestjs/core": "11.2.10",
  "@nestjs/platform-express": "11.2.10",
  "@swc/core": "1.16.22",
  "@swc/jest": "0.2.39",
  "@types/node": "20.19.43",
  "@types/react": "19.3.0",
  bun: "1.4.5",
  deno: "2.9.6",
  "happy-dom": "20.14.6",
  jest: "30.5.2",
  jsdom: "29.1.1",
  msw: "2.9.0",
  next: "16.4.6",
  "node-fetch": "3.3.2",
  react: "19.3.1",
  "react-dom": "19.3.1",
  "reflect-metadata": "0.2.2",
  rollup: "4.68.8",
  rxjs: "7.8.2",
  typescript: "5.9.3",
  undici: "7.30.2",
  vitest: "4.1.12",
  webpack: "5.113.0",
  workerd: "1.20261117.1",
} as const;

/** A name of {@link VERSIONS}, or a name with the version that a cell needs. */
export type Peer = keyof typeof VERSIONS | `${string}@${string}`;

const installs = new Map<string, Promise<string>>();

/** Installs packages side by side, unless this was done before. Returns their folder. */
export function installPeers(peers: readonly Peer[]): Promise<string> {
  const wanted = peers.map((peer) =>
    peer in VERSIONS ? `${peer}@${VERSIONS[peer as keyof typeof VERSIONS]}` : peer,
  );
  const name = createHash("sha256").update(wanted.sort().join(" ")).digest("hex").slice(0, 16);
  let installed = installs.get(name);
  installed ??= install(name, wanted);
  installs.set(name, installed);
  return installed;
}

async function install(name: string, wanted: readonly string[]): Promise<string> {
  const cache = join(tmpdir(), "vix-peers");
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, "new-"));
  await writeFile(join(fresh, "package.json"), '{"private":true}');
  // Scripts fetch the runtimes' binaries from packages beside them.
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", "--foreground-scripts"];
  await run("npm", [...args, ...wanted], { cwd: fresh, timeout: 240_000 });
  // Another process may have been faster; its folder is equally good.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  return folder;
}
