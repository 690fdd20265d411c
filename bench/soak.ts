/**
 * Runs under bad network conditions: many runs, 100 at a time. Requests fail in ways drawn from a seed,
 * including late arrivals. Uncertain outcomes are settled. Then the server's tasks are counted by identity.
 * Exits with 1 if a run is lost or duplicated, or if too many outcomes were uncertain.
 * Run: npx tsx bench/soak.ts [--runs 500] [--seed 1] [--weathers quiet,rough,starved]
 */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createClient, SubmitUncertainError, type Client, type Run } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";

/** Share of requests that fail, number of busy loops, and the most outcomes that may be uncertain. */
const WEATHERS = {
  quiet: { faults: 0.05, busy: 0, uncertain: 0.005 },
  rough: { faults: 0.15, busy: 0, uncertain: 0.05 },
  starved: { faults: 0.05, busy: 4, uncertain: 0.02 },
} as const;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    weathers: { type: "string", default: Object.keys(WEATHERS).join(",") },
  },
});
const RUNS = Number(values.runs);
const AT_ONCE = 100;
/** Later than any request is delivered, in ms. */
const LATEST_MS = 8000;
/** A GIF of one pixel: with a photo, the server's drawing would distort the measurement. */
const PIXEL = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const PICTURE = new File([Buffer.from(PIXEL, "base64")], "pixel.gif");

for (const name of values.weathers.split(",") as (keyof typeof WEATHERS)[]) await soak(name);

async function soak(weather: keyof typeof WEATHERS): Promise<void> {
  const { faults, busy, uncertain: most } = WEATHERS[weather];
  const server = fork("bench/soak/server.ts", [values.seed, String(faults)], {
    execArgv: ["--import", "tsx"],
  });
  const loops = Array.from({ length: busy }, () => spawn(process.execPath, ["-e", "for (;;);"]));
  try {
    const { url } = await saidBy<{ url: string }>(server);
    const client = createClient({
      baseUrl: url,
      poll: { minMs: 100, maxMs: 1000 },
      retry: { requestMs: 3000 },
    });
    const start = performance.now();
    const runs: Run[] = [];
    const lost: string[] = [];
    let uncertain = 0;
    const causes = new Map<string, number>();
    const numbers = Array.from({ length: RUNS }, (_, number) => number).values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const number of numbers) {
          try {
            const run = await submit(client, number).catch((error: unknown) => {
              if (!(error instanceof SubmitUncertainError)) throw error;
              uncertain++;
              const { message } = error.cause as Error;
              causes.set(message, (causes.get(message) ?? 0) + 1);
              return settled(client, error);
            });
            runs.push(run);
            const { files } = await run.result();
            if (files.length !== run.tasks.length) throw new Error(`${files.length} files`);
          } catch (error) {
            lost.push(`run ${number}: ${String(error)}`);
          }
        }
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    server.send("how many?");
    const { struck, total } = await saidBy<{ struck: number; total: number }>(server);
    await pause(LATEST_MS);
    await client.close();
    const wanted = runs.flatMap(({ tasks }) => tasks.map(({ id }) => id));
    const there = (await client.tasks()).map(({ task_id }) => task_id);
    const doubled = there.filter((id) => !wanted.includes(id)).length;
    const gone = wanted.filter((id) => !there.includes(id)).length;
    const twins = runs.flatMap(({ duplicates }) => duplicates).length;
    for (const line of lost.slice(0, 10)) console.error(line);
    for (const [cause, times] of [...causes].slice(0, 5)) console.error(`${times} × ${cause}`);
    console.log(
      `${weather} (seed ${values.seed}): ${RUNS} runs of ${wanted.length} tasks in ${seconds.toFixed(0)} s; ${struck} of ${total} requests (${((100 * struck) / total).toFixed(1)} %) struck; ${lost.length + gone} lost, ${doubled} doubled, ${twins} twins removed, ${uncertain} uncertain (${((100 * uncertain) / RUNS).toFixed(1)} %, at most ${100 * most} %)`,
    );
    if (lost.length + gone + doubled > 0 || uncertain > most * RUNS) process.exitCode = 1;
  } finally {
    for (const loop of loops) loop.kill();
    server.disconnect();
  }
}

/** The server's next response. */
async function saidBy<T>(server: ChildProcess): Promise<T> {
  const [message] = (await once(server, "message")) as [T];
  return message;
}

/** Settles until the outcome is known. */
async function settled(client: Client, error: SubmitUncertainError): Promise<Run> {
  for (let tries = 1; ; tries++) {
    try {
      return await client.settle(error);
    } catch (again) {
      if (!(again instanceof SubmitUncertainError) || tries === 5) throw again;
    }
  }
}

/** Three kinds of run: one task, several tasks, and a flow without seeds. */
function submit(to: Client, number: number): Promise<Run> {
  if (number % 3 === 0) return sdxlLighting(to, { prompt: `night ${number}` });
  if (number % 3 === 1) return sdxlLighting(to, { prompt: "the same", count: 3 });
  return removeBackgroundBirefnet(to, { input_image: PICTURE });
}
