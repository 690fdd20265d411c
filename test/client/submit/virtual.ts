/** Time and a server that a test drives: everything happens at once, and in an order that a seed decides. */
import type { TaskSummary } from "../../../generated/tasks.js";
import type { FetchInit } from "../../../src/index.js";
import type { Clock } from "../../../src/time/clock.js";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  readonly background: boolean;
}

/** Time that stands still until it is moved. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();
  readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void, background = false): () => void {
    if (ms === Infinity) return () => undefined;
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, run, background };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves to the next timer, at most to `limit`; says whether there was one. */
  step(limit: number): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers)
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
        next = timer;
    if (!next || next.at > limit) return false;
    this.#timers.delete(next);
    this.#now = next.at;
    next.run();
    return true;
  }
}

/** Lets all that is due happen, up to a time. */
export async function advance(clock: VirtualClock, limit: number): Promise<void> {
  do await settled();
  while (clock.step(limit));
}

/** Lets promises run on as far as they can without time passing. */
async function settled(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (hashing > 0);
}

// Keys are hashed by the platform, in time of its own.
let hashing = 0;
const digest = crypto.subtle.digest.bind(crypto.subtle);
crypto.subtle.digest = (...given) => {
  hashing++;
  return digest(...given).finally(() => hashing--);
};

/** What happens to one request. Times in ms. */
export type Fate =
  /** Answered. */
  | { readonly do: "answer"; readonly after: number }
  /** The client's side breaks at once; carried out later, or never. */
  | { readonly do: "reset"; readonly carriedOutAfter: number | undefined }
  /** No answer ever; carried out later, or never. */
  | { readonly do: "silence"; readonly carriedOutAfter: number | undefined }
  /** A proxy says that it broke; carried out later, or never. */
  | { readonly do: "502"; readonly carriedOutAfter: number | undefined }
  /** Surely not carried out. */
  | { readonly do: "503" }
  | { readonly do: "unreachable" };

/** A server that holds tasks, as far as creating and finding them goes. */
export class VirtualServer {
  readonly #clock: VirtualClock;
  /** What happens to the next create, and to the next other request. */
  readonly #fates: { creates: Fate[]; others: Fate[] };
  readonly tasks = new Map<number, TaskSummary & { webhook_headers: unknown }>();
  deleted = 0;
  #lastId: number;

  constructor(clock: VirtualClock, fates: { creates: Fate[]; others: Fate[] }, lastId = 7) {
    this.#clock = clock;
    this.#fates = fates;
    this.#lastId = lastId;
  }

  /** Another user's creates use up ids. */
  skipIds(count: number): void {
    this.#lastId += count;
  }

  readonly fetch = (url: string, init: FetchInit): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const { pathname, searchParams } = new URL(url);
      const isCreate = init.method === "PUT";
      const fates = isCreate ? this.#fates.creates : this.#fates.others;
      const fate = fates.shift() ?? { do: "answer", after: 5 };
      const carryOut = (): Reply =>
        isCreate
          ? this.#create(decodeURIComponent(pathname.split("/").at(-1) ?? ""), init)
          : this.#other(init.method, pathname, searchParams);
      const later = (ms: number | undefined): void => {
        if (ms !== undefined) this.#clock.after(ms, carryOut, true);
      };
      switch (fate.do) {
        case "answer":
          this.#clock.after(fate.after, () => resolve(carryOut()));
          return;
        case "reset":
          later(fate.carriedOutAfter);
          this.#clock.after(2, () => reject(new TypeError("fetch failed")));
          return;
        case "silence":
          later(fate.carriedOutAfter);
          return;
        case "502":
          later(fate.carriedOutAfter);
          this.#clock.after(3, () => resolve(reply(502, "Bad Gateway")));
          return;
        case "503":
          this.#clock.after(3, () => resolve(reply(503, "busy")));
          return;
        case "unreachable":
          this.#clock.after(1, () =>
            reject(
              Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } }),
            ),
          );
      }
    });

  #create(name: string, { body }: FetchInit): Reply {
    const fields = new Map<string, string>();
    const text = new TextDecoder().decode(body as Uint8Array);
    for (const [, field = "", value = ""] of text.matchAll(/name="([^"]*)"\r\n\r\n([^]*?)\r\n--/g))
      fields.set(field, value);
    const ids: number[] = [];
    const count = Number(fields.get("count") ?? 1);
    for (let index = 0; index < count; index++) {
      const id = ++this.#lastId;
      const seed = fields.get("seed");
      const prompt = fields.get("prompt");
      this.tasks.set(id, {
        task_id: id,
        name,
        progress: 0,
        error: "",
        locked_at: null,
        group_scope: 1,
        input_files: [],
        child_tasks: [],
        outputs: OUTPUTS,
        input_params: {
          ...(prompt !== undefined && { prompt }),
          ...(seed !== undefined && { seed: Number(seed) + index }),
        },
        webhook_headers: JSON.parse(fields.get("webhook_headers") ?? "null") as unknown,
      } as unknown as TaskSummary & { webhook_headers: unknown });
      ids.push(id);
    }
    return reply(200, { tasks_ids: ids, outputs: OUTPUTS });
  }

  #other(method: string, path: string, query: URLSearchParams): Reply {
    if (path.endsWith("/progress-summary")) return reply(200, Object.fromEntries(this.tasks));
    const id = Number(query.get("task_id") ?? path.split("/").at(-1));
    const task = this.tasks.get(id);
    if (!task) return reply(404, { detail: `Task \`${id}\` was not found.` });
    if (method !== "DELETE") return reply(200, task);
    this.tasks.delete(id);
    this.deleted++;
    return reply(204, "");
  }
}

const OUTPUTS = [{ comfy_node_id: 9, type: "image", file_size: -1, batch_size: -1 }];

interface Reply {
  readonly status: number;
  readonly headers: object;
  text(): Promise<string>;
}

function reply(status: number, body: unknown): Reply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers: {}, text: () => Promise.resolve(text) };
}
