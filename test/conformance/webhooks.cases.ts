/** Section 6: webhook calls about progress. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { MOVES_TIME, TASK_MS } from "./setups.js";
import { serving } from "./steps.js";
import { FLOW, type Json, type Target } from "./target.js";

interface Call {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Runs `work` with the address of a receiver, and returns the calls once `count` have arrived. */
async function receive(
  count: number,
  work: (url: string) => Promise<void>,
  socket?: string,
): Promise<Call[]> {
  const calls: Call[] = [];
  let arrived: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (arrived = resolve));
  const server = createServer((req, res) => {
    let body = "";
    req.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    req.on("end", () => {
      res.end();
      calls.push({ method: req.method, url: req.url, headers: req.headers, body });
      if (calls.length === count) arrived();
    });
  });
  const place = socket === undefined ? { host: "127.0.0.1", port: 0 } : { path: socket };
  await new Promise<void>((resolve) => server.listen(place, () => resolve()));
  try {
    const address = server.address();
    await work(`http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`);
    if (count > 0) await all;
    return calls;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function reportOnce(
  target: Target,
  fields: readonly (readonly [string, string])[],
): Promise<number> {
  const worker = target.worker();
  const id = await worker.take(fields);
  expect((await worker.report(id, 10)).status).toBe(204);
  return id;
}

const webhooks: readonly Case[] = [
  ...rows(
    [
      ["", "/task-progress"],
      ["/", "/task-progress"],
      ["/hook", "/hook/task-progress"],
      ["/hook/", "/hook/task-progress"],
      ["/cb?token=1", "/cb?token=1/task-progress"],
    ] as const,
    (suffix, path) => ({
      section: "6",
      name: `calls ${path} for a URL that ends in ${JSON.stringify(suffix)}`,
      run: async (target) => {
        const [call] = await receive(1, async (url) => {
          await reportOnce(target, [["webhook_url", `${url}${suffix}`]]);
        });
        expect(call).toMatchObject({ method: "POST", url: path });
      },
    }),
  ),
  {
    section: "6",
    name: "sends progress as JSON with the task's own headers",
    run: async (target) => {
      let id = 0;
      const [call] = await receive(1, async (url) => {
        id = await reportOnce(target, [
          ["webhook_url", url],
          ["webhook_headers", '{"x-secret":"s3"}'],
        ]);
      });
      expect(call?.headers["content-type"]).toBe("application/json");
      expect(call?.headers["x-secret"]).toBe("s3");
      expect(call?.body).toBe(`{"task_id":${id},"progress":10.0,"execution_time":1.5,"error":""}`);
    },
  },
  {
    section: "6",
    name: "calls nobody when a header value is no text",
    run: async (target) => {
      const calls = await receive(1, async (url) => {
        await reportOnce(target, [
          ["webhook_url", url],
          ["webhook_headers", '{"x-number":5}'],
        ]);
        // The call of a second task shows that a call of the first one would have arrived by now.
        await reportOnce(target, [["webhook_url", `${url}/second`]]);
      });
      expect(calls.map(({ url }) => url)).toEqual(["/second/task-progress"]);
    },
  },
  {
    section: "6",
    name: "calls after the error and after the end, results being there by then",
    run: async (target) => {
      const worker = target.worker();
      const calls = await receive(2, async (url) => {
        const failed = await worker.task([["webhook_url", url]]);
        await worker.next();
        await worker.report(failed, 30, "bad");
        await worker.unlock(failed);
        await worker.finished(undefined, [["webhook_url", url]]);
      });
      const bodies = calls.map(({ body }) => JSON.parse(body) as Json);
      expect(bodies.map((one) => one["progress"]).sort()).toEqual([100, 30]);
      expect(bodies.map((one) => one["error"]).sort()).toEqual(["", "bad"]);
    },
  },
  {
    section: "6",
    name: "does not follow a receiver that fails, and goes on",
    run: async (target) => {
      const id = await reportOnce(target, [["webhook_url", "http://127.0.0.1:1/nobody"]]);
      expect(await target.details(id)).toMatchObject({ progress: 10, error: "" });
    },
  },
];

const told: readonly Case[] = [
  {
    section: "6",
    name: "calls as the client library that it uses, and follows no redirect",
    run: async (target) => {
      const calls: IncomingMessage[] = [];
      const answer = (req: IncomingMessage, res: ServerResponse): void => {
        calls.push(req);
        res.writeHead(307, { location: "/elsewhere" }).end();
      };
      await serving(answer, async (url) => {
        const worker = target.worker();
        const id = await worker.take([["webhook_url", url]]);
        await worker.report(id, 10);
        await expect.poll(() => calls.length).toBe(1);
        await worker.report(id, 20);
        await expect.poll(() => calls.length).toBe(2);
      });
      expect(calls.map(({ url }) => url)).toEqual(["/task-progress", "/task-progress"]);
      expect(calls[0]?.headers["user-agent"]).toMatch(/^python-httpx\//);
    },
  },
  {
    section: "6",
    name: "calls through the socket that a header names, which is not sent on",
    standinOnly: "the server must be on this machine",
    run: async (target) => {
      const folder = mkdtempSync(join(tmpdir(), "vix-hook-"));
      const socket = join(folder, "hook.sock");
      const [call] = await receive(
        1,
        async () => {
          const headers = JSON.stringify({ "x-transport-uds": socket, "x-own": "1" });
          await reportOnce(target, [
            ["webhook_url", "http://nowhere.invalid/hook"],
            ["webhook_headers", headers],
          ]);
        },
        socket,
      ).finally(() => rmSync(folder, { recursive: true }));
      expect(call?.url).toBe("/hook/task-progress");
      expect(call?.headers).toMatchObject({ host: "nowhere.invalid", "x-own": "1" });
      expect(call?.headers).not.toHaveProperty("x-transport-uds");
    },
  },
  {
    section: "6",
    name: "runs a task again and again whose headers its own worker cannot send, until it is cancelled",
    setup: "working",
    standinOnly: MOVES_TIME,
    run: async (target) => {
      const { clock } = target.standin;
      const bad = await target.created(FLOW, [
        ["prompt", "x"],
        ["webhook_url", "http://127.0.0.1:9/hook"],
        ["webhook_headers", '{"x-number":5}'],
      ]);
      const good = await target.created(FLOW, [["prompt", "x"]]);
      const [badId = 0, goodId = 0] = [...bad.tasks_ids, ...good.tasks_ids];
      await clock.advance(10 * TASK_MS);
      expect(await target.details(badId)).toMatchObject({ error: "", finished_at: null });
      expect((await target.details(goodId))["progress"]).toBe(0);
      expect((await target.send("DELETE", `/vapi/tasks/queue/${badId}`)).status).toBe(204);
      await clock.advance(2 * TASK_MS);
      expect((await target.details(goodId))["progress"]).toBe(100);
    },
  },
  {
    section: "6",
    name: "tells nobody of a create, a restart, a cancel or a deletion",
    run: async (target) => {
      const bodies: Json[] = [];
      const answer = (req: IncomingMessage, res: ServerResponse): void => {
        req.on("data", (chunk: Buffer) => bodies.push(JSON.parse(chunk.toString()) as Json));
        req.on("end", () => res.end());
      };
      await serving(answer, async (url) => {
        const worker = target.worker();
        const first = await worker.take([["webhook_url", url]]);
        await target.send("POST", `/vapi/tasks/restart?task_id=${first}&force=true`);
        await target.send("DELETE", `/vapi/tasks/queue/${first}`);
        const second = await worker.take([["webhook_url", url]]);
        await target.send("DELETE", `/vapi/tasks/task?task_id=${second}`);
        // A later call shows that earlier ones would have arrived by now.
        const last = await worker.take([["webhook_url", url]]);
        await worker.report(last, 10);
        await expect.poll(() => bodies.length).toBeGreaterThan(0);
        expect(bodies.map((body) => body["task_id"])).toEqual([last]);
      });
    },
  },
];

export const webhooksCases: readonly Case[] = [...webhooks, ...told];
