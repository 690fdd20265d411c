/** The state of a task, derived from the server's fields. */
import { describe, expect, it } from "vitest";
import { isFinal, stateOf } from "../../../src/tasks/task-state.js";

describe("stateOf", () => {
  it.each([
    [0, "", null, "queued"],
    [0, "", "2026-11-22T08:51:37", "running"],
    [41.25, "", "2026-11-22T08:51:37", "running"],
    // A worker gave up; the task will be handed out again.
    [41.25, "", null, "queued"],
    [41.25, "CUDA out of memory", null, "failed"],
    [100, "", null, "done"],
    [100, "", "2026-11-22T08:51:37", "done"],
    // The API lets workers report anything.
    [150, "", null, "done"],
    [-5, "", "2026-11-22T08:51:37", "running"],
  ] as const)("%d, %j, locked %j: %s", (progress, error, locked_at, state) => {
    expect(stateOf({ progress, error, locked_at })).toBe(state);
    expect(isFinal(state)).toBe(state === "done" || state === "failed");
  });
});
