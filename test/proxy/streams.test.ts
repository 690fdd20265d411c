/** Files through the proxy: streamed, in constant memory, and stopped when the page disconnects. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { createProxy } from "visionatrix-client/proxy";
import { file, FLOWS, form, FORM_HEADERS, pageHeaders, SECRET, startSite } from "./support.js";

const MB = 1024 * 1024;

/** A minimal server for files, which reads and sends them as the test decides. */
async function filesServer(
  respond: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<{ url: string; marks: () => Record<string, string> }> {
  let marks: Record<string, string> = {};
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    if (url.startsWith("/vapi/tasks/progress-summary")) response.end("{}");
    else if (url.startsWith("/vapi/tasks/progress/"))
      response.end(JSON.stringify({ task_id: 1, progress: 100, webhook_headers: marks }));
    else if (url.includes("/create/")) {
      void takeForm(request, (head) => {
        marks = JSON.parse(/(\{"x-.*\})\r\n/.exec(head)?.[1] ?? "{}") as Record<string, string>;
      }).then(
        (length) => respond(Object.assign(request, { length }), response),
        () => undefined,
      );
    } else respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    marks: () => marks,
  };
}

async function takeForm(request: IncomingMessage, onHead: (head: string) => void): Promise<number> {
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    if (length === 0) onHead(piece.toString("latin1"));
    length += piece.length;
  }
  return length;
}

function siteFor(serverUrl: string) {
  const client = createClient({ baseUrl: serverUrl });
  const proxy = createProxy({
    client,
    flows: FLOWS,
    owner: () => "ann",
    secret: SECRET,
    limits: { bodyBytes: Infinity },
  });
  return proxy;
}

/** A form with one file of this size, generated as it is read. */
function bigForm(size: number): { body: ReadableStream<Uint8Array>; length: number } {
  const [before = "", after = ""] = form([file("input_image", "|")]).split("|");
  const piece = new Uint8Array(256 * 1024).fill(13);
  let left = size;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(before)),
    pull(controller) {
      const next = piece.subarray(0, Math.min(left, piece.length));
      left -= next.length;
      if (next.length > 0) controller.enqueue(next);
      else {
        controller.enqueue(encoder.encode(after));
        controller.close();
      }
    },
  });
  return { body, length: before.length + size + after.length };
}

const create = (body: ReadableStream<Uint8Array>, headers: object = {}, signal?: AbortSignal) =>
  new Request("http://site/api/vix/vapi/tasks/create/remove_background_birefnet", {
    method: "PUT",
    headers: { ...pageHeaders("ann"), ...FORM_HEADERS, ...headers },
    body,
    duplex: "half",
    ...(signal && { signal }),
  } as RequestInit);

describe("files through the proxy", () => {
  it.each([
    ["with its length", true],
    ["without its length", false],
  ])("sends 200 MB on in constant memory, %s", async (_, announced) => {
    let length = 0;
    const { url } = await filesServer((request, response) => {
      ({ length } = request as unknown as { length: number });
      response.end(JSON.stringify({ tasks_ids: [1], outputs: [] }));
    });
    const proxy = siteFor(url);
    const { body, length: total } = bigForm(200 * MB);
    const before = process.memoryUsage().rss;
    const answer = await proxy(create(body, announced ? { "content-length": String(total) } : {}));
    expect(await answer.json()).toEqual({ tasks_ids: [1], outputs: [] });
    // The proxy adds only its own text fields.
    expect(length).toBeGreaterThan(total);
    expect(length).toBeLessThan(total + 1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * MB);
  });

  it("hands a file on only as fast as the page takes it, and stops when the page leaves", async () => {
    let sent = 0;
    let closed = (): void => undefined;
    const whenClosed = new Promise<void>((resolve) => (closed = resolve));
    const { url } = await filesServer((request, response) => {
      if (request.url?.includes("/create/")) {
        response.end(JSON.stringify({ tasks_ids: [1], outputs: [] }));
        return;
      }
      response.once("close", closed);
      response.writeHead(200, { "content-type": "image/png", "set-cookie": "a=b" });
      const more = (): void => {
        while (sent < 500 * MB) {
          sent += 64 * 1024;
          if (!response.write(Buffer.alloc(64 * 1024))) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const proxy = siteFor(url);
    await proxy(create(bigForm(10).body));
    const answer = await proxy(
      new Request("http://site/vapi/tasks/results?task_id=1&node_id=9", {
        headers: pageHeaders("ann"),
      }),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toBeNull();
    const reader = answer.body!.getReader();
    for (let read = 0; read < 5 * MB;) read += (await reader.read()).value?.length ?? Infinity;
    await reader.cancel();
    await whenClosed;
    expect(sent).toBeLessThan(100 * MB);
  });

  it("breaks an upload off when the page leaves, and nothing is created", async () => {
    const { standin, proxy } = await startSite();
    const left = new AbortController();
    const { body } = bigForm(20 * MB);
    let pieces = 0;
    const slow = body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(piece, controller) {
          controller.enqueue(piece);
          if (++pieces === 4) left.abort();
        },
      }),
    );
    const answer = await proxy(create(slow, {}, left.signal));
    expect(answer.status).toBe(499);
    const list = await fetch(`${standin.url}/vapi/tasks/progress-summary`, {
      headers: { authorization: `Basic ${btoa("site:the server's own password")}` },
    });
    expect(await list.json()).toEqual({});
  });

  it("gives parts of a file, and the headers that a page needs", async () => {
    const { page, ask } = await startSite();
    const run = await sdxlLighting(page("ann"), { prompt: "x" });
    const { files } = await run.result();
    const bytes = await files[0]!.bytes();
    const path = `/vapi/tasks/results?task_id=${run.tasks[0]!.id}&node_id=9`;
    const part = await ask("ann", "GET", path, { headers: { range: "bytes=10-19" } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe(`bytes 10-19/${bytes.length}`);
    expect(part.headers.get("content-length")).toBe("10");
    const etag = part.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"/);
    const fresh = await ask("ann", "GET", path, {
      headers: { range: "bytes=10-19", "if-range": '"another"' },
    });
    expect(fresh.status).toBe(200);
    expect(fresh.headers.get("content-disposition")).toMatch(/^attachment; filename="[\w.]+"$/);
    expect(fresh.headers.get("content-security-policy")).toContain("sandbox");
    expect(fresh.headers.get("x-content-type-options")).toBe("nosniff");
    const beyond = await ask("ann", "GET", path, { headers: { range: "bytes=99999999-" } });
    expect(beyond.status).toBe(416);
  });
});
