// A site on Hono 4, on Node; on Deno, Bun and Workers all but serve() is the same.
// Run: npm install hono @hono/node-server, then VIX_URL=http://gpu-box:8288 node examples/hono/server.mjs
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { events, port, proxy, receiver } from "../node/site.mjs";

const app = new Hono();
app.all("/api/vix/*", (c) => proxy(c.req.raw));
app.post("/hooks/*", (c) => receiver(c.req.raw));
app.get("/pictures", (c) => {
  const left = new AbortController();
  const source = events(c.req.query("prompt"), left.signal);
  const body = new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(new TextEncoder().encode(value));
    },
    // If the browser disconnects, the task is cancelled on the server.
    cancel: () => left.abort(),
  });
  return c.body(body, 200, { "content-type": "text/event-stream", "cache-control": "no-store" });
});

serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, () =>
  console.log(`Listening on http://127.0.0.1:${port}`),
);
