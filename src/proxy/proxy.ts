/**
 * The proxy: lets browsers use a server without its address or credentials, each person seeing only their own
 * tasks. This file runs a request through its checks in a fixed order (what it requests, where it comes from,
 * who sends it, how often), then runs the action.
 */
import { discard } from "../bytes/streams.js";
import { cancelTask, deleteTask, whoami } from "../http/endpoints.js";
import { SHOWN_USER, shownCreated, shownDetails } from "./answers.js";
import { callerOf } from "./caller.js";
import { create } from "./create.js";
import { FlowList } from "./flow-list.js";
import { ownList } from "./list.js";
import { nodeHandler, type ProxyNodeRequest, type ProxyNodeResponse } from "./node.js";
import { checkedOptions, type ProxyOptions } from "./options.js";
import { checkOrigin } from "./origin.js";
import { createMarks, Ownership } from "./ownership.js";
import { Quota } from "./quota.js";
import { ANSWER_HEADERS, Refusal, refusalOf, refusedAnswer } from "./refusal.js";
import { restart } from "./restart.js";
import { result } from "./result.js";
import { changes, routeOf, type Route } from "./routes.js";
import type { Tools } from "./tools.js";

/** The log's name for a request that matches no route. */
const UNKNOWN = "unknown route";

/** Answers requests of pages, in place of the server. */
export interface Proxy {
  /** Answers a page's request; never rejects. Mount it for all methods, e.g. at `/api/vix/*`. */
  (request: Request): Promise<Response>;
  /** The same for `http.createServer`, Express, and Fastify; mount it before any body parser. */
  node(request: ProxyNodeRequest, response: ProxyNodeResponse): Promise<void>;
}

/**
 * Creates a proxy. Mounted at `/api/vix`, a client in a browser uses it with
 * `createClient({ baseUrl: "/api/vix" })`.
 * @throws VisionatrixError `invalid_option`
 */
export function createProxy(options: ProxyOptions): Proxy {
  const { api, limits, group, webhook, flows, secret, origins, owner } = checkedOptions(options);
  const { logger } = api;
  const ownership = new Ownership(api);
  const markOf = createMarks(secret);
  const tools: Tools = {
    ...{ api, limits, group, webhook, ownership },
    flows: new FlowList(api, flows),
    quota: new Quota(api, ownership, limits.unfinished, group),
  };

  async function carryOut(route: Route, request: Request): Promise<Response> {
    if (changes(route)) checkOrigin(request.headers, hostOf(request), origins);
    const name = await callerOf(request, owner, api.clock, logger);
    const { action } = route;
    const waitMs = (await limits.rate?.({ owner: name, action, request })) ?? 0;
    if (waitMs > 0)
      throw new Refusal(429, "too_often", "Too many requests: try again later.", waitMs);
    return act(tools, route, request, await markOf(name));
  }

  async function answer(request: Request, target: string): Promise<Response> {
    let what = UNKNOWN;
    try {
      const route = routeOf(request.method, target);
      what = route.action;
      const response = await carryOut(route, request);
      logger?.debug(`proxy: ${what} answered ${response.status}`);
      return response;
    } catch (error) {
      discard(request.bodyUsed ? undefined : request.body);
      return refuse(error, what);
    }
  }

  /** Logs the kind of a refusal only, because texts of pages and of the server may be secrets. */
  function refuse(error: unknown, what: string): Response {
    const refusal = refusalOf(error);
    const { code, status } = refusal;
    if (code === "page_left") logger?.debug(`proxy: ${what} was aborted by its page`);
    else if (code === "failed")
      logger?.error(`proxy: ${what} failed: ${(error as Error | null)?.name ?? "?"}`);
    else logger?.warn(`proxy: ${what} refused with ${status}: ${code}`);
    return refusedAnswer(refusal);
  }

  return Object.assign((request: Request) => answer(request, targetOf(request.url)), {
    node: nodeHandler(answer, (refusal) => refuse(refusal, UNKNOWN), api.clock),
  });
}

/** Runs an action for its owner. */
async function act(tools: Tools, route: Route, request: Request, owner: string): Promise<Response> {
  const { api, flows, ownership, quota } = tools;
  const { signal } = request;
  switch (route.action) {
    case "create": {
      const flow = await flows.find(route.segment, signal);
      return json(shownCreated(await create(tools, request, flow, owner, signal)));
    }
    case "progress":
      return json(shownDetails(await ownership.read(route.id, owner, signal)));
    case "list":
      // Pages see only one group, the site's.
      return json(route.group > 1 ? {} : await ownList(tools, owner, route.flow, signal));
    case "result":
      return result(tools, route, request, owner, signal);
    case "cancel":
      await ownership.read(route.id, owner, signal);
      await cancelTask(api, route.id, signal);
      quota.gone(owner, route.id);
      return done();
    case "delete":
      await ownership.read(route.id, owner, signal);
      await deleteTask(api, route.id, signal);
      quota.gone(owner, route.id);
      return done();
    case "restart":
      await restart(tools, route, owner, signal);
      return done();
    case "flows":
      return json(await flows.shown(signal));
    case "whoami":
      // Requested even so: it is how a client checks that the server responds.
      await whoami(api, signal);
      return json(SHOWN_USER);
  }
}

function json(value: object): Response {
  return new Response(JSON.stringify(value), {
    headers: { ...ANSWER_HEADERS, "content-type": "application/json" },
  });
}

function done(): Response {
  return new Response(null, { status: 204, headers: ANSWER_HEADERS });
}

/** Path and query of an address, unmodified. */
function targetOf(url: string): string {
  return url.replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, "").replace(/#.*$/s, "");
}

function hostOf({ headers, url }: Request): string {
  return headers.get("host") ?? new URL(url).host;
}
