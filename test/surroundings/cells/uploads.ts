/** Uploads and results in test environments of applications: vitest's three. */
import type { Cell } from "../support/cell.js";

const ENVIRONMENTS = ["node", "jsdom", "happy-dom"] as const;

const cell = (environment: (typeof ENVIRONMENTS)[number], node?: 22 | 24): Cell => ({
  name: `vitest 4, environment ${environment}, every kind of file, Node ${node ?? 20}`,
  program: "test/surroundings/programs/uploads",
  peers: ["vitest", "jsdom", "happy-dom"],
  ...(node ? { node } : { quick: true }),
  check: async ({ node: program, run }) => {
    const args = ["../node_modules/vitest/vitest.mjs", "run", "--environment", environment];
    await run(program, [...args, "--root", ".", "--testTimeout", "8000"]);
    return undefined;
  },
});

export const uploads: readonly Cell[] = ENVIRONMENTS.flatMap((environment) => [
  cell(environment),
  cell(environment, 22),
  cell(environment, 24),
]);
