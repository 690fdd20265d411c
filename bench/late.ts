/**
 * Creates that reach the server late: a proxy resets the client's side at once and delivers the request
 * seconds later, long after the client has sent a second one. When the guards have ended, exactly the
 * requested tasks exist.
 * Run: npx tsx bench/late.ts [--runs 20] [--delays 1,3,10,20,60]; with VIX_URL (and VIX_USERNAME,
 * VIX_PASSWORD) against a real server, where it cancels its tasks at the end.
 */
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { startStandin } from "visionatrix-standin";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20" },
    delays: { type: "string", default: "1,3,10,20,60" },
  },
});
const runs = Number(values.runs);
const delays = values.delays.split(",").map(Number);
const { VIX_URL, VIX_USERNAME: username, VIX_PASSWORD: password } = process.env;
const auth = username && password ? { username, password } : undefined;
const standin = VIX_URL ? undefined : await startStandin({ workers: 0 });
const target = new URL(VIX_URL ?? standin?.url ?? "");

/** A proxy that delivers the first create of each run late. */
async function lateProxy(delayMs: number): Promise<{ url: string; close: () => void }> {
  const seen = new Set<string>();
  const forward = (incoming: IncomingMessage, body: Buffer): ReturnType<typeof httpRequest> => {
    const { method, url, headers } = incoming;
    const path = target.pathname.replace(/\/$/, "") + (url ?? "");
    const sent = httpRequest({
      ...{ host: target.hostname, port: target.port, path, method },
      headers: { ...headers, host: target.host },
    });
    sent.end(body);
    return sent;
  };
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const body = Buffer.concat(pieces);
      const seed = /name="seed"\r\n\r\n(\d+)/.exec(body.toString("latin1"))?.[1];
      if (incoming.method === "PUT" && seed !== undefined && !seen.has(seed)) {
        seen.add(seed);
        incoming.socket.destroy();
        void pause(delayMs).then(() => forward(incoming, body).on("response", (a) => a.resume()));
        return;
      }
      forward(incoming, body)
        .on("response", (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        })
        .on("error", () => outgoing.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

async function tryDelay(seconds: number): Promise<string> {
  const proxy = await lateProxy(seconds * 1000);
  const client = createClient({ baseUrl: proxy.url, ...(auth && { auth }) });
  const made = await Promise.all(
    Array.from({ length: runs }, (_, index) => sdxlLighting(client, { prompt: `late ${index}` })),
  );
  // Each late create has arrived after this pause; the guards check once more at the end.
  await pause(seconds * 1000 + 2000);
  await client.close();
  proxy.close();
  const direct = createClient({ baseUrl: target.href, ...(auth && { auth }) });
  const seeds = new Set(made.flatMap(({ tasks }) => tasks.map(({ seed }) => seed)));
  const there = (await direct.tasks({ flow: "sdxl_lighting" })).filter((task) =>
    seeds.has(Number(task.input_params["seed"])),
  );
  const removed = made.flatMap(({ duplicates }) => duplicates).length;
  if (VIX_URL) await Promise.all(made.map((run) => run.cancel()));
  const missing = made.filter(
    ({ tasks }) => !there.some(({ task_id }) => task_id === tasks[0]?.id),
  );
  if (there.length !== runs || missing.length > 0) process.exitCode = 1;
  return `late by ${String(seconds).padStart(3)} s: ${runs} runs, ${there.length} tasks, ${removed} twins removed, ${missing.length} lost`;
}

for (const line of await Promise.all(delays.map(tryDelay))) console.log(line);
await standin?.close();
