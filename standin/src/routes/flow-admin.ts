/** Admin endpoints for flows: inspect, install, update, copy, edit and remove. */
import type { Flow } from "../flows/flow.js";
import { showFlow } from "../flows/listing.js";
import type { FlowMetadata } from "../flows/shelf.js";
import { workflowOf } from "../flows/workflow.js";
import { Checks } from "../http/checks.js";
import { HttpError } from "../http/errors.js";
import { plainValue } from "../http/python-json.js";
import { jsonOf, noContent, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import { naiveDate } from "../tasks/dates.js";
import { readJsonObject } from "./body.js";
import { Fields, type Json } from "./fields.js";
import { isSupported } from "./flows.js";

function workflow(flow: Flow): unknown {
  return JSON.parse(
    workflowOf({ params: new Map(), seed: 1n, inputs: [], outputs: flow.outputs }, flow),
  );
}

/** The query parameter `name`, unchanged. */
function exactNameOf({ query }: Context): string {
  const checks = new Checks();
  const name = checks.text(["query", "name"], query.get("name"));
  checks.done();
  return name;
}

/** The query parameter `name`, in lower case as the server reads it here. */
const nameOf = (context: Context): string => exactNameOf(context).toLowerCase();

function demandIdle({ app }: Context, name: string): void {
  if (!app.flows.isInstalling(name)) return;
  throw new HttpError(409, "Installation of this flow is already in progress.");
}

/** @throws HttpError for a flow that is not installed */
function installedFlow({ app }: Context, name: string): Flow {
  const flow = app.flows.get(name);
  if (flow === undefined) throw new HttpError(404, `Flow '${name}' not found.`);
  return flow;
}

function handleDetails(context: Context): Reply {
  const flow = installedFlow(context, nameOf(context));
  return jsonOf({ flow: showFlow(flow, isSupported(context)), flow_comfy: workflow(flow) });
}

function handleInstall(context: Context): Reply {
  const { app } = context;
  const name = nameOf(context);
  demandIdle(context, name);
  if (!app.flows.install(name, () => app.engine.wake())) {
    throw new HttpError(404, `Can't find \`${name}\` flow.`);
  }
  return noContent();
}

function handleUpdate(context: Context): Reply {
  const { flows } = context.app;
  const name = nameOf(context);
  if (flows.get(name) === undefined) {
    throw new HttpError(404, `Can't find \`${name}\` in installed flows.`);
  }
  if (!flows.isInCatalog(name)) {
    throw new HttpError(404, `Can't find \`${name}\` in available flows.`);
  }
  throw new HttpError(412, `Flow \`${name}\` does not have a newer version.`);
}

function handleProgress(context: Context): Reply {
  const supported = isSupported(context);
  return jsonOf(
    context.app.flows.installations().map(({ flow, progress, startedAt, updatedAt }) => ({
      name: flow.id,
      flow: showFlow(flow, supported),
      flow_comfy: workflow(flow),
      progress,
      error: "",
      started_at: naiveDate(startedAt),
      updated_at: naiveDate(updatedAt),
    })),
  );
}

function handleForget(context: Context): Reply {
  // The only endpoint of this family that keeps the case of the name.
  const name = exactNameOf(context);
  if (!context.app.flows.forgetRecord(name)) throw new HttpError(404, `Can't find \`${name}\`.`);
  return noContent();
}

function readMetadata(body: Json, fields: Fields, loc: readonly string[]): FlowMetadata {
  fields.text(body, "display_name", loc);
  return plainValue(body) as FlowMetadata;
}

async function handleClone(context: Context): Promise<Reply> {
  const { app } = context;
  const body = await readJsonObject(context);
  const fields = new Fields();
  const from = fields.text(body, "original_flow_name", ["body"]).toLowerCase();
  const name = fields.text(body, "new_name", ["body"]).toLowerCase();
  const given = fields.object(body, "metadata", ["body"]);
  const metadata = given && readMetadata(given, fields, ["body", "metadata"]);
  fields.done();
  const original = app.flows.get(from);
  if (original === undefined || metadata === undefined) {
    throw new HttpError(404, `Cannot find original flow named '${from}'.`);
  }
  demandIdle(context, name);
  app.flows.clone(original, name, metadata, () => app.engine.wake());
  return noContent();
}

async function handleEdit(context: Context): Promise<Reply> {
  const body = await readJsonObject(context);
  const fields = new Fields();
  const metadata = readMetadata(body, fields, ["body"]);
  fields.done();
  context.app.flows.edit(installedFlow(context, nameOf(context)), metadata);
  return noContent();
}

function handleRemove(context: Context): Reply {
  context.app.flows.uninstall(nameOf(context));
  return noContent();
}

const NAME_QUERY = [{ name: "name", type: "string" }] as const;

/** A route of this family: for admins, with the query parameter `name` unless it says otherwise. */
function route(
  method: Route["method"],
  name: string,
  summary: string,
  handle: Route["handle"],
  query: typeof NAME_QUERY | readonly [] = NAME_QUERY,
): Route {
  return {
    ...{ method, path: `/vapi/flows/${name}`, endpoint: "flow-admin", admin: true },
    ...{ doc: { summary, query }, handle },
  };
}

export const flowAdminRoutes: readonly Route[] = [
  route("GET", "flow-details", "A flow with its workflow", handleDetails),
  route("POST", "flow", "Install a flow", handleInstall),
  route("DELETE", "flow", "Remove a flow", handleRemove),
  route("POST", "flow-update", "Update a flow", handleUpdate),
  route("POST", "clone-flow", "Copy a flow", handleClone, []),
  route("PUT", "flow-metadata", "Edit what is said of a flow", handleEdit),
  route("GET", "install-progress", "Progress of installations", handleProgress, []),
  route("DELETE", "install-progress", "Forget an installation", handleForget),
];
