/** The decisions of a submit: what a failed create proves, which tasks it made, what is still missing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TaskSummary } from "../../../generated/tasks.js";
import {
  ConnectionError,
  HttpError,
  InvalidResponseError,
} from "../../../src/errors/request-errors.js";
import { evidenceOf, quietBeforeSecond } from "../../../src/submit/evidence.js";
import { isCandidate, missingParts, sortFound } from "../../../src/submit/match.js";
import type { Submission } from "../../../src/submit/submission.js";

describe("evidenceOf", () => {
  const request = { method: "PUT", path: "/vapi/tasks/create/f" };
  const status = (code: number, retryAfterMs?: number) =>
    new HttpError("server_error", "", request, { status: code, detail: "", retryAfterMs });
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
    ["503", status(503), 1, undefined, "reset"],
    ["503 with a time to come back", status(503, 1000), 1, undefined, "unsent"],
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
