/** Endpoints for settings, readable by all. */
import { Checks } from "../http/checks.js";
import { bare, jsonOf, noContent, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import type { Scope } from "../settings.js";
import { readJsonObject } from "./body.js";

function readRoutes(name: string, scope: Scope): Route[] {
  return [
    {
      method: "GET",
      path: `/vapi/settings/${name}`,
      endpoint: "settings",
      doc: { summary: "One setting", query: [{ name: "key", type: "string" }] },
      handle: ({ app, user, query }) => {
        const checks = new Checks();
        const key = checks.text(["query", "key"], query.get("key"));
        checks.done();
        return bare(app.settings.read(user, scope).get(key) ?? "", 200);
      },
    },
    {
      method: "GET",
      path: `/vapi/settings/${name}_all`,
      endpoint: "settings",
      doc: { summary: "All settings" },
      handle: ({ app, user }) => jsonOf(Object.fromEntries(app.settings.read(user, scope))),
    },
  ];
}

/** The body of a request that changes a setting; both keys must be present. */
async function readSetting(context: Context): Promise<Record<string, unknown>> {
  const body = await readJsonObject(context);
  const checks = new Checks();
  for (const key of ["key", "value"]) {
    if (Object.hasOwn(body, key)) continue;
    const problem = { type: "missing", loc: ["body", key], msg: "Field required", input: body };
    checks.problems.push(problem);
  }
  checks.done();
  return body;
}

async function handleSetGlobal(context: Context): Promise<Reply> {
  const { key, value, sensitive } = await readSetting(context);
  const setting = { value: String(value), sensitive: sensitive === true };
  context.app.settings.setGlobal(String(key), setting);
  return noContent();
}

async function handleSetOwn(context: Context): Promise<Reply> {
  const { key, value } = await readSetting(context);
  context.app.settings.setOwn(context.user.id, String(key), String(value));
  return noContent();
}

export const settingRoutes: readonly Route[] = [
  ...readRoutes("get", "both"),
  ...readRoutes("global", "global"),
  ...readRoutes("user", "user"),
  {
    method: "POST",
    path: "/vapi/settings/global",
    endpoint: "settings",
    admin: true,
    doc: { summary: "Set a setting for all" },
    handle: handleSetGlobal,
  },
  {
    method: "POST",
    path: "/vapi/settings/user",
    endpoint: "settings",
    doc: { summary: "Set a setting for oneself" },
    handle: handleSetOwn,
  },
];
