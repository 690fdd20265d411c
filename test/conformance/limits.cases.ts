/** Section 1.4: limits on size, and when connections end. */
import { connect } from "node:net";
import { expect } from "vitest";
import { type Case } from "./case.js";
import { FILE_FLOW, FLOW } from "./target.js";
import { basic, multipart } from "./wire.js";

const MIB = 1024 * 1024;

export const limitsCases: readonly Case[] = [
  {
    section: "1.4",
    name: "takes a text of exactly 1 MiB",
    run: async (target) => {
      expect((await target.create(FLOW, [["prompt", "x".repeat(MIB)]])).status).toBe(200);
    },
  },
  {
    section: "1.4",
    name: "refuses a text of more than 1 MiB",
    run: async (target) => {
      const answer = await target.create(FLOW, [["prompt", "x".repeat(MIB + 1)]]);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ detail: "Part exceeded maximum size of 1024KB." });
    },
  },
  {
    section: "1.4",
    name: "takes 1000 fields and not one more",
    run: async (target) => {
      const fields = Array.from({ length: 999 }, (_, k) => [`f${k}`, "1"] as const);
      expect((await target.create(FLOW, [["prompt", "x"], ...fields])).status).toBe(200);
      const answer = await target.create(FLOW, [["prompt", "x"], ["more", "1"], ...fields]);
      expect(answer.status).toBe(400);
      const detail = "Too many fields. Maximum number of fields is 1000.";
      expect(answer.json()).toEqual({ detail });
    },
  },
  {
    section: "1.4",
    name: "refuses more than 1000 files",
    run: async (target) => {
      const file = { filename: "a.png", bytes: "1" };
      const files = Array.from({ length: 1001 }, (_, k) => [`f${k}`, file] as const);
      const answer = await target.create(FLOW, files);
      expect(answer.status).toBe(400);
      const detail = "Too many files. Maximum number of files is 1000.";
      expect(answer.json()).toEqual({ detail });
    },
  },
  {
    section: "1.4",
    name: "refuses multipart without a boundary",
    run: async (target) => {
      const answer = await target.send("PUT", `/vapi/tasks/create/${FLOW}`, {
        headers: { "content-type": "multipart/form-data" },
        body: "x",
      });
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ detail: "Missing boundary in multipart." });
    },
  },
  {
    section: "1.4",
    name: "takes an upload of several megabytes",
    run: async (target) => {
      const bytes = Buffer.alloc(5 * MIB, 7);
      const id = (await target.created(FILE_FLOW, [["input_image", { filename: "a.png", bytes }]]))
        .tasks_ids[0];
      const back = await target.get(`/vapi/tasks/inputs?task_id=${id}&input_index=0`);
      expect(back.bytes.equals(bytes)).toBe(true);
    },
  },
  {
    section: "1.4",
    name: "gives no hint of its keep-alive time",
    run: async (target) => {
      const answer = await target.get("/vapi/other/whoami", { connection: "keep-alive" });
      expect(answer.headers["keep-alive"]).toBeUndefined();
    },
  },
  {
    section: "1.4",
    name: "closes an idle connection after 5 seconds",
    run: async (target) => {
      const { hostname, port } = new URL(target.url);
      const started = performance.now();
      const closedAfter = await new Promise<number>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(`GET /openapi.json HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
        });
        socket.resume();
        socket.on("error", reject);
        socket.on("close", () => resolve(performance.now() - started));
      });
      expect(closedAfter).toBeGreaterThan(4800);
      expect(closedAfter).toBeLessThan(5900);
    },
  },
  {
    section: "1.4",
    name: "closes the connection after an unhandled 500 without announcing it",
    run: async (target) => {
      const { hostname, port } = new URL(target.url);
      const form = multipart([["steps_number", "wrong"]]);
      const text = await new Promise<string>((resolve, reject) => {
        let received = "";
        const socket = connect(Number(port), hostname, () => {
          socket.write(
            `PUT /vapi/tasks/create/${FLOW} HTTP/1.1\r\nHost: ${hostname}\r\n` +
              (target.admin === undefined
                ? ""
                : `Authorization: ${basic(target.admin.username, target.admin.password)}\r\n`) +
              `Content-Type: ${form.headers["content-type"] ?? ""}\r\nContent-Length: ${form.body.length}\r\n\r\n`,
          );
          socket.write(form.body);
        });
        socket.on("data", (chunk) => (received += chunk.toString("utf8")));
        socket.on("error", reject);
        socket.on("close", () => resolve(received));
      });
      expect(text).toMatch(/^HTTP\/1\.1 500 /);
      expect(text).toMatch(/content-type: text\/plain; charset=utf-8/i);
      expect(text).not.toMatch(/connection: close/i);
      expect(text.endsWith("\r\n\r\nInternal Server Error")).toBe(true);
    },
  },
];
