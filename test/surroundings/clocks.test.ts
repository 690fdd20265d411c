/** Clocks that step, stand still or are faked, and machines that slept. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createClient, type WaitOptions } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { createClock } from "../../src/time/clock.js";
import { standinWithClient } from "../support/standin.js";

/** Runs before the imports, since modules take their clocks when they are imported. */
const skew = vi.hoisted(() => {
  const at = { wall: 0, monotonic: 0, frozen: undefined as number | undefined };
  const wall = Date.now.bind(Date);
  const monotonic = performance.now.bind(performance);
  Date.now = () => at.frozen ?? wall() + at.wall;
  performance.now = () => monotonic() + at.monotonic;
  return at;
});

const HOUR = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
  Object.assign(skew, { wall: 0, monotonic: 0, frozen: undefined });
});

/** Waits for a task of 2 s, and changes the clocks in a pause between two polls. */
async function files(during: () => void, options: WaitOptions = {}): Promise<number> {
  const { client } = await standinWithClient(
    // One progress report, so that the worker is silent in between.
    { speed: 1, duration: 2_000, steps: 1, maxPictureSide: 64 },
    { poll: { minMs: 600, maxMs: 600 } },
  );
  const run = await sdxlLighting(client, { prompt: "a" });
  const result = run.result(options);
  // Its rejection is handled later.
  result.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 900));
  during();
  return (await result).files.length;
}

describe("the wall clock", () => {
  it("may step back by an hour", { timeout: 6_000 }, async () => {
    expect(await files(() => (skew.wall = -HOUR))).toBe(1);
  });

  it("may step ahead by an hour", { timeout: 6_000 }, async () => {
    expect(await files(() => (skew.wall = HOUR))).toBe(1);
  });

  it("may stand still", { timeout: 6_000 }, async () => {
    expect(await files(() => (skew.frozen = 1_800_000_000_000))).toBe(1);
  });

  it("may be faked with the timers", { timeout: 6_000 }, async () => {
    expect(await files(() => vi.useFakeTimers())).toBe(1);
  });

  it("does not count towards timeoutMs", { timeout: 6_000 }, async () => {
    const found = await files(() => (skew.wall = HOUR), { timeoutMs: 5_000 });
    expect(found).toBe(1);
  });
});

/** A laptop that sleeps while the network is down, for an hour by the given clocks. */
async function sleepInOutage(clocks: readonly ("wall" | "monotonic")[]): Promise<number> {
  const { client, standin } = await standinWithClient({
    speed: 1,
    duration: 1_000,
    maxPictureSide: 64,
  });
  const run = await sdxlLighting(client, { prompt: "a" });
  const result = run.result();
  // Its rejection is handled later.
  result.catch(() => undefined);
  await standin.goOffline();
  await new Promise((resolve) => setTimeout(resolve, 700));
  for (const clock of clocks) skew[clock] = HOUR;
  await new Promise((resolve) => setTimeout(resolve, 700));
  await standin.goOnline();
  return (await result).files.length;
}

describe("a machine that slept", () => {
  it.each<[string, ("wall" | "monotonic")[]]>([
    ["stops the monotonic clock", ["wall"]],
    ["lets it run on", ["wall", "monotonic"]],
  ])("has not waited for the server, where sleep %s", { timeout: 15_000 }, async (_, clocks) => {
    expect(await sleepInOutage(clocks)).toBe(1);
  });

  it("has used up none of timeoutMs", { timeout: 6_000 }, async () => {
    const found = await files(() => Object.assign(skew, { wall: HOUR, monotonic: HOUR }), {
      timeoutMs: 5_000,
    });
    expect(found).toBe(1);
  });

  it("has not seen its worker stall", { timeout: 6_000 }, async () => {
    const found = await files(() => Object.assign(skew, { wall: HOUR, monotonic: HOUR }), {
      onStall: "fail",
    });
    expect(found).toBe(1);
  });
});

describe("the client's clock", () => {
  it("has not run on through a sleep that a cancelled wait began before", () => {
    let time = 0;
    const clock = createClock({
      now: () => time,
      setTimeout: () => 1,
      clearTimeout: () => undefined,
      throttled: () => false,
    });
    const cancel = clock.after(10_000, () => undefined);
    time = HOUR;
    cancel();
    time += 5;
    expect(clock.now()).toBeLessThan(5_000);
  });
});

/** The time that a server asks to wait, in ms, from its raw headers. */
async function retryAfterMs(headers: Record<string, string>): Promise<number | undefined> {
  const server = createServer((_, response) => response.writeHead(429, headers).end("{}"));
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const client = createClient({ baseUrl: `http://127.0.0.1:${port}`, retry: { budgetMs: 100 } });
  const error = await client.whoami().catch((reason: unknown) => reason);
  return (error as { retryAfterMs?: number }).retryAfterMs;
}

describe("Retry-After", () => {
  it("takes plain seconds", async () => {
    expect(await retryAfterMs({ "retry-after": "7" })).toBe(7_000);
  });

  it.each([-HOUR, HOUR])(
    "is measured from the answer's own date, on a server that is %i ms ahead",
    async (ahead) => {
      const now = Date.now() + ahead;
      const headers = {
        date: new Date(now).toUTCString(),
        "retry-after": new Date(now + 9_000).toUTCString(),
      };
      expect(await retryAfterMs(headers)).toBe(9_000);
    },
  );

  it.each(["0x10", "1e3", "+5", "-5"])("makes no number of %j", async (text) => {
    expect(await retryAfterMs({ "retry-after": text })).toBeUndefined();
  });

  it.each(["Infinity", "5s", ""])("makes no number of %j", async (text) => {
    expect(await retryAfterMs({ "retry-after": text })).toBeUndefined();
  });
});
