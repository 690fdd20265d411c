/** Sections 3.6 to 3.9, 5 and 6: connections that break, files from elsewhere or gone, who is told of what. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FILE_FLOW, FILE_NODE, FLOW, type Json, NODE, type Target } from "./target.js";
import { basic, multipart } from "./wire.js";

const PHOTO = { filename: "photo.png", bytes: "pretend picture" };

/** Runs `work` with the address of a server on this machine. */
async function serving(
  answer: (req: IncomingMessage, res: ServerResponse) => void,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Ids of the tasks in a group. */
async function idsIn(target: Target, group: number): Promise<number[]> {
  const answer = await target.get(`/vapi/tasks/progress-summary?group_scope=${group}`);
  return Object.keys(answer.json() as Json).map(Number);
}

/** Sends so much of a create of three tasks, and hangs up. */
async function hangUp(target: Target, group: number, share: number): Promise<void> {
  const form = multipart([
    ["prompt", "x"],
    ["count", "3"],
    ["group_scope", String(group)],
  ]);
  const { hostname, port, host } = new URL(target.url);
  const { admin } = target;
  const head = [
    `PUT /vapi/tasks/create/${FLOW} HTTP/1.1`,
    `Host: ${host}`,
    `Content-Length: ${form.body.length}`,
    `Content-Type: ${form.headers["content-type"] ?? ""}`,
    "X-WORKER-ID: nobody",
    ...(admin ? [`Authorization: ${basic(admin.username, admin.password)}`] : []),
  ];
  const body = form.body.subarray(0, Math.floor(form.body.length * share));
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${head.join("\r\n")}\r\n\r\n`);
      socket.end(body);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve());
    socket.resume();
  });
}

const creating: readonly Case[] = [
  {
    section: "3.8",
    name: "creates nothing for a client that hangs up before its body is whole",
    run: async (target) => {
      await hangUp(target, 61, 0.9);
      expect(await idsIn(target, 61)).toEqual([]);
    },
  },
  {
    section: "3.8",
    name: "creates everything for a client that hangs up after that",
    run: async (target) => {
      await hangUp(target, 62, 1);
      await expect.poll(() => idsIn(target, 62)).toHaveLength(3);
    },
  },
  {
    section: "3.9",
    name: "says of a task that was deleted while it waited for it that it disappeared",
    run: async (target) => {
      const form = multipart([
        ["prompt", "x"],
        ["group_scope", "63"],
      ]);
      const headers = { ...form.headers, "x-worker-id": "nobody" };
      const waiting = target.send("PUT", `/vapi/tasks/create-sync/${FLOW}`, { ...form, headers });
      await expect.poll(() => idsIn(target, 63)).toHaveLength(1);
      const [id = 0] = await idsIn(target, 63);
      await target.send("DELETE", `/vapi/tasks/task?task_id=${id}`);
      const answer = await waiting;
      expect(answer.status).toBe(500);
      expect(answer.json()).toEqual({ detail: "Task disappeared during execution." });
    },
  },
  {
    section: "3.9",
    name: "misses the files of a task that made none",
    run: async (target) => {
      const worker = target.worker();
      const form = multipart([
        ["prompt", "x"],
        ["group_scope", "64"],
      ]);
      const headers = { ...form.headers, "x-worker-id": worker.id };
      const waiting = target.send("PUT", `/vapi/tasks/create-sync/${FLOW}`, { ...form, headers });
      await expect.poll(() => idsIn(target, 64)).toHaveLength(1);
      const [id = 0] = await idsIn(target, 64);
      await worker.next();
      await worker.report(id, 100);
      const answer = await waiting;
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({ detail: `No result files found for task=\`${id}\`.` });
      expect(await idsIn(target, 64)).toEqual([]);
    },
  },
];

const files: readonly Case[] = [
  ...rows(
    [
      ["alone", {}],
      ["before task_id", { task_id: 999_999_999, node_id: 9 }],
    ] as const,
    (name, more) => ({
      section: "3.6",
      name: `keeps what a remote_url answers, whatever its status, ${name}`,
      standinOnly: "the server must be on this machine",
      run: async (target) => {
        const seen: string[] = [];
        const answer = (req: IncomingMessage, res: ServerResponse): void => {
          seen.push(req.headers.cookie ?? "");
          res.writeHead(404).end("an error page");
        };
        await serving(answer, async (url) => {
          const reference = { remote_url: `${url}/photo.png`, type: "nextcloud", ...more };
          const created = await target.create(
            FILE_FLOW,
            [["input_image", JSON.stringify(reference)]],
            target.admin,
            { cookie: "session=1" },
          );
          expect(created.status, created.text).toBe(200);
          const [id] = (created.json() as { tasks_ids: [number] }).tasks_ids;
          const input = await target.get(`/vapi/tasks/inputs?task_id=${id}&input_index=0`);
          expect(input.text).toBe("an error page");
          expect(seen).toEqual(["session=1"]);
        });
      },
    }),
  ),
  {
    section: "5.2",
    name: "misses an input file that is gone from its disk, and so does a reference to it",
    standinOnly: "no file of a real server can be taken away over HTTP",
    run: async (target) => {
      target.standin.addFaults({ on: "create", do: "lose-inputs", times: 1 });
      const { tasks_ids } = await target.created(FILE_FLOW, [["input_image", PHOTO]]);
      const [id = 0] = tasks_ids;
      const name = `${id}_input_image.png`;
      expect(await target.details(id)).toMatchObject({ input_files: [{ file_name: name }] });
      const input = await target.get(`/vapi/tasks/inputs?task_id=${id}&input_index=0`);
      expect(input.status).toBe(404);
      expect(input.json()).toEqual({
        detail: `Task(${id}): input file \`${name}\` was not found.`,
      });
      const reference = JSON.stringify({ task_id: id, input_index: 0 });
      const answer = await target.create(FILE_FLOW, [["input_image", reference]]);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({
        detail: `Bad flow, file from task_id=\`${id}\`, index=\`0\` not found.`,
      });
    },
  },
  {
    section: "5.1",
    name: "tells of a single file what caches and downloads go by, and of a ZIP nothing",
    run: async (target) => {
      const id = await target.worker().finished();
      const path = `/vapi/tasks/results?task_id=${id}&node_id=${NODE}`;
      const single = (await target.get(path)).headers;
      expect(single).toMatchObject({ "accept-ranges": "bytes", "content-length": "20" });
      expect(single.etag).toMatch(/^"[^"]+"$/);
      expect(Date.parse(single["last-modified"] ?? "")).not.toBeNaN();
      const zip = (await target.get(`${path}&batch_index=-1`)).headers;
      expect(zip).toMatchObject({
        "content-type": "application/zip",
        "content-disposition": `attachment; filename=${id}_${NODE}_results.zip`,
      });
      for (const key of ["etag", "accept-ranges"]) expect(zip).not.toHaveProperty(key);
      for (const headers of [single, zip])
        for (const key of ["cache-control", "content-encoding"])
          expect(headers).not.toHaveProperty(key);
    },
  },
  {
    section: "5.1",
    name: "misses the result of an output without files",
    run: async (target) => {
      const worker = target.worker();
      const id = await worker.take();
      await worker.report(id, 100);
      const answer = await target.get(`/vapi/tasks/results?task_id=${id}&node_id=${NODE}`);
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({
        detail: `Missing result for task=\`${id}\` and node=\`${NODE}\`.`,
      });
    },
  },
  ...rows(
    [
      ["text", ".txt", true],
      ["an upper-case extension", ".PNG", false],
      ["an extension of another kind", ".webm", false],
    ] as const,
    (name, extension, given) => ({
      section: "5.1",
      name: `${given ? "names" : "does not hand out"} a file with ${name}`,
      run: async (target) => {
        const flow = given ? "ask_ai_internal" : FLOW;
        const worker = target.worker();
        const id = await worker.take([], flow);
        const [output] = (await target.details(id))["outputs"] as { comfy_node_id: number }[];
        const node = output?.comfy_node_id ?? 0;
        await worker.upload(id, [[`${id}_${node}_${extension}`, "x"]]);
        await worker.report(id, 100);
        const answer = await target.get(`/vapi/tasks/results?task_id=${id}&node_id=${node}`);
        expect(answer.status).toBe(given ? 200 : 404);
        if (given) {
          expect(answer.headers["content-disposition"]).toBe(
            `attachment; filename="${id}_${node}.txt"`,
          );
        }
      },
    }),
  ),
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
        // A call that does come says that others would have been here by now.
        const last = await worker.take([["webhook_url", url]]);
        await worker.report(last, 10);
        await expect.poll(() => bodies.length).toBeGreaterThan(0);
        expect(bodies.map((body) => body["task_id"])).toEqual([last]);
      });
    },
  },
];

const children: readonly Case[] = [
  {
    section: "3.5",
    name: "lets a child keep its own group",
    run: async (target) => {
      const parent = await target.worker().finished(undefined, [["group_scope", "65"]]);
      const reference = JSON.stringify({ task_id: parent, node_id: NODE });
      const { tasks_ids } = await target.created(FILE_FLOW, [
        ["input_image", reference],
        ["child_task", "1"],
      ]);
      const child = await target.details(tasks_ids[0] ?? 0);
      expect(child).toMatchObject({ group_scope: 1, parent_task_id: parent });
      expect(child["outputs"]).toMatchObject([{ comfy_node_id: FILE_NODE }]);
      const list = await target.get("/vapi/tasks/progress-summary?group_scope=65");
      const [entry] = Object.values(list.json() as Record<string, { child_tasks: Json[] }>);
      expect(entry?.child_tasks).toMatchObject([{ task_id: child["task_id"] }]);
    },
  },
];

export const sendingCases: readonly Case[] = [...creating, ...files, ...told, ...children];
