/** What flows there are. */
import { Checks } from "../http/checks.js";
import { HttpError, ValidationError } from "../http/errors.js";
import { jsonOf, noContent, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import { showFlow, showSubFlows } from "../flows/listing.js";
import { workflowOf } from "../flows/workflow.js";
import type { Flow } from "../flows/flow.js";
import { naiveDate } from "../tasks/dates.js";

const SUBFLOW_TYPES = ["image", "image-inpaint", "video"];
/** Workers count for `is_supported_by_workers` when heard of within this time. */
const WORKER_MEMORY_MS = 180_000;

function supported({ app }: Context): boolean {
  return app.workers
    .all(app.clock.now())
    .some((one) => app.clock.now() - one.lastSeen <= WORKER_MEMORY_MS);
}

function show(context: Context, flows: readonly Flow[]): Reply {
  const isSupported = supported(context);
  return jsonOf(flows.map((flow) => showFlow(flow, isSupported)));
}

function workflow(flow: Flow): unknown {
  return JSON.parse(
    workflowOf({ params: new Map(), seed: 1n, inputs: [], outputs: flow.outputs }, flow),
  );
}

function handleSubflows(context: Context): Reply {
  const wanted = context.query.get("input_type") ?? "";
  if (!SUBFLOW_TYPES.includes(wanted)) {
    const expected = "'image', 'image-inpaint' or 'video'";
    throw new ValidationError([
      {
        type: "literal_error",
        loc: ["query", "input_type"],
        msg: `Input should be ${expected}`,
        input: wanted,
        ctx: { expected },
      },
    ]);
  }
  const flows = context.app.flows.installed();
  return jsonOf(showSubFlows(flows, wanted, supported(context)));
}

/** The query parameter `name`, in lower case as the server reads it here. */
function nameOf({ query }: Context): string {
  const checks = new Checks();
  const name = checks.text(["query", "name"], query.get("name"));
  checks.done();
  return name.toLowerCase();
}

function handleDetails(context: Context): Reply {
  const name = nameOf(context);
  const flow = context.app.flows.get(name);
  if (flow === undefined) throw new HttpError(404, `Flow '${name}' not found.`);
  return jsonOf({ flow: showFlow(flow, supported(context)), flow_comfy: workflow(flow) });
}

function handleInstall(context: Context): Reply {
  const name = nameOf(context);
  if (!context.app.flows.install(name, context.app.clock.now())) {
    throw new HttpError(404, `Can't find \`${name}\` flow.`);
  }
  context.app.engine.wake();
  return noContent();
}

function handleUpdate(context: Context): Reply {
  const name = nameOf(context);
  if (context.app.flows.get(name) === undefined) {
    throw new HttpError(404, `Can't find \`${name}\` in installed flows.`);
  }
  throw new HttpError(412, `Flow \`${name}\` does not have a newer version.`);
}

function handleProgress(context: Context): Reply {
  const isSupported = supported(context);
  return jsonOf(
    context.app.flows.records().map(({ flow, progress, startedAt, updatedAt }) => ({
      name: flow.id,
      flow: showFlow(flow, isSupported),
      flow_comfy: workflow(flow),
      progress,
      error: "",
      started_at: naiveDate(startedAt),
      updated_at: naiveDate(updatedAt),
    })),
  );
}

function handleForget({ app, query }: Context): Reply {
  const checks = new Checks();
  // The one place of this family where the name is taken as it is.
  const name = checks.text(["query", "name"], query.get("name"));
  checks.done();
  if (!app.flows.forgetRecord(name)) throw new HttpError(404, `Can't find \`${name}\`.`);
  return noContent();
}

const NAME_QUERY = [{ name: "name", type: "string" }] as const;

export const flowRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/vapi/flows/installed",
    endpoint: "flows",
    doc: { summary: "Installed flows" },
    handle: (context) => show(context, context.app.flows.installed()),
  },
  {
    method: "GET",
    path: "/vapi/flows/not-installed",
    endpoint: "flows",
    doc: { summary: "Flows that could be installed" },
    handle: (context) => show(context, context.user.admin ? context.app.flows.notInstalled() : []),
  },
  {
    method: "GET",
    path: "/vapi/flows/subflows",
    endpoint: "flows",
    doc: { summary: "Sub-flows", query: [{ name: "input_type", type: "string" }] },
    handle: handleSubflows,
  },
  {
    method: "GET",
    path: "/vapi/flows/flow-details",
    endpoint: "flow-admin",
    admin: true,
    doc: { summary: "A flow with its workflow", query: NAME_QUERY },
    handle: handleDetails,
  },
  {
    method: "POST",
    path: "/vapi/flows/flow",
    endpoint: "flow-admin",
    admin: true,
    doc: { summary: "Install a flow", query: NAME_QUERY },
    handle: handleInstall,
  },
  {
    method: "DELETE",
    path: "/vapi/flows/flow",
    endpoint: "flow-admin",
    admin: true,
    doc: { summary: "Remove a flow", query: NAME_QUERY },
    handle: (context) => {
      context.app.flows.uninstall(nameOf(context));
      return noContent();
    },
  },
  {
    method: "POST",
    path: "/vapi/flows/flow-update",
    endpoint: "flow-admin",
    admin: true,
    doc: { summary: "Update a flow", query: NAME_QUERY },
    handle: handleUpdate,
  },
  {
    method: "GET",
    path: "/vapi/flows/install-progress",
    endpoint: "flow-admin",
    admin: true,
    doc: { summary: "Progress of installations" },
    handle: handleProgress,
  },
  {
    method: "DELETE",
    path: "/vapi/flows/install-progress",
    endpoint: "flow-admin",
    admin: true,
    doc: { summary: "Forget an installation", query: NAME_QUERY },
    handle: handleForget,
  },
];
