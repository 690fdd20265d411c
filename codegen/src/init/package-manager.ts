/** How a package manager is told from the files of a project, and what its commands are in a workflow. */

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

/** The package manager of a project that has these files; npm where nothing says otherwise. */
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

/** What stands in a workflow. */
export interface Commands {
  /** Shell commands that install what the lock file says. */
  readonly install: readonly string[];
  /** What stands before the name of an installed program. */
  readonly run: string;
  /** Whether the set-up of Node can keep the downloads of this package manager. */
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
