/** Edge cases in which a run could be lost, duplicated, or never end. */
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  AbortError,
  createClient,
  type Client,
  type ClientOptions,
  type SubmitUncertainError,
} from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import type { Fault, Standin, StandinOptions } from "visionatrix-standin";
import { asked, QUICK, standinWithClient } from "../../support/standin.js";

const RETRY = { budgetMs: 2000, requestMs: 500, graceMs: 50 };

/** A server without workers that has already responded. */
async function idle(
  faults: Fault[] = [],
  options: Partial<ClientOptions> = {},
  server: StandinOptions = { workers: 0 },
): Promise<{ standin: Standin; client: Client }> {
  const pair = await standinWithClient(server, { retry: RETRY, ...options });
  await pair.client.whoami();
  pair.standin.addFaults(...faults);
  return pair;
}

const idsOn = async (client: Client): Promise<number[]> =>
  (await client.tasks()).map(({ task_id }) => task_id);
const failed = (thrown: unknown): unknown => thrown;

describe("a lost create", () => {
  it("of half a character is recognised", async () => {
    const { client } = await idle([{ on: "create", nth: 1, do: "reset-after-accept" }]);
    const run = await sdxlLighting(client, { prompt: "cat 😀".slice(0, 5) });
    expect(await idsOn(client)).toEqual(run.tasks.map(({ id }) => id));
  });

  it("is sent once more, and not again while its tasks do not show", async () => {
    const { client, standin } = await idle([
      { on: "create", nth: 1, do: "reset-after-body" },
      { on: "create", do: "hide", ms: 500 },
    ]);
    const run = await sdxlLighting(client, { prompt: "a" });
    expect(asked(standin, "create")).toBe(2);
    standin.clearFaults();
    await expect.poll(() => idsOn(client)).toEqual(run.tasks.map(({ id }) => id));
  });

  it("is taken back when the caller stops while it is settled", async () => {
    // Tasks that appear later than the grace time after the last one are not expected any more.
    const retry = { ...RETRY, graceMs: 500 };
    const { client } = await idle(
      [{ on: "create", nth: 1, do: "reset-after-accept", spreadMs: 100 }],
      { retry },
    );
    const stop = new AbortController();
    const call = sdxlLighting(client, { prompt: "a", count: 3 }, { signal: stop.signal });
    await expect.poll(() => idsOn(client)).toHaveLength(1);
    stop.abort();
    const error = await call.catch(failed);
    await expect.poll(() => (error as AbortError).cancelled).toBe("yes");
    expect(await idsOn(client)).toEqual([]);
  });

  it("is completed by settle, once however often it is asked", async () => {
    const { client, standin } = await idle(
      [
        { on: "create", times: 1, do: "reset-after-accept", accept: 1 },
        { on: ["progress-summary"], do: "status", status: 502 },
      ],
      { retry: { ...RETRY, budgetMs: 1500 } },
    );
    const error = await sdxlLighting(client, { prompt: "a", count: 3 }).catch(failed);
    expect(error).toMatchObject({ name: "SubmitUncertainError" });
    standin.clearFaults();
    const uncertain = error as SubmitUncertainError;
    const [run, again] = await Promise.all([client.settle(uncertain), client.settle(uncertain)]);
    expect(await client.settle(uncertain)).toBe(run);
    expect(again).toBe(run);
    expect(run.tasks.map(({ id }) => id).sort()).toEqual(await idsOn(client));
    expect(run.tasks).toHaveLength(3);
  });

  it("is looked for behind a proxy with errors of its own", async () => {
    const { client } = await idle([
      { on: "create", times: 1, do: "status", status: 524, when: "after" },
    ]);
    const run = await sdxlLighting(client, { prompt: "a" });
    expect(await idsOn(client)).toEqual(run.tasks.map(({ id }) => id));
  });

  it("with an answer that names no task is one", async () => {
    const { client } = await idle([
      { on: "create", times: 1, do: "wrong-json", body: { tasks_ids: [] }, when: "after" },
    ]);
    const run = await sdxlLighting(client, { prompt: "a" });
    expect(await idsOn(client)).toEqual(run.tasks.map(({ id }) => id));
  });
});

describe("a refusal", () => {
  it("of several tasks comes at once", async () => {
    const { client, standin } = await idle([{ on: "create", do: "status", status: 401 }]);
    await expect(sdxlLighting(client, { prompt: "a", count: 2 })).rejects.toMatchObject({
      code: "not_authenticated",
    });
    expect(asked(standin, "progress-summary")).toBe(0);
  });

  it.each(["soon", "3600", "Fri, 01 Jan 2100 00:00:00 GMT"])(
    "with Retry-After %j freezes nothing",
    async (retryAfter) => {
      const { client } = await idle(
        [{ on: "progress", do: "status", status: 503, headers: { "retry-after": retryAfter } }],
        { poll: { ...QUICK } },
      );
      const wait = sdxlLighting(client, { prompt: "a" }).result({ timeoutMs: 100 });
      await expect(wait).rejects.toMatchObject({ name: "TimeoutError" });
    },
  );
});

describe("the watcher", () => {
  it("keeps one task's trouble from the others", async () => {
    const { client, standin } = await idle([], { poll: { ...QUICK, outageMs: 50 } });
    const run = await sdxlLighting(client, { prompt: "a" });
    const other = await sdxlLighting(client, { prompt: "b" });
    standin.addFaults({ on: "progress", task: 1, do: "status", status: 502 });
    const good = other.result({ timeoutMs: 400 });
    await expect(run.result()).rejects.toMatchObject({ status: 502 });
    await expect(good).rejects.toMatchObject({ name: "TimeoutError" });
    expect(() => client.task(1.5)).toThrow(/whole number/);
  });

  it("does not wait with other tasks for an answer that does not come", async () => {
    const { client, standin } = await idle([], {}, { speed: "instant", maxPictureSide: 16 });
    const slow = await sdxlLighting(client, { prompt: "a" });
    standin.addFaults({ on: "progress", task: slow.tasks[0]!.id, do: "hang" });
    const hanging = slow.result({ timeoutMs: 450 }).catch(failed);
    const { files } = await sdxlLighting(client, { prompt: "b" }).result();
    expect(files).toHaveLength(1);
    expect(await hanging).toMatchObject({ name: "TimeoutError" });
  });

  it("stops polling when the last wait has ended, however it ended", async () => {
    const { client, standin } = await idle();
    const { tasks } = await sdxlLighting(client, { prompt: "a" });
    const stop = new AbortController();
    const first = client.task(tasks[0]!.id).result({ signal: stop.signal });
    await expect.poll(() => asked(standin, "progress")).toBeGreaterThan(1);
    const onProgress = (): never => {
      throw new RangeError("mine");
    };
    await expect(client.task(tasks[0]!.id).result({ onProgress })).rejects.toThrow("mine");
    stop.abort();
    await expect(first).rejects.toThrow(AbortError);
    // Requests sent before the end may still arrive.
    await client.whoami();
    standin.clearRequests();
    // Further polls would be sent many times over during these requests.
    for (let i = 0; i < 20; i++) await client.whoami();
    expect(asked(standin, "progress")).toBe(0);
  });
});

describe("a stop", () => {
  it("before the call creates nothing", async () => {
    const { client, standin } = await idle();
    const calls = [
      sdxlLighting(client, { prompt: "a" }, { signal: AbortSignal.abort() }),
      sdxlLighting(client, { prompt: "a" }, { timeoutMs: 0 }),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ cancelled: "no" });
    expect(asked(standin, "create")).toBe(0);
  });

  it("reaches the server while no wait is pending", async () => {
    const { client } = await idle();
    const stop = new AbortController();
    await sdxlLighting(client, { prompt: "a" }, { signal: stop.signal });
    stop.abort();
    await expect.poll(() => idsOn(client)).toEqual([]);
  });

  it("reaches the server while a loop is busy with something else", async () => {
    const { client } = await idle();
    const stop = new AbortController();
    const run = await sdxlLighting(client, { prompt: "a" });
    const loop = run.progress({ signal: stop.signal });
    await loop.next();
    stop.abort();
    await expect.poll(() => idsOn(client)).toEqual([]);
    await expect(loop.next()).rejects.toThrow(AbortError);
  });

  it("by leaving an iterator need not wait for its next value", async () => {
    const { client } = await idle();
    const run = await sdxlLighting(client, { prompt: "a" });
    const loop = run.progress();
    await loop.next();
    const next = loop.next().catch(failed);
    await loop.return?.();
    expect(await next).toMatchObject({ name: "AbortError" });
    expect(await idsOn(client)).toEqual([]);
  });

  it("keeps any reason, a symbol or an error of ours too", async () => {
    const { client } = await idle();
    for (const reason of [Symbol("why"), new AbortError("aborted", "an older one")]) {
      const stop = new AbortController();
      const wait = sdxlLighting(client, { prompt: "a" }).result({ signal: stop.signal });
      stop.abort(reason);
      const error = await wait.catch(failed);
      expect(error).toBeInstanceOf(AbortError);
      expect((error as Error).cause).toBe(reason);
    }
  });

  it("by one signal for many runs warns of nothing", async () => {
    const { client } = await idle();
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", note);
    onTestFinished(() => void process.off("warning", note));
    const stop = new AbortController();
    const ends = Array.from({ length: 15 }, () =>
      sdxlLighting(client, { prompt: "a" }, { signal: stop.signal })
        .result()
        .catch((error: unknown) => error),
    );
    await expect.poll(() => idsOn(client)).toHaveLength(15);
    stop.abort();
    for (const end of ends) expect(await end).toBeInstanceOf(AbortError);
    expect(warnings).toEqual([]);
  });

  it("at the end of `await using` leaves a failed task to be restarted", async () => {
    const { client } = await idle([{ do: "fail", times: 1 }], {}, { speed: "instant" });
    const run = await sdxlLighting(client, { prompt: "a" });
    await expect(run.result()).rejects.toMatchObject({ name: "TaskFailedError" });
    await run[Symbol.asyncDispose]();
    await run.tasks[0]!.restart();
    expect((await client.task(1).result()).files).toHaveLength(1);
  });
});

describe("a stalled task", () => {
  it("ends a wait that asked for it, beside a queued one too", async () => {
    const { client } = await idle(
      [{ do: "stall", at: 10 }],
      { poll: { ...QUICK, stallMs: 60 } },
      { speed: "instant", workers: 1 },
    );
    const run = await sdxlLighting(client, { prompt: "a", count: 2 });
    await expect(run.result({ onStall: "fail" })).rejects.toMatchObject({ code: "task_stalled" });
  });
});

describe("secrets", () => {
  it("do not show in errors, tasks or runs", async () => {
    const { client } = await idle();
    const shown: string[] = [];
    for (const baseUrl of [
      "http://ann:hunter2@h/?x=1",
      "ann:hunter2@h:8288",
      "ftp://ann:hunter2@h",
    ])
      try {
        createClient({ baseUrl });
      } catch (error) {
        shown.push(inspect(error));
      }
    const webhook_url = "https://me.example/cb?token=hunter2";
    shown.push(inspect(await sdxlLighting(client, { prompt: "a", webhook_url }).catch(failed)));
    const webhook_headers = { authorization: "Bearer hunter2" };
    shown.push(inspect(await sdxlLighting(client, { prompt: "a", webhook_headers }), { depth: 9 }));
    expect(shown).toHaveLength(5);
    expect(shown.join("\n")).not.toContain("hunter2");
  });
});

describe("parameters that are no object", () => {
  it("are told like any others", async () => {
    const { client } = await idle();
    await expect(sdxlLighting(client, undefined as never)).rejects.toMatchObject({
      problems: [{ parameter: "prompt", rule: "required" }],
    });
  });
});
