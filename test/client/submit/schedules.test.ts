/**
 * Runs submits through random schedules of faults, delays, ids and actions of the caller, on virtual time.
 * When the guards have ended, exactly the requested tasks exist.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SubmitUncertainError } from "../../../src/index.js";
import { idsOf, Play, type Outcome } from "./play.js";
import { schedule } from "./schedule.js";
import { isLost } from "./virtual-server.js";

const RUNS = Number(process.env["VIX_SCHEDULES"] ?? 10_000);

// Many errors are created here, and their stacks are never shown.
Error.stackTraceLimit = 0;

/** Most creates that are sent without a response, including the first. */
const MOST_LOST = 4;

/** Time after which a submit may give up: most of `retry.budgetMs`, in ms. */
const PATIENCE_MS = 45_000;

/** Whether the client could not know the result of a call that ended as uncertain. */
function isExcused(play: Play, outcome: Outcome<unknown>): boolean {
  const { error, startedAt, at = 0, responded } = outcome;
  const { status } = (error as { cause: { status?: number } }).cause;
  const lost = play.createsSoFar.filter(isLost);
  // Without credentials, the client cannot look for the task of a create.
  const isBlind = status === 401 || status === 403;
  // If nothing ever responded, there may be no server; browsers do not report that nothing was sent.
  return !responded || isBlind || lost.length >= MOST_LOST || at - startedAt >= PATIENCE_MS;
}

describe("a submit on any schedule", () => {
  it(`leaves exactly the tasks that were asked for (${RUNS} schedules)`, async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (given) => {
        const play = new Play(given);
        await play.run();
        const { server, submit, closedAt, givenUpAt = Infinity } = play;
        const uncertain = [submit, ...play.reruns].filter(
          ({ error }) => error instanceof SubmitUncertainError,
        );
        for (const outcome of uncertain) expect(isExcused(play, outcome)).toBe(true);
        // A caller who gives up the run after an uncertain rerun settles nothing.
        if (uncertain.some((outcome) => outcome !== submit) && givenUpAt < Infinity) return;
        await play.settle();
        const run = play.submit.value;
        if (play.submit !== submit) expect(run).toBeDefined();
        const wanted = run && givenUpAt === Infinity ? idsOf(run) : [];
        if (given.keyed) {
          // Whatever happened, the next call with the key completes the run, from any process.
          const next = play.call(play.newClient());
          await play.rest();
          expect(next.value).toBeDefined();
          expect(next.value?.tasks).toHaveLength(given.count);
          expect(server.created).toEqual(idsOf(next.value!));
          if (wanted.length > 0 && closedAt === Infinity)
            expect(idsOf(next.value!)).toEqual(wanted);
          return;
        }
        if (wanted.length > 0) expect(wanted).toHaveLength(given.count);
        // The guards do not handle tasks that arrive after their end.
        const left = server.created.filter(
          (id) => wanted.includes(id) || server.tasks.get(id)!.createdAt < closedAt,
        );
        expect(left).toEqual(wanted);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("two processes with one key", () => {
  it("end with one run, that of the lowest ids", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, fc.constantFrom(0, 1, 4, 60, 2500), async (given, delay) => {
        const play = new Play({ ...given, keyed: true, others: [], acts: [] });
        let second = play.submit;
        play.clock.after(delay, () => (second = play.call(play.newClient())));
        await play.run();
        const outcomes = [play.submit, second];
        if (outcomes.some(({ error }) => error !== undefined)) return;
        expect(play.server.created).toHaveLength(given.count);
        for (const { value } of outcomes) expect(idsOf(value!)).toEqual(play.server.created);
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  });
});
