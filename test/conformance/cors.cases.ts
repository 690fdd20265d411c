/** Section 1.3: cross-origin pages. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { ALLOWED_ORIGIN } from "./setups.js";
import { FLOW } from "./target.js";
import { multipart } from "./wire.js";

const preflight = { "access-control-request-method": "PUT" };

export const corsCases: readonly Case[] = [
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
