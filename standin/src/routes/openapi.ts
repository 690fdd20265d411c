/** Descriptions and the pages that show them. */
import { Checks } from "../http/checks.js";
import { HttpError } from "../http/errors.js";
import { html, json, type Reply } from "../http/reply.js";
import type { Context, Route } from "../http/route.js";
import type { Flow } from "../flows/flow.js";
import { describeFlows, describeFramework } from "../openapi.js";
import { baseRoutes } from "./base.js";

/** `*` for all, else a list of names; unknown ones are ignored. */
function chooseFlows({ app, query }: Context): Flow[] {
  const checks = new Checks();
  const path = ["query", "skip_not_installed"];
  const onlyInstalled = checks.boolean(path, query.get("skip_not_installed"), true);
  checks.done();
  const wanted = (query.get("flows") ?? "").trim();
  const { flows } = app;
  // For all flows, the catalogue's definition replaces the installed one.
  if (wanted === "*") return onlyInstalled ? flows.installed() : flows.all();
  const all = [...flows.installed(), ...(onlyInstalled ? [] : flows.notInstalled())];
  const names = wanted.split(",").map((name) => name.trim());
  return all.filter((flow) => names.includes(flow.id));
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
      const { described, binary } = context.app;
      const question = context.query.toString();
      return json(
        described.document(chooseFlows(context), question, (flows) =>
          describeFlows(flows, baseRoutes, binary),
        ),
      );
    },
  },
  {
    method: "GET",
    path: "/openapi.json",
    endpoint: "openapi",
    handle: ({ app }) => json(describeFramework(app.described.framework, baseRoutes, app.binary)),
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
