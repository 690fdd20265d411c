/** Ctrl-C, with real processes and real signals. */
import { spawn } from "node:child_process";
import { describe, expect, it, onTestFinished } from "vitest";
import { startStandin, type Fault, type Standin } from "visionatrix-standin";

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** From the first signal to the end. */
  ms: number;
}

/** Runs a program on a stand-in, and sends it signals after it has printed this many lines. */
async function signalled(
  task: string,
  lines: number,
  signals: readonly NodeJS.Signals[],
  faults: Fault[] = [],
): Promise<Ended & { standin: Standin }> {
  const standin = await startStandin({ workers: 0, faults });
  onTestFinished(() => standin.close());
  const child = spawn(process.execPath, ["--import", "tsx", "test/support/signalled.ts", task], {
    env: { ...process.env, VIX_URL: standin.url, TSX_TSCONFIG_PATH: "tsconfig.json" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
  const ended = new Promise<Pick<Ended, "code" | "signal">>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  await expect.poll(() => stdout.split("\n").length).toBeGreaterThan(lines);
  // The server has no other client, so this is the first request of the program.
  await expect.poll(() => standin.requests.length).toBeGreaterThan(0);
  const start = performance.now();
  for (const [index, signal] of signals.entries()) {
    if (index > 0)
      await expect
        .poll(() => standin.requests.filter(({ endpoint }) => endpoint === "cancel"))
        .not.toEqual([]);
    child.kill(signal);
  }
  return { ...(await ended), stdout, stderr, ms: performance.now() - start, standin };
}

const idsOn = async ({ url }: Standin): Promise<string[]> =>
  Object.keys((await (await fetch(`${url}/vapi/tasks/progress-summary`)).json()) as object);

describe("stopOnSignals", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("cancels at %s, says so, and ends with %d", async (signal, code) => {
    const { standin, ...end } = await signalled("wait", 2, [signal]);
    expect(end).toMatchObject({ code, signal: null, stdout: "begun\nsubmitted\nAbortError\n" });
    expect(end.stderr).toBe("sdxl_lighting, task 1, 2: cancelled\n");
    expect(end.ms).toBeLessThan(5000);
    expect(await idsOn(standin)).toEqual([]);
  });

  it("leaves tasks of others alone", async () => {
    const { standin } = await signalled(
      "wait",
      2,
      ["SIGINT"],
      [{ on: "cancel", nth: 1, do: "delay", ms: 100 }],
    );
    expect(standin.requests.filter(({ endpoint }) => endpoint === "cancel-all")).toEqual([]);
    expect(standin.requests.filter(({ endpoint }) => endpoint === "cancel")).toHaveLength(2);
  });

  it("cancels a submit that is in progress", async () => {
    const { standin, ...end } = await signalled(
      "wait",
      1,
      ["SIGINT"],
      [{ on: "create", do: "delay", ms: 500, when: "after" }],
    );
    expect(end).toMatchObject({ code: 130, stdout: "begun\nAbortError\n" });
    expect(end.stderr).toBe("sdxl_lighting, task 1, 2: cancelled\n");
    expect(await idsOn(standin)).toEqual([]);
  });

  it("ends a program that has forgotten its run and works on, within 5 s", async () => {
    const { standin, ...end } = await signalled("forget", 2, ["SIGTERM"]);
    expect(end).toMatchObject({ code: 143, stderr: "sdxl_lighting, task 1, 2: cancelled\n" });
    expect(end.ms).toBeLessThan(6000);
    expect(await idsOn(standin)).toEqual([]);
  });

  it("says which cancels the server did not confirm", async () => {
    const { code, stderr, ms } = await signalled(
      "wait",
      2,
      ["SIGINT"],
      [{ on: "cancel", do: "hang" }],
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(/^sdxl_lighting, task 1, 2: may still run: the server did not confirm/);
    expect(ms).toBeLessThan(6000);
  });

  it("exits at once at the second signal", async () => {
    const { code, ms, stderr } = await signalled(
      "wait",
      2,
      ["SIGINT", "SIGTERM"],
      [{ on: "cancel", do: "hang" }],
    );
    expect(code).toBe(143);
    expect(stderr).toBe("");
    expect(ms).toBeLessThan(3000);
  });

  it("does nothing after its handlers are removed", async () => {
    const { signal, standin } = await signalled("off", 2, ["SIGINT"]);
    expect(signal).toBe("SIGINT");
    expect(await idsOn(standin)).toEqual(["1", "2"]);
  });
});
