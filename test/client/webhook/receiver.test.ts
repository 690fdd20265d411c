import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWebhookReceiver, type WebhookReceiver } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { isNews } from "../../../src/webhook/report.js";
import { asked, standinWithClient } from "../../support/standin.js";

const SECRET = "a secret of some length";

function receiver(): { hook: WebhookReceiver; woken: number[] } {
  const woken: number[] = [];
  const client = { wake: (id: number) => void woken.push(id) };
  return { hook: createWebhookReceiver({ client, url: "http://h/hook", secret: SECRET }), woken };
}

const REPORT = { task_id: 7, progress: 10, execution_time: 1.5, error: "" };

async function post(hook: WebhookReceiver, body: unknown, token?: string): Promise<number> {
  const { webhook_headers } = await hook.params();
  const response = await hook(
    new Request("http://h/hook/task-progress", {
      method: "POST",
      headers: token === undefined ? webhook_headers : { "x-vix-token": token },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );
  return response.status;
}

describe("a webhook receiver", () => {
  it("wakes the watcher for news, and for news only", async () => {
    const { hook, woken } = receiver();
    const reports = [
      REPORT,
      REPORT,
      { ...REPORT, progress: 20, execution_time: 3 },
      { ...REPORT, progress: 15, execution_time: 2 },
      { ...REPORT, progress: 100, execution_time: 2.9 },
      { ...REPORT, progress: 100, execution_time: 4 },
    ];
    for (const report of reports) expect(await post(hook, report)).toBe(204);
    expect(woken).toEqual([7, 7, 7]);
  });

  it.each<[string, unknown, string | undefined, number]>([
    ["no token", REPORT, "", 401],
    ["a forged token", REPORT, `x.${"0".repeat(64)}`, 401],
    ["a token without end", REPORT, "x", 401],
    ["no JSON", "<html>", undefined, 400],
    ["other JSON", { task_id: "7" }, undefined, 400],
    ["an endless body", "x".repeat(300_000), undefined, 413],
  ])("refuses %s", async (_, body, token, status) => {
    const { hook, woken } = receiver();
    expect(await post(hook, body, token)).toBe(status);
    expect(woken).toEqual([]);
  });

  it("treats a restart as news", () => {
    expect(isNews({ ...REPORT, progress: 0, execution_time: 0 }, REPORT)).toBe(true);
    expect(isNews({ ...REPORT, error: "boom" }, REPORT)).toBe(true);
  });

  it("requires a usable secret", () => {
    expect(() =>
      createWebhookReceiver({
        client: { wake: () => undefined },
        url: "http://h",
        secret: "short",
      }),
    ).toThrow(/16 characters/);
  });

  const right = { client: { wake: () => undefined }, url: "http://h/hook", secret: SECRET };
  it.each([
    ["no address", { ...right, url: undefined }, /`url` must be/],
    ["an address without a scheme", { ...right, url: "h/hook" }, /`url` must be/],
    ["an address with a query", { ...right, url: "http://h/hook?x=1" }, /`url` must be/],
    ["a URL object", { ...right, url: new URL("http://h/hook") }, /`url` must be a string/],
    ["no client", { ...right, client: undefined }, /`client` must be/],
    ["a misspelt option", { ...right, secrets: "" }, /did you mean `secret`/],
    ["nothing", undefined, /`client` must be/],
  ])("refuses %s", (_, options, message) => {
    expect(() => createWebhookReceiver(options as never)).toThrow(message);
  });

  it("reports the end of a run at once, even if polling is slow", async () => {
    const { client, standin } = await standinWithClient(
      { speed: 20 },
      { poll: { minMs: 500, maxMs: 60_000 } },
    );
    const server: Server = createServer((request, response) => void hook.node(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const hook = createWebhookReceiver({
      client,
      url: `http://127.0.0.1:${port}/hook`,
      secret: SECRET,
    });
    const { files } = await sdxlLighting(client, {
      prompt: "a",
      ...(await hook.params()),
    }).result();
    expect(files).toHaveLength(1);
    expect(standin.webhooks.length).toBeGreaterThan(0);
    expect(asked(standin, "progress")).toBeLessThanOrEqual(standin.webhooks.length + 1);
  });

  it("lets polling take over when calls are lost", async () => {
    const { client } = await standinWithClient({ faults: [{ do: "lose-webhook" }] });
    const hook = createWebhookReceiver({ client, url: "http://127.0.0.1:1/hook", secret: SECRET });
    const { files } = await sdxlLighting(client, {
      prompt: "a",
      ...(await hook.params()),
    }).result();
    expect(files).toHaveLength(1);
  });
});
