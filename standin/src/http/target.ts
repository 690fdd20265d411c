/** What the URL of a request refers to. */
import type { Endpoint } from "../faults/fault.js";
import type { Route, Router } from "./route.js";

/** The parsed address of a request. */
export interface Target {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly route: Route | undefined;
  readonly params: readonly string[];
  readonly allow: string | undefined;
}

export function parseTarget(url: string, method: string, router: Router): Target {
  const mark = url.indexOf("?");
  const raw = mark === -1 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1));
  let path = raw;
  try {
    if (raw.includes("%")) path = decodeURIComponent(raw);
  } catch {
    // A path that cannot be decoded matches no route.
  }
  const match = router.match(method, path);
  if (match.found === undefined) {
    return { path, query, route: undefined, params: [], allow: match.allow };
  }
  return { path, query, route: match.found, params: match.params, allow: undefined };
}

/** The task that a request is about, if its address says so. */
export function taskOf(target: Target): number | undefined {
  const text = target.query.get("task_id") ?? target.params[0];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The flow that a request is about, if its address says so. */
export function flowOf(target: Target): string | undefined {
  const name = target.query.get("name");
  if (name !== null) return name;
  const isCreate = target.route?.endpoint === "create" || target.route?.endpoint === "create-sync";
  return isCreate ? target.params[0] : undefined;
}

export function endpointOf(target: Target): Endpoint {
  return target.route?.endpoint ?? "unknown";
}
