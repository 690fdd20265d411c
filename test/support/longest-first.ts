import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest, so that none of them is left over when the others are done. */
const LONGEST = [
  "client/submit/schedules",
  "cli/kill",
  "codegen/property",
  "mcp/time",
  "codegen/kill",
  "cli/batch",
  "docs/commands",
  "client/run/faults",
  "cli/run",
  "app/day",
  "client/node/few-handles",
  "docs/newcomer",
  "surroundings/quick",
  "proxy/recipes",
  "cli/batch-safety",
  "cli/tasks",
  "client/node/stop-on-signals",
  "codegen/compile",
  "codegen/prettier",
  "mcp/errand",
  "mcp/safety",
  "packages",
  "app/trouble",
  "app/hand",
  "app/access",
  "cli/server",
  "codegen/diff/property",
  "surroundings/clocks",
];

/** Runs the longest files first. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.indexOf(relative("test", moduleId).replace(/\.test\.ts$/, ""));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
