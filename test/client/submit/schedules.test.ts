/**
 * The decisions of a submit, driven through random schedules of faults, delays, ids and acts of its caller on
 * virtual time: once the guards are done there is never a task more or less than was asked for.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SubmitUncertainError } from "../../../src/index.js";
import { idsOf, Play, type Outcome } from "./play.js";
import { schedule } from "./schedule.js";
import { isLost } from "./virtual-server.js";

const RUNS = Number(process.env["VIX_SCHEDULES"] ?? 10_000);

// Errors are many here, and their stacks are never shown.
Error.stackTraceLimit = 0;

/** The first create and the most that are sent after it without a response. */
const MOST_LOST = 4;

/** Time after which a submit may give up: most of `retry.budgetMs`, in ms. */
const PATIENCE_MS = 45_000;

/** Whether nobody could have told what came of a call that ended as uncertain. */
function isExcused(play: Play, outcome: Outcome<unknown>): boolean {
  const { error, startedAt, at = 0, responded } = outcome;
  const { status } = (error as { cause: { status?: number } }).cause;
  const lost = play.createsSoFar.filter(isLost);
  // Without credentials it cannot be seen what comes of a create.
  const isBlind = status === 401 || status === 403;
  // What never responded may be no server, and browsers do not say that nothing was sent.
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
        // A caller who was told of an uncertain rerun and gives the run up settles nothing.
        if (uncertain.some((outcome) => outcome !== submit) && givenUpAt < Infinity) return;
        await play.settle();
        const run = play.submit.value;
        if (play.submit !== submit) expect(run).toBeDefined();
        const wanted = run && givenUpAt === Infinity ? idsOf(run) : [];
        if (given.keyed) {
          // Whatever happened: the next call with the key completes the run, from any process.
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
        // What arrives after the guards were ended is not theirs.
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
