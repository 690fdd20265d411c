/**
 * The decisions of a submit, driven through random schedules of faults, delays and ids on virtual time:
 * once the guards are done there is never a task more or less than was asked for.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineFlow, SubmitUncertainError, type Run, type RunOptions } from "../../../src/index.js";
import { createApi } from "../../../src/http/api.js";
import { submitFlow, type RunTools } from "../../../src/run/submit-flow.js";
import { OpenRuns } from "../../../src/run/open-runs.js";
import { KnownTasks, Memory } from "../../../src/tasks/known-tasks.js";
import { createWatcher } from "../../../src/watch/watcher.js";
import { advance, VirtualClock, VirtualServer, type Fate } from "./virtual.js";

const RUNS = Number(process.env["VIX_SCHEDULES"] ?? 10_000);

const flow = defineFlow<{ prompt: string; seed?: number; count?: number }>("picture", [
  "webhook_headers",
  "seed",
  "count",
  { name: "prompt", type: "text" },
]);
const seedless = defineFlow<{ prompt: string; count?: number }>("words", [
  "webhook_headers",
  "count",
  { name: "prompt", type: "text" },
]);

/** A client on virtual time. */
function toolsOf(clock: VirtualClock, server: VirtualServer): RunTools {
  const api = createApi("http://vix.test", { fetch: server.fetch }, clock);
  const known = new KnownTasks();
  const watcher = createWatcher(api, known);
  return {
    ...{ api, known, watcher, budgetMs: 60_000, graceMs: 2000, fetchUrls: undefined },
    guards: new Set(),
    turns: new Map(),
    open: new OpenRuns(),
    reruns: new Memory(),
  };
}

const arrival = fc.option(fc.constantFrom(0, 100, 1000, 3000, 10_000, 20_000, 60_000, 250_000), {
  nil: undefined,
  freq: 4,
});
const fate = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("answer" as const),
      after: fc.constantFrom(1, 50, 900, 8000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("reset", "silence", "502"),
      carriedOutAfter: arrival,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("503", "unreachable") }) },
) as fc.Arbitrary<Fate>;
/** Reads that fail are never carried out late: they change nothing. */
const readFate = fate.filter((each) => each.do !== "silence");
const schedule = fc.record({
  creates: fc.array(fate, { maxLength: 4 }),
  others: fc.array(readFate, { maxLength: 6 }),
  count: fc.constantFrom(1, 1, 1, 2, 3),
  seeds: fc.boolean(),
  givenSeed: fc.boolean(),
  lastId: fc.constantFrom(0, 7, 20_000),
  knowsIds: fc.boolean(),
  skip: fc.constantFrom(0, 0, 1, 5),
  random: fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
});

/** Long enough for every arrival and every look of a guard. */
const END_MS = 60_000 + 250_000 + 1_300_000;

describe("a submit on any schedule", () => {
  it(`leaves exactly the tasks that were asked for (${RUNS} schedules)`, async () => {
    let uncertain = 0;
    await fc.assert(
      fc.asyncProperty(schedule, async (given) => {
        const clock = new VirtualClock(() => given.random.next().value as number);
        const fates = { creates: [...given.creates], others: [...given.others] };
        const server = new VirtualServer(clock, fates, given.lastId);
        const tools = toolsOf(clock, server);
        if (given.knowsIds && given.lastId > 0) tools.known.saw(given.lastId);
        const { count } = given;
        const seed = given.givenSeed && given.seeds ? { seed: 41 } : {};
        const params = { prompt: "x", count, ...seed };
        const made = (
          given.seeds ? submitFlow(tools, flow, params) : submitFlow(tools, seedless, params)
        ) as Promise<Run>;
        let run: Run | undefined;
        let error: unknown;
        made.then(
          (value) => (run = value),
          (thrown: unknown) => (error = thrown),
        );
        server.skipIds(given.skip);
        await advance(clock, END_MS);
        if (run) {
          expect([...server.tasks.keys()].sort((a, b) => a - b)).toEqual(
            run.tasks.map(({ id }) => id).sort((a, b) => a - b),
          );
          expect(run.tasks).toHaveLength(count);
        } else if (error instanceof SubmitUncertainError) {
          uncertain++;
        } else {
          // A failure that is known to be one leaves nothing.
          expect(server.tasks.size).toBe(0);
        }
      }),
      { numRuns: RUNS },
    );
    expect(uncertain).toBeLessThan(RUNS / 5);
  }, 300_000);
});

describe("two processes with one key", () => {
  it("end with one run, that of the lowest ids", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, fc.constantFrom(0, 1, 4, 60, 2500), async (given, delay) => {
        const clock = new VirtualClock(() => given.random.next().value as number);
        const fates = { creates: [...given.creates], others: [] };
        const server = new VirtualServer(clock, fates, given.lastId);
        const options: RunOptions = { idempotencyKey: "order-1" };
        const { count } = given;
        const runs: Run[] = [];
        let failed = false;
        const start = (): void => {
          const made = submitFlow(toolsOf(clock, server), flow, { prompt: "x", count }, options);
          made.then(
            (run) => runs.push(run),
            () => (failed = true),
          );
        };
        start();
        clock.after(delay, start);
        await advance(clock, END_MS);
        if (failed) return;
        const left = [...server.tasks.keys()].sort((a, b) => a - b);
        expect(left).toHaveLength(count);
        for (const run of runs)
          expect(run.tasks.map(({ id }) => id).sort((a, b) => a - b)).toEqual(left);
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  }, 300_000);
});
