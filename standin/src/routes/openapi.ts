/** Descriptions and the pages that show them. */
import type { App } from "../app.js";
import { Checks } from "../http/checks.js";
import { HttpError } from "../http/errors.js";
import { html, jsonOf, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import type { Flow } from "../flows/flow.js";
import { describeFlows, describeFramework } from "../openapi.js";
import { baseRoutes } from "./base.js";

/** `*` for all, else a list of names; unknown ones are passed over in silence. */
function chooseFlows({ app, query }: Context): Flow[] {
  const checks = new Checks();
  const path = ["query", "skip_not_installed"];
  const onlyInstalled = checks.boolean(path, query.get("skip_not_installed"), true);
  checks.done();
  const all = [...app.flows.installed(), ...(onlyInstalled ? [] : app.flows.notInstalled())];
  const wanted = (query.get("flows") ?? "").trim();
  if (wanted === "*") return all;
  const names = wanted.split(",").map((name) => name.trim());
  return all.filter((flow) => names.includes(flow.id));
}

/**
 * Asking for flows changes the table of routes: those not asked for go, new ones come at its end. The
 * framework makes its own document anew when routes come, not when they go.
 */
function selectRoutes(app: App, wanted: readonly Flow[]): void {
  const kept = app.describedFlows.filter((flow) => wanted.includes(flow));
  const added = wanted.filter((flow) => !kept.includes(flow));
  app.describedFlows = [...kept, ...added];
  if (added.length > 0) app.frameworkFlows = undefined;
}

function page(title: string, source: string): Reply {
  // The real page loads a viewer from elsewhere; this one works without a network.
  const link = source.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return html(
    `<!DOCTYPE html>\n<html><head><title>${title}</title></head>\n<body><h1>${title}</h1>` +
      `<p>This is a stand-in. Its description: <a href="${link}">${link}</a></p></body></html>\n`,
  );
}

function handleFlowsPage({ query }: Context): Reply {
  const wanted = query.get("flows") ?? "*";
  if (!/^[\w*,]+$/.test(wanted)) {
    throw new HttpError(400, "Invalid characters in 'flows' query parameter.");
  }
  return page("Flows", `/openapi/flows.json?flows=${wanted}`);
}

export const openapiRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/openapi/flows.json",
    endpoint: "openapi",
    handle: (context) => {
      const { app } = context;
      selectRoutes(app, chooseFlows(context));
      return jsonOf(describeFlows(app.describedFlows, baseRoutes, app.binary));
    },
  },
  {
    method: "GET",
    path: "/openapi.json",
    endpoint: "openapi",
    handle: ({ app }) => {
      app.frameworkFlows ??= app.describedFlows;
      return jsonOf(describeFramework(app.frameworkFlows, baseRoutes, app.binary));
    },
  },
  { method: "GET", path: "/docs/flows", endpoint: "docs", handle: handleFlowsPage },
  {
    method: "GET",
    path: "/docs",
    endpoint: "docs",
    handle: () => page("FastAPI - Swagger UI", "/openapi.json"),
  },
  {
    method: "GET",
    path: "/redoc",
    endpoint: "docs",
    handle: () => page("FastAPI - ReDoc", "/openapi.json"),
  },
];
