/** Lists of flows, which everybody may see. */
import { BareError, ValidationError } from "../http/errors.js";
import { jsonOf, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import { showFlow, showSubFlows } from "../flows/listing.js";
import type { Flow } from "../flows/flow.js";

const SUBFLOW_TYPES = ["image", "image-inpaint", "video"];
/** Workers count for `is_supported_by_workers` if they were seen within this time. */
const WORKER_MEMORY_MS = 180_000;

export function isSupported({ app }: Context): boolean {
  return app.workers
    .all(app.clock.now())
    .some((one) => app.clock.now() - one.lastSeen <= WORKER_MEMORY_MS);
}

function show(context: Context, flows: readonly Flow[]): Reply {
  const supported = isSupported(context);
  return jsonOf(flows.map((flow) => showFlow(flow, supported)));
}

function handleInstalled(context: Context): Reply {
  const { flows } = context.app;
  if (flows.unreadable !== undefined) {
    throw new BareError(`the metadata of the flow ${flows.unreadable} cannot be read`);
  }
  return show(context, flows.installed());
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
  return jsonOf(showSubFlows(flows, wanted, isSupported(context)));
}

export const flowRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/vapi/flows/installed",
    endpoint: "flows",
    doc: { summary: "Installed flows" },
    handle: handleInstalled,
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
];
