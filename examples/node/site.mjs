// Shared by the recipes for Node, Express, Fastify and Hono: the signed-in user, the proxy for pages, and
// pictures that the site itself makes. A server.mjs beside it mounts them.
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createClient, createWebhookReceiver } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
import { createProxy } from "visionatrix-client/proxy";

const { VIX_URL = "http://localhost:8288", VIX_USERNAME, VIX_PASSWORD = "" } = process.env;
export const port = Number(process.env.PORT ?? 3000);

export const client = createClient({
  baseUrl: VIX_URL,
  ...(VIX_USERNAME && { auth: { username: VIX_USERNAME, password: VIX_PASSWORD } }),
});

// The same in all instances and across restarts: tasks marked with another secret have no owner.
const secret = process.env.VIX_PROXY_SECRET ?? randomBytes(32).toString("hex");

/** The server calls this site when tasks progress. SITE_URL is the site's address for the server. */
export const receiver = createWebhookReceiver({
  client,
  url: `${process.env.SITE_URL ?? `http://127.0.0.1:${port}`}/hooks`,
  secret,
});

// Replaces the sessions of a real site: cookie to user.
const sessions = new Map([["session-of-ann", "ann"]]);

export const proxy = createProxy({
  client,
  flows: [sdxlLighting, removeBackgroundBirefnet],
  owner: (request) => sessions.get(/session=([\w-]+)/.exec(request.headers.get("cookie"))?.[1]),
  secret,
  webhook: receiver,
});

/** Makes a picture, and reports progress as server-sent events. `signal` cancels it on the server, too. */
export async function* events(prompt, signal) {
  const event = (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  try {
    const params = { prompt, ...(await receiver.params()) };
    const run = await sdxlLighting(client, params, { signal });
    yield event("created", { id: run.tasks[0].id });
    for await (const { state, percent } of run.progress())
      yield event("progress", { state, percent });
    const { files } = await run.result();
    yield event("done", { name: files[0].name, size: files[0].size });
  } catch (error) {
    yield event("error", { message: error.message });
  }
}

/** Sends these events as the response of `http.createServer`, Express or Fastify. A disconnect cancels. */
export async function sendEvents(prompt, response) {
  const left = new AbortController();
  response.once("close", () => left.abort());
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  // When the browser disconnects, the stream ends.
  await pipeline(Readable.from(events(prompt, left.signal)), response).catch(() => undefined);
}
