/** Webhooks as an embedded worker calls them: one by one, and fatal if they cannot be sent. */
import { createServer, type Server, type ServerResponse } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { create, details, ended, nextTurn, start } from "./support.js";

interface Receiver {
  readonly url: string;
  readonly bodies: string[];
}

/** A receiver in which `answer` decides when to respond. */
async function receiver(
  listen: number | string,
  answer = (response: ServerResponse): void => void response.end(),
): Promise<Receiver> {
  const bodies: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      bodies.push(body);
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(listen, () => resolve()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address() as AddressInfo | string;
  return { url: typeof address === "string" ? "" : `http://127.0.0.1:${address.port}`, bodies };
}

describe("webhooks of an embedded worker", () => {
  it("delay the task until they are answered", async () => {
    const waiting: ServerResponse[] = [];
    const { url, bodies } = await receiver(0, (response) => waiting.push(response));
    const vix = await start({ duration: 20, steps: 4 });
    const [id = 0] = await create(vix, [
      ["prompt", "x"],
      ["webhook_url", url],
    ]);
    while (waiting.length === 0) await nextTurn();
    const { progress } = await details(vix, id);
    const until = Date.now() + 100;
    while (Date.now() < until) await nextTurn();
    expect(await details(vix, id)).toMatchObject({ progress });
    expect(bodies).toHaveLength(1);
    let answered = 0;
    while ((await details(vix, id)).progress < 100) {
      for (; answered < waiting.length; answered += 1) waiting[answered]?.end();
    }
    expect(bodies.length).toBeGreaterThan(4);
  });

  it.each(['{"x-number":5}', '{"x-text":"ü"}'])(
    "run the task again and again where the headers are %s",
    async (headers) => {
      const vix = await start({ clock: "virtual" });
      const [id = 0] = await create(vix, [
        ["prompt", "x"],
        ["webhook_url", "http://127.0.0.1:1"],
        ["webhook_headers", headers],
      ]);
      const seen = new Set<unknown>();
      for (let k = 0; k < 100; k += 1) {
        await vix.clock.advance(100);
        const task = await details(vix, id);
        expect(task).toMatchObject({ error: "", finished_at: null });
        if (task.locked_at !== null) seen.add(task.locked_at);
      }
      expect(seen.size).toBeGreaterThan(3);
    },
  );

  it("go through the socket once, and by TCP from then on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-socket-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const socket = join(folder, "s");
    const bySocket = await receiver(socket);
    const byTcp = await receiver(0);
    const vix = await start({ duration: 10, steps: 2 });
    const [id = 0] = await create(vix, [
      ["prompt", "x"],
      ["webhook_url", byTcp.url],
      ["webhook_headers", JSON.stringify({ "x-transport-uds": socket })],
    ]);
    await ended(vix, id);
    while (!byTcp.bodies.some((body) => body.includes("100.0"))) await nextTurn();
    expect(bySocket.bodies).toHaveLength(1);
  });
});
