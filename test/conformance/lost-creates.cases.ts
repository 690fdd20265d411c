/** Sections 3.8 and 3.9: clients that disconnect, tasks that are deleted while a request waits for them. */
import { connect } from "node:net";
import { expect } from "vitest";
import { type Case } from "./case.js";
import { FLOW, type Json, type Target } from "./target.js";
import { basic, multipart } from "./wire.js";

/** Ids of the tasks in a group. */
async function idsIn(target: Target, group: number): Promise<number[]> {
  const answer = await target.get(`/vapi/tasks/progress-summary?group_scope=${group}`);
  return Object.keys(answer.json() as Json).map(Number);
}

/** Sends this share of a create of three tasks, and disconnects. */
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

export const lostCreatesCases: readonly Case[] = [
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
