/** The decisions behind submitting and watching: pure functions, so every case can be tried. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TaskSummary } from "../../generated/tasks.js";
import {
  ConnectionError,
  HttpError,
  InvalidResponseError,
} from "../../src/errors/request-errors.js";
import { surelyNeverSent } from "../../src/http/never-sent.js";
import { jitter, nextDelay, nextList, preferSummary } from "../../src/watch/pace.js";
import { retryDelay } from "../../src/http/backoff.js";
import { evidenceOf, quietBeforeSecond } from "../../src/submit/evidence.js";
import { isCandidate, missingParts, sortFound } from "../../src/submit/match.js";
import { isFinal, stateOf } from "../../src/tasks/task-state.js";
import type { Submission } from "../../src/submit/submission.js";

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

describe("nextDelay", () => {
  const bounds = { minMs: 250, maxMs: 5000 };

  it("stays within its bounds, whatever a task does", () => {
    const ms = fc.double({ min: 0, max: 1e8, noNaN: true });
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        ms,
        percent,
        fc.option(ms, { nil: undefined }),
        percent,
        (age, now, runningFor, gained) => {
          const delay = nextDelay({ age, percent: now, runningFor, gained, ...bounds });
          expect(delay).toBeGreaterThanOrEqual(250);
          expect(delay).toBeLessThanOrEqual(5000);
        },
      ),
    );
  });

  it("is short at the start, long in a long queue, and short again near the end", () => {
    const queued = (age: number) =>
      nextDelay({ age, percent: 0, runningFor: undefined, gained: 0, ...bounds });
    expect([0, 10_000, 60_000].map(queued)).toEqual([250, 1000, 5000]);
    const running = (percent: number) =>
      nextDelay({ age: 0, percent, runningFor: percent * 600, gained: percent, ...bounds });
    expect(running(50)).toBeGreaterThan(running(90));
    expect(running(99)).toBe(300);
  });
});

describe("lists", () => {
  it("are read for many tasks, and not where a long history makes them dear", () => {
    expect(preferSummary(1, undefined, 5)).toBe(false);
    expect(preferSummary(3, undefined, 100)).toBe(true);
    expect(preferSummary(3, undefined, 1_000_000)).toBe(false);
    expect(preferSummary(200, undefined, 1_000_000)).toBe(true);
    expect(preferSummary(10, 66_000, 0)).toBe(true);
    expect(preferSummary(10, 22_000_000, 0)).toBe(false);
  });

  it("are read twice a second at most while something runs, and seldom where they are big", () => {
    expect(nextList(10_000, 4000, true, 250)).toBe(500);
    expect(nextList(10_000, 300, true, 250)).toBe(300);
    expect(nextList(10_000, 4000, false, 250)).toBe(4000);
    expect(nextList(3_300_000, 300, true, 250)).toBe(13_200);
    expect(nextList(1e9, 300, true, 250)).toBe(30_000);
  });
});

describe("pauses between tries", () => {
  it("grow, stay below their bound, and differ from client to client", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, random) => {
          const pause = retryDelay(failures, random, 5000);
          expect(pause).toBeGreaterThan(0);
          expect(pause).toBeLessThanOrEqual(5000);
          expect(retryDelay(failures + 1, random, 5000)).toBeGreaterThanOrEqual(pause);
        },
      ),
    );
    expect(jitter(1000, 0)).toBe(850);
    expect(jitter(1000, 0.999)).toBeLessThan(1150);
  });
});

describe("evidenceOf", () => {
  const request = { method: "PUT", path: "/vapi/tasks/create/f" };
  const status = (code: number) =>
    new HttpError("server_error", "", request, { status: code, detail: "" });
  const broken = (options = {}) => new ConnectionError("", request, undefined, options);
  it.each([
    ["never sent", broken({ neverSent: true }), 1, undefined, "unsent"],
    ["cut while it was sent", broken(), 1, true, "unsent"],
    ["reset after all was sent", broken(), 1, false, "reset"],
    ["reset, and nobody knows", broken(), 1, "unknown", "reset"],
    ["no answer in time", broken({ timedOut: true }), 1, undefined, "silence"],
    ["HTML", new InvalidResponseError("invalid_response", "", request), 1, undefined, "reset"],
    ["redirect", new InvalidResponseError("redirected", "", request), 1, undefined, "refused"],
    ["429", status(429), 1, undefined, "unsent"],
    ["503", status(503), 1, undefined, "unsent"],
    ["502", status(502), 1, undefined, "reset"],
    ["504", status(504), 1, undefined, "reset"],
    ["500", status(500), 1, undefined, "refused"],
    ["500 to several tasks", status(500), 2, undefined, "partial"],
    ["400", status(400), 1, undefined, "refused"],
    ["400 to several tasks", status(400), 2, undefined, "partial"],
    ["a bug of ours", new RangeError(), 1, undefined, "refused"],
  ] as const)("%s", (_, error, count, unsent, evidence) => {
    expect(evidenceOf(error, count, unsent)).toBe(evidence);
  });

  it("waits longer before a second create the slower the server, and after silence", () => {
    const pace = { graceMs: 2000, slowestMs: 100, leftMs: 60_000 };
    expect(quietBeforeSecond("reset", pace)).toBe(2000);
    expect(quietBeforeSecond("silence", pace)).toBe(6000);
    const slow = { graceMs: 2000, slowestMs: 4000, leftMs: 60_000 };
    expect(quietBeforeSecond("reset", slow)).toBe(8000);
    expect(quietBeforeSecond("silence", slow)).toBe(16_000);
  });

  it("leaves time for the second create", () => {
    const late = { graceMs: 2000, slowestMs: 20_000, leftMs: 30_000 };
    expect(quietBeforeSecond("silence", late)).toBe(10_000);
    expect(quietBeforeSecond("silence", { ...late, leftMs: 100 })).toBe(2000);
  });
});

describe("surelyNeverSent", () => {
  const error = (code: string, cause?: unknown) =>
    Object.assign(new Error("x", { cause }), { code });
  it.each([
    ["refused", new TypeError("fetch failed", { cause: error("ECONNREFUSED") }), true],
    ["no such host", new TypeError("fetch failed", { cause: error("ENOTFOUND") }), true],
    [
      "a bad certificate",
      new TypeError("fetch failed", { cause: error("DEPTH_ZERO_SELF_SIGNED_CERT") }),
      true,
    ],
    ["Bun", error("ConnectionRefused"), true],
    ["Deno", new TypeError("error sending request: tcp connect error: Connection refused"), true],
    ["reset", new TypeError("fetch failed", { cause: error("ECONNRESET") }), false],
    ["a browser, which says nothing", new TypeError("Failed to fetch"), false],
    [
      "all addresses refused",
      new TypeError("fetch failed", {
        cause: Object.assign(new AggregateError([error("ECONNREFUSED"), error("ECONNREFUSED")])),
      }),
      true,
    ],
  ])("%s", (_, thrown, expected) => {
    expect(surelyNeverSent(thrown)).toBe(expected);
  });
});

/** A submission of `count` tasks from seed 1000 on, and a task of it. */
function submission(count: number, takesSeed = true): Submission {
  const plan = {
    flow: "f",
    seed: takesSeed ? 1000 : undefined,
    count,
    parts: [
      ...(takesSeed ? [{ name: "seed", value: "1000" }] : []),
      ...(count > 1 ? [{ name: "count", value: String(count) }] : []),
      { name: "prompt", value: "a\nb" },
    ],
  };
  return { plan, parts: plan.parts, above: 10, marker: undefined, headers: undefined } as never;
}

function task(task_id: number, seed = 1000, more: object = {}): TaskSummary {
  const input_params = { prompt: "a\r\nb", seed, ...more };
  return { task_id, name: "f", input_params } as never;
}

describe("isCandidate", () => {
  it.each([
    ["the task itself", task(11), true],
    ["an older one", task(10), false],
    ["one of another seed", task(11, 1003), false],
    ["the last one of the seeds", task(11, 1002), true],
    ["one of another prompt", task(11, 1000, { prompt: "b" }), false],
    ["one with a parameter that was not sent", task(11, 1000, { steps: "4" }), false],
    ["one of another flow", { ...task(11), name: "g" }, false],
  ])("%s", (_, candidate, expected) => {
    expect(isCandidate(candidate, submission(3))).toBe(expected);
  });
});

describe("what is sent after a lost create", () => {
  it("is what is missing, whatever was found", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.func(fc.boolean()), (count, isThere) => {
        const offsets = Array.from({ length: count }, (_, offset) => offset);
        const found = offsets.filter(isThere).map((offset) => task(11 + offset, 1000 + offset));
        const sent = missingParts(submission(count), found).flatMap(({ parts, count: n }) => {
          const seed = Number(parts.find(({ name }) => name === "seed")?.value);
          expect(Number(parts.find(({ name }) => name === "count")?.value ?? 1)).toBe(n);
          return Array.from({ length: n }, (_, index) => seed + index - 1000);
        });
        expect([...sent, ...offsets.filter(isThere)].sort((a, b) => a - b)).toEqual(offsets);
      }),
    );
  });

  it("is counted where there are no seeds", () => {
    const [request] = missingParts(submission(5, false), [task(11), task(12)]);
    expect(request?.count).toBe(3);
  });
});

describe("sortFound", () => {
  it("keeps the oldest task of each seed, and none beyond the number asked for", () => {
    const { keep, extra } = sortFound(submission(2), [
      task(14, 1001),
      task(12, 1000),
      task(13, 1001),
      task(15, 1000),
    ]);
    expect(keep.map(({ task_id }) => task_id)).toEqual([12, 13]);
    expect(extra.map(({ task_id }) => task_id)).toEqual([14, 15]);
  });
});
