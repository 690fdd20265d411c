/** Sections 1.2 and 9: settings, and endpoints for admins only. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import type { Target } from "./target.js";

/** Sets a global setting, and removes it after `work`. */
async function withGlobal(
  target: Target,
  setting: { key: string; value: string; sensitive: boolean },
  work: () => Promise<void>,
): Promise<void> {
  expect((await target.json("POST", "/vapi/settings/global", setting)).status).toBe(204);
  try {
    await work();
  } finally {
    await target.json("POST", "/vapi/settings/global", { ...setting, value: "" });
  }
}

export const settingCases: readonly Case[] = [
  {
    section: "9",
    name: "gives a user's own setting before the server's",
    run: async (target) => {
      const key = "conformance_colour";
      await withGlobal(target, { key, value: "red", sensitive: false }, async () => {
        const read = async (name: string): Promise<string> =>
          (await target.get(`/vapi/settings/${name}?key=${key}`)).text;
        expect([await read("get"), await read("global"), await read("user")]).toEqual([
          "red",
          "red",
          "",
        ]);
        await target.json("POST", "/vapi/settings/user", { key, value: "blue" });
        expect([await read("get"), await read("global"), await read("user")]).toEqual([
          "blue",
          "red",
          "blue",
        ]);
        const all = await target.get("/vapi/settings/get_all");
        expect(all.json()).toMatchObject({ [key]: "blue" });
        await target.json("POST", "/vapi/settings/user", { key, value: "" });
      });
    },
  },
  {
    section: "1.2",
    name: "hides sensitive settings from users who are no admins",
    setup: "secured",
    run: async (target) => {
      const key = "conformance_secret";
      await withGlobal(target, { key, value: "s3", sensitive: true }, async () => {
        const paths = [`get?key=${key}`, `global?key=${key}`];
        for (const path of paths) {
          expect((await target.get(`/vapi/settings/${path}`)).text).toBe("s3");
          const answer = await target.as(target.stranger, "GET", `/vapi/settings/${path}`);
          expect(answer).toMatchObject({ status: 200, text: "" });
        }
        const all = await target.as(target.stranger, "GET", "/vapi/settings/get_all");
        expect((all.json() as Record<string, string>)[key] ?? "").toBe("");
      });
    },
  },
  {
    section: "9",
    name: "keeps settings of users apart",
    setup: "secured",
    run: async (target) => {
      const key = "conformance_own";
      await target.json("POST", "/vapi/settings/user", { key, value: "mine" });
      const path = `/vapi/settings/user?key=${key}`;
      expect((await target.as(target.stranger, "GET", path)).text).toBe("");
      await target.json("POST", "/vapi/settings/user", { key, value: "" });
    },
  },
  {
    section: "9",
    name: "cannot translate a prompt while nothing is configured",
    run: async (target) => {
      const answer = await target.json("POST", "/vapi/other/translate-prompt", {
        prompt: "ein Hund",
      });
      expect(answer.status).toBe(500);
      expect(answer.json()).toEqual({ detail: "Translation service error" });
    },
  },
  ...rows(
    [
      ["POST", "/vapi/settings/global"],
      ["GET", "/vapi/settings/comfyui/folders"],
      ["GET", "/vapi/models/orphan"],
      ["GET", "/vapi/federation/instances"],
      ["POST", "/vapi/flows/clone-flow"],
      ["PUT", "/vapi/flows/flow-metadata?name=x"],
    ] as const,
    (method, path) => ({
      section: "9",
      name: `keeps ${method} ${path} for admins`,
      setup: "secured",
      run: async (target) => {
        const answer = await target.as(target.stranger, method, path);
        expect(answer).toMatchObject({
          status: 401,
          text: '{"detail":"Admin privilege required"}',
        });
      },
    }),
  ),
  {
    section: "1.2",
    name: "falls over credentials that cannot be decoded, where its admin is the one of its environment",
    setup: "override",
    run: async (target) => {
      const payload = Buffer.from([0xff, 0xfe, 0x3a, 0xff]).toString("base64");
      const headers = { authorization: `Basic ${payload}` };
      const answer = await target.raw("GET", "/vapi/other/whoami", { headers });
      expect(answer.status).toBe(500);
    },
  },
  {
    section: "1.2",
    name: "takes that admin with the scheme spelt Basic alone, and names it after the override",
    setup: "override",
    run: async (target) => {
      const payload = Buffer.from("root:secret").toString("base64");
      const ask = (scheme: string): ReturnType<Target["raw"]> =>
        target.raw("GET", "/vapi/other/whoami", {
          headers: { authorization: `${scheme} ${payload}` },
        });
      expect((await ask("basic")).status).toBe(401);
      expect((await ask("Basic")).json()).toMatchObject({
        ...{ user_id: "root", full_name: "Admin Override root", is_admin: true },
      });
    },
  },
  {
    section: "1.2",
    name: "keeps /kjweb_async from users who are no admins",
    setup: "secured",
    run: async (target) => {
      const answer = await target.as(target.stranger, "GET", "/kjweb_async/x");
      expect(answer).toMatchObject({ status: 403, text: "Only admins allow to access ComfyUI" });
    },
  },
];
