/** The webhook receiver behind frameworks that have already read the body. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWebhookReceiver } from "visionatrix-client";

const REPORT = { task_id: 7, progress: 50, execution_time: 1, error: "" };

type Parser = (request: IncomingMessage & { body?: unknown; rawBody?: unknown }) => unknown;

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** Calls a receiver behind a parser, as the server would. */
async function call(parser: Parser, body = JSON.stringify(REPORT), path = "/vix/task-progress") {
  const woken: number[] = [];
  const receive = createWebhookReceiver({
    client: { wake: (id) => void woken.push(id) },
    url: "https://me.example/vix",
    secret: "0123456789abcdef",
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await parser(request);
    await receive.node(request, response);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { webhook_headers } = await receive.params();
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    method: "POST",
    headers: { ...webhook_headers, "content-type": "application/json" },
    body,
    signal: AbortSignal.timeout(5_000),
  });
  return { status: answer.status, text: await answer.text(), woken };
}

const PARSERS: [name: string, parser: Parser][] = [
  ["nothing", () => undefined],
  [
    "express.json()",
    async (request) => {
      request.body = JSON.parse(await textOf(request));
    },
  ],
  [
    "express.text()",
    async (request) => {
      request.body = await textOf(request);
    },
  ],
  [
    "express.raw()",
    async (request) => {
      request.body = Buffer.from(await textOf(request));
    },
  ],
  [
    "express.json() of another type, which leaves an empty object",
    (request) => {
      request.body = {};
    },
  ],
  ['setEncoding("utf8")', (request) => request.setEncoding("utf8")],
];

describe.each(PARSERS)("behind %s", (_, parser) => {
  it("a call wakes the client", async () => {
    expect(await call(parser)).toMatchObject({ status: 204, woken: [7] });
  });

  it("works without a prefix that the framework removed", async () => {
    const stripped: Parser = async (request) => {
      await parser(request);
      request.url = "/task-progress";
    };
    expect(await call(stripped)).toMatchObject({ status: 204, woken: [7] });
  });
});

it.each<[string, Parser, string | undefined]>([
  ["was read and not kept", textOf, undefined],
  ["is no JSON", () => undefined, "{"],
  ["is no report", () => undefined, '{"task_id":"7"}'],
])("a call whose body %s is answered with the reason", async (_, parser, body) => {
  const { status, text, woken } = await call(parser, body);
  expect(status).toBe(400);
  expect(text).toMatch(/\w+ \w+/);
  expect(woken).toEqual([]);
});

it("a Request that was already read is answered with the reason", async () => {
  const receive = createWebhookReceiver({
    client: { wake: () => undefined },
    url: "https://me.example/vix",
    secret: "0123456789abcdef",
  });
  const { webhook_headers: headers } = await receive.params();
  const init = { method: "POST", headers, body: JSON.stringify(REPORT) };
  const request = new Request("https://me.example/vix/task-progress", init);
  await request.json();
  const answer = await receive(request);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toMatch(/read/);
});
