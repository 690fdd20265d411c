/** `result()` and `progress()` of existing tasks. */
import type { VisionatrixError } from "../errors/errors.js";
import { mapParallel } from "../time/parallel.js";
import { resultFiles } from "../results/find-files.js";
import { progressOf, stream } from "./progress.js";
import type { Progress, RunResult, Waitable, WaitOptions } from "./run.js";
import { checkWaitOptions } from "./check-call.js";
import { ended, stopperOf, type Scope } from "./scope.js";
import { waitForAll } from "./wait.js";

export function waitable(scope: Scope): Waitable {
  return {
    async result(options = {}) {
      checkWaitOptions(options);
      const { signal, release } = stopperOf(scope, options);
      try {
        return await resultOf(scope, options, signal);
      } catch (error) {
        throw await ended(scope, error, signal);
      } finally {
        release();
      }
    },
    progress: (options = {}) => stream((left) => progressOf(scope, options, left)),
  };
}

/** Waits until all tasks are done, and finds their files. */
async function resultOf(
  scope: Scope,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<RunResult> {
  const { tools } = scope;
  let last: Progress | undefined;
  const report = (progress: Progress): void => {
    last = progress;
    try {
      options.onProgress?.(progress);
    } catch (error) {
      // An error from the caller's own code is rethrown unchanged, and counts as leaving the wait.
      if (scope.flow !== undefined) void scope.cancel();
      throw error;
    }
  };
  const views = await waitForAll(scope, signal, report, options);
  const finding = {
    signal,
    outageMs: tools.watcher.poll.outageMs,
    onTrouble: (trouble?: VisionatrixError) => last && report({ ...last, trouble }),
  };
  const files = await mapParallel(views, async ({ task }) =>
    task ? resultFiles(tools.api, task, scope.ids, finding) : [],
  );
  return { files: files.flat(), tasks: [...scope.tasks] };
}
