/** The packages are no larger than README.md says: their tarballs, and what `npm install` writes to disk. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locate, tarballs } from "./surroundings/support/tarballs.js";

interface Manifest {
  dependencies?: Record<string, string>;
}

/** Rows of README.md: package, folder, kB of the tarball, MB with all dependencies. */
const ROWS = [
  ...readFileSync("README.md", "utf8").matchAll(
    /^\| `(visionatrix-[\w-]+)` +\| `(.+?)` +\| (\d+) kB +\| ([\d.]+) MB/gm,
  ),
].map(([, name = "", folder = "", packed = "", installed = ""]) => ({
  name,
  folder,
  packed: Number(packed),
  installed: Number(installed),
}));

/** Peers that must be installed with a package; optional ones are left out. */
const PEERS: Readonly<Record<string, readonly string[]>> = {
  "visionatrix-ai-provider": ["."],
  "visionatrix-mcp": ["."],
};

function bytesOf(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path)
    .filter((name) => name !== "node_modules")
    .reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

/** The folders of all packages that a package needs, resolved from its own folder. */
function needed(folder: string, found = new Set<string>()): Set<string> {
  const { dependencies = {} } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as Manifest;
  for (const name of Object.keys(dependencies)) {
    const path = locate(name, join(process.cwd(), folder));
    if (found.has(path)) continue;
    found.add(path);
    needed(path.slice(process.cwd().length + 1), found);
  }
  return found;
}

it("README.md states all sizes", async () => {
  expect(ROWS.map(({ name }) => name).sort()).toEqual([...(await tarballs()).keys()].sort());
});

describe.each(ROWS)("$name", ({ name, folder, packed, installed }) => {
  it(`is a tarball of at most ${packed} kB`, async () => {
    expect((await tarballs()).get(name)!.size / 1000).toBeLessThan(packed);
  });

  it(`takes at most ${installed} MB installed`, async () => {
    const peers = PEERS[name] ?? [];
    const others = [folder, ...peers].flatMap((each) => [...needed(each)]);
    const names = [name, ...(peers.length > 0 ? ["visionatrix-client"] : [])];
    const own = await Promise.all(
      names.map(async (each) => (await tarballs()).get(each)!.unpackedSize),
    );
    const bytes = [...own, ...[...new Set(others)].map(bytesOf)].reduce(
      (sum, each) => sum + each,
      0,
    );
    expect(bytes / 1e6).toBeLessThan(installed);
  });
});
