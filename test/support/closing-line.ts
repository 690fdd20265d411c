import type { Reporter, TestModule } from "vitest/node";

/** Ends the run with the plain line `N passed, N failed` (and `, N skipped` where a test was). */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    // A file that cannot be loaded and an error outside of any test fail the run as a failed test does.
    let failed = unhandledErrors.length;
    let skipped = 0;
    for (const module of modules) {
      if (module.state() === "failed" && module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped += 1;
      }
    }
    const skippedPart = skipped > 0 ? `, ${skipped} skipped` : "";
    // The default reporter may print after this call; the last line is ours.
    process.on("exit", () => {
      process.stdout.write(`${passed} passed, ${failed} failed${skippedPart}\n`);
    });
  }
}
