/** `result()` and `progress()` of tasks that exist. */
import { mapParallel } from "../time/parallel.js";
import { resultFiles } from "../results/find-files.js";
import { progressOf, stream } from "./progress.js";
import type { RunResult, Waitable, WaitOptions } from "./run.js";
import { ended, stopperOf, type Scope } from "./scope.js";
import { waitForAll } from "./wait.js";

export function waitable(scope: Scope): Waitable {
  return {
    async result(options = {}) {
      const { signal, release } = stopperOf(scope, options);
      try {
        return await resultOf(scope, options, signal);
      } catch (error) {
        throw await ended(scope, error);
      } finally {
        release();
      }
    },
    progress: (options = {}) => stream((left) => progressOf(scope, options, left)),
  };
}

/** Waits until all tasks are done, and looks at what they made. */
async function resultOf(
  scope: Scope,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<RunResult> {
  const views = await waitForAll(
    scope,
    signal,
    (progress) => {
      try {
        options.onProgress?.(progress);
      } catch (error) {
        // An error of the caller's own is handed on as it is, and counts as leaving.
        if (scope.flow !== undefined) void scope.cancel();
        throw error;
      }
    },
    options,
  );
  const files = await mapParallel(views, async ({ task }) =>
    task ? resultFiles(scope.tools.api, task, scope.ids, signal) : [],
  );
  return { files: files.flat(), tasks: [...scope.tasks] };
}
