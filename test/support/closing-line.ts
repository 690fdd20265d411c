import type { Reporter, TestModule } from "vitest/node";
import { CHROMIUM, NO_CHROMIUM } from "./browser.js";

/**
 * Prints how long the run takes at the start, and the skipped tests at the end. The last line is always
 * plain: `N passed, N failed` (and `, N skipped` if tests were skipped).
 */
export default class ClosingLine implements Reporter {
  onTestRunStart(): void {
    console.log(
      process.env["VIX_QUICK"]
        ? "The quick tests take about a minute on two cores; make test runs all of them."
        : "All tests take about 14 minutes on two cores; make test-quick runs the quicker ones in one.",
    );
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    // A file that cannot be loaded and an error outside of any test fail the run as a failed test does.
    let failed = unhandledErrors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.state() === "failed" && module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped.push(`${module.relativeModuleId} > ${test.fullName}`);
      }
    }
    const skippedPart = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
    // The default reporter may print after this call; the last line is ours.
    process.on("exit", () => {
      if (skipped.length > 0) console.log(`Skipped:\n  ${skipped.join("\n  ")}`);
      if (!CHROMIUM) console.log(NO_CHROMIUM);
      process.stdout.write(`${passed} passed, ${failed} failed${skippedPart}\n`);
    });
  }
}
