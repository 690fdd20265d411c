/** Uploads and results where tests of applications run: vitest with its three environments. */
import type { Cell } from "../support/cell.js";

/** Names, and what is wrong there today. */
const ENVIRONMENTS: readonly (readonly [name: string, fails?: string])[] = [
  ["node"],
  ["jsdom", "a file from a path is cut, since File is that of jsdom: src/node/file-from-path.ts"],
  [
    "happy-dom",
    "a file from a path goes out as a text, since File is that of happy-dom: src/node/file-from-path.ts",
  ],
];

const cell = ([environment, fails]: (typeof ENVIRONMENTS)[number], node?: 22 | 24): Cell => ({
  name: `vitest 4, environment ${environment}, every kind of file, Node ${node ?? 20}`,
  ...(fails && { fails }),
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
