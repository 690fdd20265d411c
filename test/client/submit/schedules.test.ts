/**
 * The decisions of a submit, driven through random schedules of faults, delays, ids and acts of its caller on
 * virtual time: once the guards are done there is never a task more or less than was asked for.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  defineFlow,
  SubmitUncertainError,
  type Client,
  type Run,
  type RunOptions,
  type Task,
} from "../../../src/index.js";
import { createClientOn } from "../../../src/client.js";
import { END_MS, schedule, type Schedule } from "./schedule.js";
import { advance, VirtualClock } from "./virtual-clock.js";
import { VirtualServer } from "./virtual-server.js";

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

// Errors are many here, and none of them is shown.
Error.stackTraceLimit = 0;

const clientOf = (clock: VirtualClock, { fetch }: VirtualServer): Client =>
  createClientOn(clock, { baseUrl: "http://vix.test", fetch: fetch as never });

const idsOf = (run: Run): number[] => run.tasks.map(({ id }) => id).sort((a, b) => a - b);

/** What became of a promise. */
interface Outcome<T> {
  value?: T;
  error?: unknown;
}

function outcomeOf<T>(promise: Promise<T>): Outcome<T> {
  const outcome: Outcome<T> = {};
  promise.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.error = error),
  );
  return outcome;
}

/** Plays a schedule: one call, and what its caller does meanwhile. */
class Play {
  readonly given: Schedule;
  readonly clock: VirtualClock;
  readonly server: VirtualServer;
  readonly client: Client;
  readonly submit: Outcome<Run> = {};
  uncertain = false;
  /** Nothing is wanted any more. */
  givenUp = false;
  /** When the client's guards ended, if it was closed. */
  closedAt = Infinity;
  readonly reruns: (Outcome<Task> & { task: Task })[] = [];

  constructor(given: Schedule) {
    this.given = given;
    this.clock = new VirtualClock(() => given.random.next().value as number);
    this.server = new VirtualServer(this.clock, given.lastId);
    this.client = clientOf(this.clock, this.server);
  }

  async run(): Promise<void> {
    const { given, clock, server, client } = this;
    if (given.knowsIds && given.lastId > 0) {
      void client.task(given.lastId).details();
      await advance(clock, 5);
    }
    server.fates = { creates: [...given.creates], others: [...given.others] };
    const abort = new AbortController();
    const seed = given.givenSeed && given.seeds ? { seed: 41 } : {};
    const params = { prompt: "x", count: given.count, ...seed };
    const submit = outcomeOf<Run>(
      given.seeds
        ? flow(client, params, { signal: abort.signal })
        : seedless(client, params, { signal: abort.signal }),
    );
    for (const act of given.acts) clock.after(act.at, () => this.#act(act.do, submit, abort));
    server.skipIds(given.skip);
    await this.#rest();
    // What is uncertain is settled when the server is well again.
    server.fates = { creates: [], others: [] };
    if (submit.error instanceof SubmitUncertainError) {
      this.uncertain = true;
      const settled = outcomeOf(client.settle(submit.error));
      await this.#rest();
      expect(settled.error).toBeUndefined();
      if (settled.value) submit.value = settled.value;
    }
    for (const { task, error } of [...this.reruns])
      if (error instanceof SubmitUncertainError) {
        this.uncertain = true;
        this.#rerun(task);
        await this.#rest();
      }
    Object.assign(this.submit, submit);
  }

  #act(what: string, { value: run }: Outcome<Run>, abort: AbortController): void {
    switch (what) {
      case "abort":
        abort.abort();
        this.givenUp = true;
        return;
      case "close":
        void this.client.close().then(() => (this.closedAt = this.clock.now()));
        return;
      case "cancel":
        if (!run) return;
        void run.cancel();
        this.givenUp = true;
        return;
      case "rerun":
        if (run && !this.givenUp) this.#rerun(run.tasks[0]!);
    }
  }

  #rerun(task: Task): void {
    this.reruns.push(Object.assign(outcomeOf(task.rerun()), { task }));
  }

  async #rest(): Promise<void> {
    await advance(this.clock, this.clock.now() + END_MS);
  }
}

describe("a submit on any schedule", () => {
  it(`leaves exactly the tasks that were asked for (${RUNS} schedules)`, async () => {
    let uncertain = 0;
    await fc.assert(
      fc.asyncProperty(schedule, async (given) => {
        const play = new Play(given);
        await play.run();
        if (play.uncertain) uncertain++;
        const { server, submit, closedAt } = play;
        const wanted =
          submit.value && !(play.givenUp && !play.uncertain) ? idsOf(submit.value) : [];
        const left = server.created.filter(
          (id) => wanted.includes(id) || server.tasks.get(id)!.createdAt < closedAt,
        );
        expect(left).toEqual(wanted);
        if (wanted.length > 0) expect(wanted).toHaveLength(given.count);
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
        const server = new VirtualServer(clock, given.lastId);
        server.fates = { creates: [...given.creates], others: [] };
        const options: RunOptions = { idempotencyKey: "order-1" };
        const { count } = given;
        const submits: Outcome<Run>[] = [];
        const start = (): void => {
          submits.push(outcomeOf(flow(clientOf(clock, server), { prompt: "x", count }, options)));
        };
        start();
        clock.after(delay, start);
        await advance(clock, END_MS);
        if (submits.some(({ error }) => error !== undefined)) return;
        expect(server.created).toHaveLength(count);
        for (const { value } of submits) expect(idsOf(value!)).toEqual(server.created);
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  }, 300_000);
});
