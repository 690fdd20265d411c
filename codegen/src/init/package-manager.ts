/** Detects a project's package manager from its files, with its commands for a workflow. */

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

/** The package manager of a project with these files; npm by default. */
export function packageManagerOf(files: readonly string[], declared = ""): PackageManager {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(declared)?.[1] as PackageManager | undefined;
  const locks: readonly (readonly [string, PackageManager])[] = [
    ["package-lock.json", "npm"],
    ["pnpm-lock.yaml", "pnpm"],
    ["yarn.lock", "yarn"],
    ["bun.lock", "bun"],
    ["bun.lockb", "bun"],
  ];
  return named ?? locks.find(([file]) => files.includes(file))?.[1] ?? "npm";
}

/** Commands for a workflow. */
export interface Commands {
  /** Shell commands that install from the lock file. */
  readonly install: readonly string[];
  /** Prefix that runs an installed program. */
  readonly run: string;
  /** Whether the Node set-up step can cache this package manager's downloads. */
  readonly hasCache: boolean;
}

export const COMMANDS: Readonly<Record<PackageManager, Commands>> = {
  npm: { install: ["npm ci --no-audit --no-fund"], run: "npx --no-install", hasCache: true },
  pnpm: {
    install: ["corepack enable", "pnpm install --frozen-lockfile"],
    run: "pnpm exec",
    hasCache: false,
  },
  yarn: {
    install: ["corepack enable", "yarn install --immutable"],
    run: "yarn run",
    hasCache: false,
  },
  bun: {
    install: ["npm install --global bun", "bun install --frozen-lockfile"],
    run: "bun x --no-install",
    hasCache: false,
  },
};
