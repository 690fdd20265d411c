/** Sections 1 and 9: who may, from where, how much. */
import { connect } from "node:net";
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { ALLOWED_ORIGIN, FILE_FLOW, FLOW, type Json } from "./target.js";
import { basic, multipart } from "./wire.js";

type MakeHeader = (user: string, password: string) => string | undefined;

const NOT_ME: readonly [name: string, make: MakeHeader][] = [
  ["no credentials", () => undefined],
  ["a wrong password", (user) => basic(user, "wrong")],
  ["an unknown user", (_user, password) => basic("nobody", password)],
  ["an empty password", (user) => basic(user, "")],
  ["another scheme", (user, password) => basic(user, password).replace("Basic", "Bearer")],
  ["a scheme without a payload", () => "Basic"],
  ["a payload without a colon", (user) => `Basic ${Buffer.from(user).toString("base64")}`],
  ["a password beyond ASCII", (user) => basic(user, "pässword")],
];

const GUARDED = [
  "/openapi.json",
  "/openapi/flows.json",
  "/docs",
  "/docs/flows",
  "/vapi/flows/installed",
  "/vapi/tasks/progress-summary",
  "/vapi/nowhere",
];

const FOR_ADMINS: readonly [method: string, path: string][] = [
  ["GET", "/vapi/other/update-status"],
  ["GET", `/vapi/flows/flow-details?name=${FLOW}`],
  ["GET", "/vapi/flows/install-progress"],
  ["POST", "/vapi/flows/flow?name=x"],
  ["DELETE", "/vapi/flows/flow?name=x"],
  ["POST", "/vapi/flows/flow-update?name=x"],
  ["DELETE", "/vapi/flows/install-progress?name=x"],
  ["POST", "/vapi/other/interrupt-engine"],
];

const credentials: readonly Case[] = [
  ...rows(NOT_ME, (name, header) => ({
    section: "1.2",
    name: `refuses ${name} in plain text without a content type`,
    setup: "secured",
    run: async (target) => {
      const value = header(target.admin?.username ?? "", target.admin?.password ?? "");
      const headers = value === undefined ? {} : { authorization: value };
      const answer = await target.raw("GET", "/vapi/other/whoami", { headers });
      expect(answer.status).toBe(401);
      expect(answer.text).toBe("Not authenticated");
      expect(answer.headers["www-authenticate"]).toBe("Basic");
      expect(answer.headers["content-type"]).toBeUndefined();
    },
  })),
  ...GUARDED.map((path): Case => ({
    section: "1.2",
    name: `asks for credentials at ${path}`,
    setup: "secured",
    run: async (target) => {
      expect((await target.raw("GET", path)).status).toBe(401);
    },
  })),
  {
    section: "1.2",
    name: "takes the scheme in any case, for users of the database",
    setup: "secured",
    standinOnly: "the admin of a real server may be the one of its environment",
    run: async (target) => {
      const value = basic("alice", "wonderland").replace("Basic", "bAsIc");
      const answer = await target.raw("GET", "/vapi/other/whoami", {
        headers: { authorization: value },
      });
      expect(answer.status).toBe(200);
    },
  },
  ...rows(FOR_ADMINS, (method, path) => ({
    section: "1.2",
    name: `answers a user who is no admin with a JSON 401 at ${method} ${path}`,
    setup: "secured",
    run: async (target) => {
      const answer = await target.as(target.stranger, method, path);
      expect(answer.status).toBe(401);
      expect(answer.json()).toEqual({ detail: "Admin privilege required" });
      expect(answer.headers["content-type"]).toBe("application/json");
      expect(answer.headers["www-authenticate"]).toBeUndefined();
    },
  })),
  {
    section: "1.2",
    name: "says who an admin is",
    setup: "secured",
    run: async (target) => {
      const me = (await target.get("/vapi/other/whoami")).json() as Json;
      expect(Object.keys(me)).toEqual([
        "user_id",
        "full_name",
        "email",
        "is_admin",
        "record_expires_at",
      ]);
      expect(me["is_admin"]).toBe(true);
    },
  },
  {
    section: "1.2",
    name: "says who another user is",
    setup: "secured",
    run: async (target) => {
      const answer = await target.as(target.stranger, "GET", "/vapi/other/whoami");
      expect(answer.json()).toMatchObject({ user_id: target.stranger.username, is_admin: false });
    },
  },
  {
    section: "1.2",
    name: "shows no uninstalled flows to a user who is no admin",
    setup: "secured",
    run: async (target) => {
      const answer = await target.as(target.stranger, "GET", "/vapi/flows/not-installed");
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual([]);
    },
  },
  {
    section: "1.2",
    name: "shows a user who is no admin only the own workers",
    setup: "secured",
    run: async (target) => {
      const worker = target.worker();
      await worker.next([]);
      const answer = await target.as(target.stranger, "GET", "/vapi/workers/info");
      expect((answer.json() as Json[]).map((one) => one["worker_id"])).not.toContain(worker.id);
    },
  },
  {
    section: "1.2",
    name: "acts for admin John Doe while authentication is off",
    setup: "open",
    run: async (target) => {
      expect((await target.raw("GET", "/vapi/other/whoami")).json()).toEqual({
        user_id: "admin",
        full_name: "John Doe",
        email: "admin@example.com",
        is_admin: true,
        record_expires_at: null,
      });
    },
  },
  ...["Basic bm9ib2R5Om5v", "Bearer x", "rubbish"].map((authorization): Case => ({
    section: "1.2",
    name: `ignores ${authorization} while authentication is off`,
    setup: "open",
    run: async (target) => {
      const answer = await target.raw("GET", "/vapi/other/whoami", { headers: { authorization } });
      expect(answer.status).toBe(200);
    },
  })),
];

const preflight = { "access-control-request-method": "PUT" };

const cors: readonly Case[] = [
  ...rows(
    [
      ["any", "/vapi/other/whoami", 200],
      ["cors", "/vapi/other/whoami", 200],
      ["any", "/vapi/no/such", 404],
      ["secured", "/vapi/other/whoami", 401],
    ] as const,
    (setup, path, status) => ({
      section: "1.3",
      name: `says Vary: Origin with a ${status}, also to a request without an origin (${setup})`,
      setup,
      run: async (target) => {
        const answer = await (status === 401 ? target.raw("GET", path) : target.get(path));
        expect(answer.status).toBe(status);
        expect(answer.headers.vary).toBe("Origin");
      },
    }),
  ),
  {
    section: "1.3",
    name: "allows credentials but no origin while nothing is allowed",
    run: async (target) => {
      const answer = await target.get("/vapi/other/whoami", { origin: ALLOWED_ORIGIN });
      expect(answer.status).toBe(200);
      expect(answer.headers["access-control-allow-credentials"]).toBe("true");
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    },
  },
  ...["any", "cors"].map((setup): Case => ({
    section: "1.3",
    name: `refuses the preflight of a strange origin (${setup})`,
    setup: setup as "any" | "cors",
    run: async (target) => {
      const answer = await target.raw("OPTIONS", `/vapi/tasks/create/${FLOW}`, {
        headers: { origin: "http://evil.example", ...preflight },
      });
      expect(answer.status).toBe(400);
      expect(answer.text).toBe("Disallowed CORS origin");
    },
  })),
  {
    section: "1.3",
    name: "answers the preflight of an allowed origin",
    setup: "cors",
    run: async (target) => {
      const answer = await target.raw("OPTIONS", `/vapi/tasks/create/${FLOW}`, {
        headers: {
          origin: ALLOWED_ORIGIN,
          ...preflight,
          "access-control-request-headers": "authorization,x-own",
        },
      });
      expect(answer.status).toBe(200);
      expect(answer.text).toBe("OK");
      expect(answer.headers).toMatchObject({
        "access-control-allow-origin": ALLOWED_ORIGIN,
        "access-control-max-age": "600",
        "access-control-allow-headers": "authorization,x-own",
        "access-control-allow-credentials": "true",
      });
    },
  },
  {
    section: "1.3",
    name: "names an allowed origin, exposes nothing and varies by origin",
    setup: "cors",
    run: async (target) => {
      const answer = await target.get("/vapi/other/whoami", { origin: ALLOWED_ORIGIN });
      expect(answer.headers["access-control-allow-origin"]).toBe(ALLOWED_ORIGIN);
      expect(answer.headers["access-control-expose-headers"]).toBeUndefined();
      expect(answer.headers.vary).toBe("Origin");
    },
  },
  {
    section: "1.3",
    name: "carries CORS headers on a 404",
    setup: "cors",
    run: async (target) => {
      const answer = await target.get("/vapi/nowhere", { origin: ALLOWED_ORIGIN });
      expect(answer.status).toBe(404);
      expect(answer.headers["access-control-allow-origin"]).toBe(ALLOWED_ORIGIN);
    },
  },
  {
    section: "1.3",
    name: "carries no CORS headers on an unhandled 500",
    setup: "cors",
    run: async (target) => {
      const form = multipart([["steps_number", "wrong"]]);
      const headers = { ...form.headers, origin: ALLOWED_ORIGIN };
      const answer = await target.send("PUT", `/vapi/tasks/create/${FLOW}`, { ...form, headers });
      expect(answer.status).toBe(500);
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
    },
  },
  {
    section: "1.3",
    name: "takes OPTIONS without preflight headers for a wrong method",
    setup: "open",
    run: async (target) => {
      const answer = await target.raw("OPTIONS", `/vapi/tasks/create/${FLOW}`);
      expect(answer.status).toBe(405);
      expect(answer.json()).toEqual({ detail: "Method Not Allowed" });
    },
  },
];

const MIB = 1024 * 1024;

const limits: readonly Case[] = [
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

const others: readonly Case[] = [
  ...["/comfy/", "/COMFY/x", "/scripts/a.js", "/ollama"].map((path): Case => ({
    section: "1.2",
    name: `keeps ${path} from users who are no admins`,
    setup: "secured",
    run: async (target) => {
      const answer = await target.as(target.stranger, "GET", path);
      expect(answer.status).toBe(403);
      expect(answer.text).toBe("Only admins allow to access ComfyUI");
      expect(answer.headers["content-type"]).toBeUndefined();
    },
  })),
  {
    section: "9",
    name: "tells the engine's defaults",
    run: async (target) => {
      const answer = await target.get("/vapi/workers/default_engine_settings");
      expect(answer.json()).toMatchObject({ cache_type: "classic" });
    },
  },
  {
    section: "9",
    name: "does not know an unknown path",
    run: async (target) => {
      const answer = await target.get("/vapi/nowhere");
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({ detail: "Not Found" });
    },
  },
  {
    section: "9",
    name: "tells its version to admins",
    run: async (target) => {
      const answer = (await target.get("/vapi/other/update-status")).json() as Json;
      expect(Object.keys(answer)).toEqual(["current_version", "next_version"]);
    },
  },
  {
    section: "9",
    name: "gives a setting that is not set as nothing, without a content type",
    run: async (target) => {
      const answer = await target.get("/vapi/settings/user?key=conformance_unset");
      expect(answer.status).toBe(200);
      expect(answer.text).toBe("");
      expect(answer.headers["content-type"]).toBeUndefined();
    },
  },
  {
    section: "9",
    name: "keeps a setting of the user and deletes it when it becomes empty",
    run: async (target) => {
      const set = (value: string): Promise<{ status: number }> =>
        target.json("POST", "/vapi/settings/user", { key: "conformance", value });
      expect((await set("green")).status).toBe(204);
      expect((await target.get("/vapi/settings/user?key=conformance")).text).toBe("green");
      expect((await set("")).status).toBe(204);
      expect((await target.get("/vapi/settings/user?key=conformance")).text).toBe("");
    },
  },
];

export const accessCases: readonly Case[] = [...credentials, ...cors, ...limits, ...others];
