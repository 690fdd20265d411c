/** Section 9: endpoints other than those for tasks and flows. */
import { expect } from "vitest";
import { type Case } from "./case.js";
import { type Json } from "./target.js";

export const othersCases: readonly Case[] = [
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
