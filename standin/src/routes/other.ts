/** The caller, the version, and other endpoints. */
import { jsonOf, noContent, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import { SERVER_VERSION } from "../app.js";
import { HttpError } from "../http/errors.js";
import { readJsonObject } from "./body.js";
import { Fields } from "./fields.js";
import { askModel } from "../tasks/language.js";
import { ENGINE_OPTIONS } from "../tasks/view.js";

/** Time from the response to the end of the process. */
const SHUTDOWN_MS = 1000;

function handleWhoami({ user }: Context): Reply {
  return jsonOf({
    user_id: user.id,
    full_name: user.fullName,
    email: user.email,
    is_admin: user.admin,
    record_expires_at: null,
  });
}

async function handleTranslate(context: Context): Promise<Reply> {
  const { app, user } = context;
  const fields = new Fields();
  const prompt = fields.text(await readJsonObject(context), "prompt", ["body"]);
  fields.done();
  const provider = app.settings.effective(user.id, "translations_provider");
  const service = { model: app.language, provider };
  try {
    const result = await askModel(service, { wanted: "translate", text: prompt });
    return jsonOf({ prompt, result, done_reason: "stop" });
  } catch {
    throw new HttpError(500, "Translation service error");
  }
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
    path: "/vapi/other/shutdown-server",
    endpoint: "other",
    admin: true,
    doc: { summary: "End the server" },
    handle: (context) => {
      context.app.clock.after(SHUTDOWN_MS, () => context.shutDown());
      return noContent();
    },
  },
  {
    method: "POST",
    path: "/vapi/other/translate-prompt",
    endpoint: "other",
    doc: { summary: "Translate a prompt" },
    handle: handleTranslate,
  },
  ...(
    [
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
    path: "/vapi/models/orphan",
    endpoint: "other",
    admin: true,
    doc: { summary: "Models that no flow uses" },
    handle: ({ app: { flows } }) => {
      if (flows.isBusy) {
        throw new HttpError(400, "An installation is going on.");
      }
      return jsonOf([]);
    },
  },
  {
    method: "GET",
    path: "/vapi/settings/ollama/models",
    endpoint: "settings",
    admin: true,
    doc: { summary: "Models of an Ollama server" },
    handle: () => {
      throw new HttpError(404, "No Ollama server can be reached.");
    },
  },
  {
    method: "GET",
    path: "/vapi/workers/default_engine_settings",
    endpoint: "workers",
    doc: { summary: "Default options of the engine" },
    handle: () => jsonOf(ENGINE_OPTIONS),
  },
];
