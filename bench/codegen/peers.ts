/** The generators that we compare with: installed outside of the repository, run as their guides say. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface Peer {
  readonly name: string;
  /** Major version of Node that it needs, if the current one is older. */
  readonly node?: 22;
  readonly packages: readonly string[];
  /** Package and name of its command. */
  readonly command: readonly [packageName: string, bin: string];
  /** Arguments for a document and an output, and files that it needs. */
  readonly args: (
    document: string,
    out: string,
  ) => { args: string[]; files?: Record<string, string> };
}

const HEY_API: Omit<Peer, "name" | "packages"> = {
  command: ["@hey-api/openapi-ts", "openapi-ts"],
  args: (document, out) => ({ args: ["-i", document, "-o", out] }),
};

const ORVAL: Omit<Peer, "name" | "packages"> = {
  command: ["orval", "orval"],
  args: (document, out) => ({
    args: ["--config", "orval.config.mjs"],
    files: {
      "orval.config.mjs": `export default { api: { input: ${JSON.stringify(document)}, output: { target: ${JSON.stringify(join(out, "api.ts"))}, client: "fetch" } } };`,
    },
  }),
};

/** kubb 5 is missing: its plugins for TypeScript and clients exist only for kubb 4. */
export const PEERS: readonly Peer[] = [
  {
    name: "openapi-typescript 7.13",
    packages: ["openapi-typescript@7.13.0"],
    command: ["openapi-typescript", "openapi-typescript"],
    args: (document, out) => ({ args: [document, "-o", join(out, "api.d.ts")] }),
  },
  {
    ...HEY_API,
    name: "hey-api 0.95",
    packages: ["@hey-api/openapi-ts@0.95.0", "typescript@5.9.3"],
  },
  {
    ...HEY_API,
    name: "hey-api 0.99",
    node: 22,
    packages: ["@hey-api/openapi-ts@0.99.0", "typescript@5.9.3"],
  },
  { ...ORVAL, name: "orval 7.21", packages: ["orval@7.21.0"] },
  { ...ORVAL, name: "orval 8.38", node: 22, packages: ["orval@8.38.0"] },
  {
    name: "kubb 4.39",
    packages: [
      "@kubb/cli@4.39.3",
      "@kubb/core@4.39.3",
      "@kubb/plugin-oas@4.39.3",
      "@kubb/plugin-ts@4.39.3",
      "@kubb/plugin-client@4.39.3",
    ],
    command: ["@kubb/cli", "kubb"],
    args: (document, out) => ({
      args: ["generate", "--config", "kubb.config.mjs"],
      files: {
        "kubb.config.mjs": `import { defineConfig } from "@kubb/core";
import { pluginOas } from "@kubb/plugin-oas";
import { pluginTs } from "@kubb/plugin-ts";
import { pluginClient } from "@kubb/plugin-client";
export default defineConfig({
  input: { path: ${JSON.stringify(document)} },
  output: { path: ${JSON.stringify(out)}, clean: true },
  plugins: [pluginOas(), pluginTs(), pluginClient({ client: "fetch" })],
});`,
      },
    }),
  },
  {
    name: "swagger-typescript-api 13.13",
    packages: ["swagger-typescript-api@13.13.0"],
    command: ["swagger-typescript-api", "swagger-typescript-api"],
    args: (document, out) => ({ args: ["generate", "-p", document, "-o", out] }),
  },
];

/** Installs a peer in its own folder. Returns the path of its command. */
export function install(peer: Peer, root: string): string {
  const dir = peerFolder(peer, root);
  installPackages(dir, peer.packages);
  return binOf(dir, ...peer.command);
}

/** Path of a Node of this major version, installed as a package; without a version, of the current Node. */
export function nodeOf(version: 22 | undefined, root: string): string {
  if (version === undefined) return process.execPath;
  const dir = join(root, `node-${version}`);
  installPackages(dir, [`node@${version}`]);
  return join(dir, "node_modules/node/bin/node");
}

function installPackages(dir: string, packages: readonly string[]): void {
  if (existsSync(join(dir, "node_modules"))) return;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "package.json"), '{"private":true,"type":"module"}');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--save-exact", ...packages], {
    cwd: dir,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Where a peer is installed and run. */
export function peerFolder({ name }: Peer, root: string): string {
  return join(root, name.replaceAll(/[^a-z0-9]+/g, "-"));
}

function binOf(dir: string, packageName: string, bin: string): string {
  const path = join(dir, "node_modules", packageName, "package.json");
  const manifest = createRequire(path)(path) as { bin: string | Record<string, string> };
  const relative = typeof manifest.bin === "string" ? manifest.bin : (manifest.bin[bin] ?? "");
  return join(dirname(path), relative);
}
