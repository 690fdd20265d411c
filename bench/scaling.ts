/**
 * The load that one client process can put on one server, for docs/scaling.md: creates per second, requests
 * of many waits, and lists of a long history. It runs against the stand-in, so the figures show the client
 * and HTTP on this machine; the real server is slower. Run: npx tsx bench/scaling.ts
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { startStandin } from "visionatrix-standin";

const CREATES = 500;
const WAITS = 500;
const WAIT_SECONDS = 30;

async function creates(): Promise<void> {
  for (const keyed of [false, true]) {
    const standin = await startStandin({ workers: 0, recordLimit: 100_000 });
    const client = createClient({ baseUrl: standin.url, maxRequests: 16 });
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: CREATES }, (_, at) =>
        sdxlLighting(
          client,
          { prompt: `picture ${at}` },
          keyed ? { idempotencyKey: `job ${at}`, firstTry: true } : {},
        ),
      ),
    );
    const rate = CREATES / ((performance.now() - startedAt) / 1000);
    console.log(`creates${keyed ? " with keys" : ""}: ${rate.toFixed()} a second`);
    await client.close();
    await standin.close();
  }
}

async function waits(): Promise<void> {
  const standin = await startStandin({ workers: 0, recordLimit: 100_000 });
  const client = createClient({ baseUrl: standin.url });
  const run = await sdxlLighting(client, { prompt: "a", count: WAITS });
  const before = standin.requests.length;
  const stop = new AbortController();
  const waiting = run.tasks.map((task) =>
    task.result({ signal: stop.signal }).catch(() => undefined),
  );
  await sleep(WAIT_SECONDS * 1000);
  const asked = standin.requests.slice(before);
  stop.abort();
  await Promise.all(waiting);
  const lists = asked.filter(({ endpoint }) => endpoint === "progress-summary").length;
  console.log(
    `${WAITS} waits: ${(asked.length / WAIT_SECONDS).toFixed(2)} requests a second, ${lists} of ${asked.length} are lists`,
  );
  await client.close();
  await standin.close();
}

async function lists(): Promise<void> {
  for (const history of [1000, 10_000, 30_000]) {
    const standin = await startStandin({ workers: 0, history });
    const client = createClient({ baseUrl: standin.url });
    await client.whoami();
    const startedAt = performance.now();
    const tasks = await client.tasks();
    const ms = performance.now() - startedAt;
    console.log(`a list of ${tasks.length} tasks: ${ms.toFixed()} ms`);
    await client.close();
    await standin.close();
  }
}

await creates();
await waits();
await lists();
