import { defineConfig } from "vitest/config";

export default defineConfig({
  // Tests import the packages by name; tsconfig.json maps the names to the sources.
  resolve: { tsconfigPaths: true },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/build.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
