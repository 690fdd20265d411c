/** From tasks that exist to their files. Loaded when a result is asked for. */
import { cancelScope } from "./cancel-scope.js";
import type { WaitOptions } from "./options.js";
import { mapParallel } from "./parallel.js";
import { resultFiles } from "./result-file.js";
import { idsOf, type RunResult, type Scope } from "./run.js";
import { waitForAll } from "./wait.js";

/**
 * Waits until all tasks are done, and looks at what they made.
 * @throws as `waitForAll`
 */
export async function resultOf(
  scope: Scope,
  { onProgress, failOnStall }: WaitOptions,
  signal: AbortSignal,
): Promise<RunResult> {
  const { context, tasks } = scope;
  const views = await waitForAll(
    scope,
    signal,
    (progress) => {
      try {
        onProgress?.(progress);
      } catch (error) {
        // An error of the caller's own is handed on as it is, and counts as leaving.
        if (scope.owned) void cancelScope(scope);
        throw error;
      }
    },
    failOnStall,
  );
  const files = await mapParallel(views, async ({ task }) =>
    task ? resultFiles(context, task, idsOf(scope), signal) : [],
  );
  return { files: files.flat(), tasks };
}
