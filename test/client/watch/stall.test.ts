/** Stalled tasks: how they are detected, and what is done about them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TaskStalledError, type Client, type Progress } from "visionatrix-client";
import { pixartE, sdxlLighting } from "visionatrix-client/flows";
import type { TaskSummary, Worker } from "../../../generated/tasks.js";
import { isLookDue, stallReason } from "../../../src/watch/stall.js";
import { afterAnswer, watchedTask } from "../../../src/watch/watched.js";
import { asked, QUICK, standinWithClient } from "../../support/standin.js";

const worker = (last_seen: string, empty_task_requests_count: number, worker_id = "w") =>
  ({ worker_id, last_seen, empty_task_requests_count }) as Worker;

describe("stallReason", () => {
  const idle = worker("2026-11-22T08:51:37", 1);
  const later = worker("2026-11-22T08:51:37.5", 2);
  const busy = worker("2026-11-22T08:51:38", 0);
  const gone = undefined;
  const held = { locked_at: "2026-11-22T08:50:00", worker_id: "w" };
  const free = { ...held, locked_at: null };
  const other = { ...held, worker_id: "v" };
  it.each([
    ["moves", held, 0, 0, [], undefined],
    ["was not looked at", held, 59_999, 0, [], undefined],
    ["was looked at once", held, 0, 0, [gone, idle], undefined],
    ["has a worker that is idle twice", held, 0, 0, [idle, later], "orphaned"],
    ["has a worker of which nothing more was heard", held, 0, 0, [idle, idle], undefined],
    ["has a worker that died when it was idle", held, 60_000, 0, [idle, idle], "silent"],
    ["has a worker that works", held, 0, 0, [busy, busy], undefined],
    ["has a worker that works again", held, 0, 0, [idle, busy], undefined],
    ["has a worker that has been idle once", held, 0, 0, [busy, worker("2027", 1)], undefined],
    ["has a worker that is not listed", held, 59_999, 0, [gone, gone], undefined],
    ["has a worker that stays unlisted", held, 60_000, 0, [gone, gone], "silent"],
    ["has another worker than the idle one", other, 0, 0, [idle, later], undefined],
    ["is free", free, 90_000, 0, [idle, later], undefined],
    ["was taken again now and then", held, 0, 2, [], undefined],
    ["is taken again and again", held, 0, 3, [], "looping"],
    ["is free between two takes", free, 0, 3, [], "looping"],
    ["loops, with a worker that is idle between", held, 90_000, 3, [idle, later], "looping"],
  ] as const)("of a task that %s", (_, task, stillMs, retakes, looks, reason) => {
    expect(stallReason({ task, stillMs, retakes, looks }, 60_000)).toBe(reason);
  });
});

describe("what successive answers show of a task", () => {
  const poll = { minMs: 250, maxMs: 5000, outageMs: 1, stallMs: 60_000 };
  /** The states of a task at each poll, from its progress and the number of its take (0: not taken). */
  const statesOf = (...answers: [progress: number, take: number][]): string[] => {
    const entry = watchedTask(1, 0, 0);
    return answers.map(([progress, take], index) => {
      const locked_at = take ? `2026-11-22T08:51:${10 + take}` : null;
      const task = { progress, error: "", locked_at, execution_time: 0 } as TaskSummary;
      const now = index * 1000;
      entry.view = afterAnswer(entry, task, poll, now, now, 0);
      return entry.view.stalled ?? entry.view.state;
    });
  };
  const last = (...answers: [number, number][]) => statesOf(...answers).at(-1);

  it("is a loop after three more takes without progress, until one makes progress", () => {
    const loop = statesOf([0, 1], [50, 1], [50, 0], [0, 2], [20, 3], [50, 4], [50, 0], [51, 5]);
    expect(loop.slice(0, 5)).toEqual(["running", "running", "queued", "running", "running"]);
    expect(loop.slice(5)).toEqual(["looping", "looping", "running"]);
    expect(last([0, 1], [0, 2], [0, 3], [0, 4])).toBe("looping");
  });

  it("is no loop if it makes progress, was taken again once or twice, or ended", () => {
    expect(last([10, 1], [20, 2], [30, 3], [40, 4], [50, 5])).toBe("running");
    expect(last([90, 1], [0, 2], [30, 3])).toBe("running");
    expect(last([0, 1], [0, 2], [0, 3], [100, 4])).toBe("done");
  });
});

describe("a task that its worker released", () => {
  const poll = { minMs: 250, maxMs: 5000, outageMs: 1, stallMs: 600_000 };
  const START = Date.UTC(2026, 10, 22);
  /**
   * The last state of an unlocked task, from the time of each report and how long its run took by then, in s.
   */
  const stateOf = (progress: number, ...reports: [at: number, ran: number][]): string => {
    const entry = watchedTask(1, 0, 0);
    for (const [at, ran] of reports) {
      const updated_at = new Date(START + at * 1000).toISOString().slice(0, -1);
      const state = { progress, error: "", locked_at: null, worker_id: "w" };
      const task = { ...state, execution_time: ran, updated_at } as unknown as TaskSummary;
      const now = at * 1000;
      entry.view = afterAnswer(entry, task, poll, now, now, 0);
    }
    return entry.view.stalled ?? entry.view.state;
  };

  it("is a loop if each poll shows the report of a later run", () => {
    expect(stateOf(50, [1, 0.4], [6, 0.5], [11, 0.4])).toBe("queued");
    expect(stateOf(50, [1, 0.4], [6, 0.5], [11, 0.4], [16, 0.4])).toBe("looping");
    expect(stateOf(0, [1, 0], [2.2, 0], [3.3, 0], [4.4, 0])).toBe("looping");
  });

  it("is no loop while it waits, or while a worker still reports after a restart", () => {
    expect(stateOf(50, [1, 0.4], [1, 0.4], [1, 0.4], [1, 0.4], [1, 0.4])).toBe("queued");
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            pause: fc.double({ min: 0, max: 30, noNaN: true }),
            late: fc.double({ min: 0, max: 0.4, noNaN: true }),
          }),
          { minLength: 4, maxLength: 20 },
        ),
        (pauses) => {
          let ran = 0;
          const reports = pauses.map(({ pause, late }): [number, number] => [
            (ran += pause) + late,
            ran,
          ]);
          expect(stateOf(50, ...reports)).toBe("queued");
        },
      ),
    );
  });
});

describe("isLookDue", () => {
  it("is true when a task has not changed for twice as long as last time, or a minute more", () => {
    const looks: number[] = [];
    for (let still = 0; still <= 300_000; still += 1000)
      if (isLookDue(still, looks.at(-1), 5000)) looks.push(still);
    expect(looks.map((ms) => ms / 1000)).toEqual([5, 10, 20, 40, 80, 140, 200, 260]);
  });
});

/** What a wait shows until it ends, each state once. */
async function seenUntilStalled(client: Client, id: number): Promise<string[]> {
  const states: string[] = [];
  const note = ({ tasks: [task] }: Progress): void => {
    const shown = [task?.state, task?.stalled].filter(Boolean).join(" ");
    if (states.at(-1) !== shown) states.push(shown);
  };
  await client
    .task(id)
    .result({ onStall: "fail", onProgress: note })
    .catch((error: unknown) =>
      states.push(`${(error as Error).name} ${(error as TaskStalledError).reason}`),
    );
  return states;
}

describe("a stalled task", () => {
  it("is found to be orphaned by a few requests for its worker", async () => {
    const { client, standin } = await standinWithClient({ faults: [{ do: "orphan", at: 30 }] });
    const run = await sdxlLighting(client, { prompt: "a" });
    const states = await seenUntilStalled(client, run.tasks[0]!.id);
    expect(states.slice(-2)).toEqual(["stalled orphaned", "TaskStalledError orphaned"]);
    // At 1, 2 and 4 s, until the worker, which polls once a second, was seen again.
    expect(asked(standin, "workers")).toBeLessThan(4);
    expect(standin.requests.find(({ endpoint }) => endpoint === "workers")?.url).toContain(
      "worker_id=",
    );
  });

  it("is found to be orphaned among many that are polled by a list", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "orphan", at: 30, times: 1 }] });
    const run = await sdxlLighting(client, { prompt: "a", count: 3 });
    const error = (await run
      .result({ onStall: "fail" })
      .catch((e: unknown) => e)) as TaskStalledError;
    expect(error).toBeInstanceOf(TaskStalledError);
    expect(error.reason).toBe("orphaned");
    expect(error.taskIds).toEqual([1]);
    expect(error.message).toMatch(/^Task 1 is stalled: its worker .*rerun\(\)/);
  });

  it("is silent where its worker has died", async () => {
    const { client } = await standinWithClient(
      { faults: [{ do: "stall", at: 30 }] },
      { poll: { ...QUICK, stallMs: 200 } },
    );
    const run = await sdxlLighting(client, { prompt: "a" });
    const states = await seenUntilStalled(client, run.tasks[0]!.id);
    expect(states.at(-1)).toBe("TaskStalledError silent");
  });

  it.each([401, 404])(
    "is silent where workers are not shown (%d), and they are asked for once",
    async (status) => {
      const { client, standin } = await standinWithClient(
        {
          faults: [
            { do: "orphan", at: 30 },
            { on: "workers", do: "status", status },
          ],
        },
        { poll: { ...QUICK, stallMs: 1500 } },
      );
      const run = await sdxlLighting(client, { prompt: "a" });
      expect((await seenUntilStalled(client, run.tasks[0]!.id)).at(-1)).toBe(
        "TaskStalledError silent",
      );
      expect(asked(standin, "workers")).toBe(1);
    },
  );

  it.each([
    ["by quick looks", QUICK, 1],
    ["by the usual looks, which see it waiting", {}, 1],
    ["among many that are read by a list", {}, 3],
  ])("is named where it is taken again and again: %s", async (_, poll, count) => {
    const { client, standin } = await standinWithClient(
      { speed: 5, duration: 1000, faults: [{ do: "loop", at: 50, times: 1 }] },
      { poll },
    );
    const run = await sdxlLighting(client, { prompt: "a", count });
    const error: unknown = await run.result({ onStall: "fail" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TaskStalledError);
    expect(error).toMatchObject({ reason: "looping", taskIds: [1] });
    expect(asked(standin, "workers")).toBe(0);
  });

  it("is waited for by default", async () => {
    const { client } = await standinWithClient(
      { faults: [{ do: "stall", at: 30 }] },
      { poll: { ...QUICK, stallMs: 50 } },
    );
    const run = await sdxlLighting(client, { prompt: "a" });
    let stalled = 0;
    const wait = run.result({
      onProgress: ({ state }) => {
        if (state === "stalled") stalled++;
        if (stalled) throw new Error("seen");
      },
    });
    await expect(wait).rejects.toThrow("seen");
  });

  it("that does not exist costs no request for workers", async () => {
    const { client, standin } = await standinWithClient(
      { speed: 10 },
      { poll: { minMs: 5, maxMs: 10_000 } },
    );
    await (await sdxlLighting(client, { prompt: "a" })).result();
    await (await pixartE(client, { prompt: "a" })).result();
    expect(asked(standin, "workers")).toBe(0);
  });
});
