import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";
import LongestFirst from "./test/support/longest-first.js";
import { PATIENCE_MS } from "./test/support/patience.js";

/** What `make test-quick` leaves out: whole programs, browsers, packages, many rounds, and long waits. */
const SLOW = [
  "test/{ai-provider,app,cli,conformance,docs,mcp,proxy,standin,surroundings}/**",
  "test/*.test.ts",
  "test/client/{browser,node,watch}/**",
  "test/client/http/reads.test.ts",
  "test/client/results/{download-faults,file-name,outage,results}.test.ts",
  "test/client/run/{edges,faults,long-history,rerun}.test.ts",
  "test/client/submit/schedules.test.ts",
  "test/codegen/diff/{command,property,workflows}.test.ts",
  "test/codegen/{cli,compile,hostile,init,kill,layout,left-out,prettier,property,readme,type-cost,workflow}.test.ts",
];

/** Files that replace modules or globals, which no other file may see. */
const ALONE = readdirSync("test", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts"))
  .map((path) => join("test", path))
  .filter((path) =>
    /\bvi\.(mock|stub|spyOn|useFakeTimers)|stackTraceLimit|ArrayBuffer\.prototype/.test(
      readFileSync(path, "utf8"),
    ),
  );

const excluded = [...configDefaults.exclude, ...(process.env["VIX_QUICK"] ? SLOW : [])];

export default defineConfig({
  // Tests import the packages by name; tsconfig.json maps the names to the sources.
  resolve: { tsconfigPaths: true },
  test: {
    globalSetup: ["test/support/build.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    // More than there are processors: tests wait for processes and timers for much of their time.
    maxWorkers: 2 * availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // Limits against tests that hang; where the machine is busy, a test takes as long as it takes.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: PATIENCE_MS } },
    projects: [
      // A worker loads each module once for all its files, which takes a third of the processor's time.
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [...excluded, ...ALONE],
          isolate: false,
        },
      },
      { extends: true, test: { name: "alone", include: ALONE, exclude: excluded } },
    ],
  },
});
