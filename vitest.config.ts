import { configDefaults, defineConfig } from "vitest/config";

/** What `make test-quick` leaves out: whole programs, browsers, packages, and many rounds of properties. */
const SLOW = [
  "test/{ai-provider,app,cli,docs,mcp,proxy,surroundings}/**",
  "test/client/{browser,node}/**",
  "test/client/submit/schedules.test.ts",
  "test/client/results/{download-faults,outage}.test.ts",
  "test/codegen/diff/{command,property,workflows}.test.ts",
  "test/codegen/{compile,hostile,init,kill,layout,left-out,prettier,property,readme,workflow}.test.ts",
  "test/{conformance,standin}/**",
  "test/{examples,packages}.test.ts",
];

export default defineConfig({
  // Tests import the packages by name; tsconfig.json maps the names to the sources.
  resolve: { tsconfigPaths: true },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(process.env["VIX_QUICK"] ? SLOW : [])],
    globalSetup: ["test/support/build.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    // One more than the default leaves: tests wait for processes and timers for much of their time.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
