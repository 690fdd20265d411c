/** Section 1.2: who has access, and how a request authenticates. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FLOW, type Json } from "./target.js";
import { basic } from "./wire.js";

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

export const credentialsCases: readonly Case[] = [
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
