/** Plays a schedule: one call, the actions of its caller meanwhile, and a final settle. */
import {
  defineFlow,
  SubmitUncertainError,
  type Client,
  type Run,
  type Task,
} from "../../../src/index.js";
import { createClientOn } from "../../../src/client.js";
import { END_MS, type Act, type Schedule } from "./schedule.js";
import { advance, VirtualClock } from "./virtual-clock.js";
import { VirtualServer, type Fate } from "./virtual-server.js";

const seeded = defineFlow<{ prompt: string; seed?: number; count?: number }>("picture", [
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

/** The outcome of a promise, with times in ms. */
export interface Outcome<T> {
  value?: T;
  error?: unknown;
  readonly startedAt: number;
  at?: number;
  /** Whether the server had ever responded by then. */
  responded?: boolean;
}

export const idsOf = (run: Run): number[] => run.tasks.map(({ id }) => id).sort((a, b) => a - b);

export class Play {
  readonly given: Schedule;
  readonly clock: VirtualClock;
  readonly server: VirtualServer;
  readonly client: Client;
  /** The outcome of the call; after `settle`, of settling it. */
  submit!: Outcome<Run>;
  readonly reruns: (Outcome<Task> & { task: Task })[] = [];
  /** When the caller gave up all tasks. */
  givenUpAt: number | undefined;
  /** When the client's guards had ended, if it was closed. */
  closedAt = Infinity;
  #closing = false;
  readonly #abort = new AbortController();

  constructor(given: Schedule) {
    this.given = given;
    this.clock = new VirtualClock(() => given.random.next().value as number);
    this.server = new VirtualServer(this.clock, given.lastId);
    this.client = this.newClient();
  }

  /** Creates the first client, or one of another process. */
  newClient(): Client {
    const fetch = this.server.fetch as never;
    return createClientOn(this.clock, { baseUrl: "http://vix.test", fetch });
  }

  /** What happened to the creates that were sent. */
  get createsSoFar(): Fate[] {
    const { creates } = this.given;
    return creates.slice(0, creates.length - this.server.fates.creates.length);
  }

  /** Calls, and does what the schedule says, until nothing more happens. */
  async run(): Promise<void> {
    const { given, clock, server, client } = this;
    if (given.knowsIds && given.lastId > 0) {
      void client.task(given.lastId).details();
      await advance(clock, 5);
    }
    server.fates = { creates: [...given.creates], others: [...given.others] };
    this.submit = this.call(client, this.#abort.signal);
    for (const act of given.acts) clock.after(act.at, () => this.#do(act));
    server.skipIds(given.skip);
    await this.rest();
  }

  /** The call of the schedule. */
  call(client: Client, signal?: AbortSignal): Outcome<Run> {
    const { count, seeds, givenSeed, keyed } = this.given;
    const options = { signal, ...(keyed && { idempotencyKey: "order-1" }) };
    const params = { prompt: "x", count };
    return this.#outcomeOf<Run>(
      seeds
        ? seeded(client, { ...params, ...(givenSeed && { seed: 41 }) }, options)
        : seedless(client, params, options),
    );
  }

  /** Settles what is uncertain, now that the server works again. */
  async settle(): Promise<void> {
    this.server.fates = { creates: [], others: [] };
    if (this.submit.error instanceof SubmitUncertainError) {
      this.submit = this.#outcomeOf(this.client.settle(this.submit.error));
      await this.rest();
    }
    for (const { task, error } of [...this.reruns])
      if (error instanceof SubmitUncertainError) {
        this.#rerun(task);
        await this.rest();
      }
  }

  /** Runs everything that is still pending. */
  async rest(): Promise<void> {
    await advance(this.clock, this.clock.now() + END_MS);
  }

  #do({ do: what }: Act): void {
    const run = this.submit.value;
    if (what === "close") this.#close();
    else if (what === "rerun") {
      if (run && this.givenUpAt === undefined && !this.#closing) this.#rerun(run.tasks[0]!);
    } else if (run ?? (what === "abort" && this.submit.error === undefined)) {
      this.givenUpAt ??= this.clock.now();
      if (what === "abort") this.#abort.abort();
      else void run?.cancel();
    }
  }

  #close(): void {
    this.#closing = true;
    // A guard does not look while a task of its run is being rerun.
    if (this.reruns.some(({ at }) => at === undefined)) this.closedAt = -Infinity;
    const ended = (): void => {
      this.closedAt = Math.min(this.closedAt, this.clock.now());
    };
    void this.client.close().then(ended);
  }

  #rerun(task: Task): void {
    this.reruns.push(Object.assign(this.#outcomeOf(task.rerun()), { task }));
  }

  #outcomeOf<T>(promise: Promise<T>): Outcome<T> {
    const outcome: Outcome<T> = { startedAt: this.clock.now() };
    promise
      .then(
        (value) => (outcome.value = value),
        (error: unknown) => (outcome.error = error),
      )
      .finally(() =>
        Object.assign(outcome, { at: this.clock.now(), responded: this.server.responded }),
      );
    return outcome;
  }
}
