/** Who am I, which version, settings. */
import { bare, jsonOf, noContent, type Reply } from "../http/reply.js";
import { Checks } from "../http/checks.js";
import type { Context, Route } from "../http/route.js";
import { SERVER_VERSION } from "../app.js";
import { HttpError } from "../http/errors.js";
import { ENGINE_OPTIONS } from "../tasks/view.js";
import { readJsonObject } from "./body.js";

function handleWhoami({ user }: Context): Reply {
  return jsonOf({
    user_id: user.id,
    full_name: user.fullName,
    email: user.email,
    is_admin: user.admin,
    record_expires_at: null,
  });
}

function handleSetting({ app, query }: Context): Reply {
  const checks = new Checks();
  const key = checks.text(["query", "key"], query.get("key"));
  checks.done();
  return bare(app.settings.get(key) ?? "", 200);
}

function handleAllSettings({ app }: Context): Reply {
  return jsonOf(Object.fromEntries(app.settings));
}

async function handleSetSetting(context: Context): Promise<Reply> {
  const body = await readJsonObject(context);
  const checks = new Checks();
  for (const key of ["key", "value"]) {
    if (!Object.hasOwn(body, key)) {
      checks.problems.push({
        type: "missing",
        loc: ["body", key],
        msg: "Field required",
        input: body,
      });
    }
  }
  checks.done();
  const { settings } = context.app;
  const value = String(body["value"]);
  if (value === "") settings.delete(String(body["key"]));
  else settings.set(String(body["key"]), value);
  return noContent();
}

function settingRoutes(scope: string): Route[] {
  return [
    {
      method: "GET",
      path: `/vapi/settings/${scope}`,
      endpoint: "settings",
      doc: { summary: "One setting", query: [{ name: "key", type: "string" }] },
      handle: handleSetting,
    },
    {
      method: "GET",
      path: `/vapi/settings/${scope}_all`,
      endpoint: "settings",
      doc: { summary: "All settings" },
      handle: handleAllSettings,
    },
  ];
}

export const otherRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/vapi/other/whoami",
    endpoint: "whoami",
    doc: { summary: "The caller" },
    handle: handleWhoami,
  },
  {
    method: "GET",
    path: "/vapi/other/update-status",
    endpoint: "version",
    admin: true,
    doc: { summary: "The version" },
    handle: () => jsonOf({ current_version: SERVER_VERSION, next_version: "" }),
  },
  {
    method: "POST",
    path: "/vapi/other/interrupt-engine",
    endpoint: "other",
    admin: true,
    doc: { summary: "Stop the running task" },
    handle: ({ app }) => {
      // Sets no error on the task, and leaves it locked for ever.
      app.engine.interrupt({ release: false });
      return noContent();
    },
  },
  {
    method: "POST",
    path: "/vapi/other/translate-prompt",
    endpoint: "other",
    doc: { summary: "Translate a prompt" },
    handle: () => {
      throw new HttpError(500, "Translation service error");
    },
  },
  ...(
    [
      ["/vapi/models/orphan", "Models that no flow uses", []],
      ["/vapi/federation/instances", "Federated servers", []],
      ["/vapi/settings/comfyui/folders", "Folders of models", {}],
    ] as const
  ).map(([path, summary, nothing]): Route => ({
    method: "GET",
    path,
    endpoint: "other",
    admin: true,
    doc: { summary },
    handle: () => jsonOf(nothing),
  })),
  {
    method: "GET",
    path: "/vapi/workers/default_engine_settings",
    endpoint: "workers",
    doc: { summary: "Default options of the engine" },
    handle: () => jsonOf(ENGINE_OPTIONS),
  },
  ...settingRoutes("get"),
  ...settingRoutes("global"),
  ...settingRoutes("user"),
  {
    method: "POST",
    path: "/vapi/settings/global",
    endpoint: "settings",
    admin: true,
    doc: { summary: "Set a setting for all" },
    handle: handleSetSetting,
  },
  {
    method: "POST",
    path: "/vapi/settings/user",
    endpoint: "settings",
    doc: { summary: "Set a setting for oneself" },
    handle: handleSetSetting,
  },
];
