/** Schedules of a submit: the fate of its requests, and the actions of its caller with their times. */
import fc from "fast-check";
import type { Fate } from "./virtual-server.js";

/** What the caller does at some time, in ms after the call. */
export interface Act {
  readonly at: number;
  /** `cancel` and `rerun` do nothing before there is a run. */
  readonly do: "abort" | "cancel" | "rerun" | "close";
}

/** When the server carries out a request that the client gave up, in ms: mostly never. */
const arrival = fc.option(fc.constantFrom(0, 100, 1000, 3000, 10_000, 20_000, 60_000, 250_000), {
  nil: undefined,
  freq: 4,
});

const answered = fc.record({
  do: fc.constant("answer" as const),
  after: fc.constantFrom(1, 50, 900, 8000),
});
const broken = fc.record({
  do: fc.constantFrom("reset", "silence", "502"),
  carriedOutAfter: arrival,
}) as fc.Arbitrary<Fate>;
const unreachable = fc.record({ do: fc.constant("unreachable" as const) });
const refused = fc.record({
  do: fc.constant("refuse" as const),
  status: fc.constantFrom(401, 403, 422, 503),
  retryAfterS: fc.constantFrom(undefined, 1, 7),
});
const busy = fc.record({
  do: fc.constant("refuse" as const),
  status: fc.constant(503),
});

const createFate = fc.oneof(
  { weight: 6, arbitrary: answered },
  { weight: 6, arbitrary: broken },
  { weight: 1, arbitrary: unreachable },
  { weight: 2, arbitrary: refused },
);
/** Reads that fail are never carried out late: they change nothing. */
const readFate = fc.oneof(
  { weight: 3, arbitrary: answered },
  { weight: 3, arbitrary: broken.filter((each) => each.do !== "silence") },
  { weight: 1, arbitrary: fc.oneof(unreachable, busy) },
) as fc.Arbitrary<Fate>;

const act = fc.record({
  at: fc.constantFrom(0, 2, 4, 60, 1000, 2500, 6000, 16_000, 30_000, 70_000, 300_000),
  do: fc.constantFrom<Act["do"]>("abort", "cancel", "rerun", "rerun", "close"),
});

/** A call of `count` tasks, and all that happens to it. */
export const schedule = fc.record({
  creates: fc.array(createFate, { maxLength: 6 }),
  others: fc.array(readFate, { maxLength: 6 }),
  acts: fc.array(act, { maxLength: 2 }),
  count: fc.constantFrom(1, 1, 1, 2, 3),
  keyed: fc.constantFrom(false, false, true),
  seeds: fc.boolean(),
  givenSeed: fc.boolean(),
  lastId: fc.constantFrom(0, 7, 20_000),
  knowsIds: fc.boolean(),
  skip: fc.constantFrom(0, 0, 1, 5),
  random: fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
});

export type Schedule = typeof schedule extends fc.Arbitrary<infer Given> ? Given : never;

/** Long enough for every arrival and every check of a guard, in ms. */
export const END_MS = 60_000 + 250_000 + 1_300_000;
