/**
 * The closed list of what a page may request; anything else does not exist. The address is parsed here and
 * never forwarded: the request to the server is rebuilt from the parsed parts. Pure.
 */
import { noSuchEndpoint, noSuchTask, Refusal } from "./refusal.js";

/** What a page requests. */
export type Route =
  | { readonly action: "create"; readonly segment: string }
  | { readonly action: "progress" | "cancel" | "delete"; readonly id: number }
  | { readonly action: "restart"; readonly id: number; readonly force: boolean }
  | {
      readonly action: "result";
      readonly id: number;
      readonly node: number;
      readonly index: number;
    }
  | {
      readonly action: "list";
      readonly flow: string | undefined;
      readonly group: number;
    }
  | { readonly action: "whoami" | "flows" };

/** Whether a route changes something. */
export function changes({ action }: Route): boolean {
  return ["create", "cancel", "delete", "restart"].includes(action);
}

type Query = Readonly<Record<string, string | undefined>>;

/** Endpoints: method, path pattern, query keys, and the route they build. */
const ENDPOINTS: readonly (readonly [
  method: string,
  path: RegExp,
  keys: readonly string[],
  route: (name: string, query: Query) => Route,
])[] = [
  ["PUT", /^tasks\/create\/([^/]+)$/, [], (segment) => ({ action: "create", segment })],
  ["GET", /^tasks\/progress\/([^/]+)$/, [], (id) => ({ action: "progress", id: taskId(id) })],
  [
    "GET",
    /^tasks\/progress-summary$/,
    ["name", "group_scope"],
    (_, { name, group_scope = "1" }) => ({
      action: "list",
      flow: name,
      group: whole("group_scope", group_scope),
    }),
  ],
  [
    "GET",
    /^tasks\/results$/,
    ["task_id", "node_id", "batch_index"],
    (_, { task_id = "", node_id = "", batch_index = "0" }) => ({
      action: "result",
      id: taskId(task_id),
      node: whole("node_id", node_id),
      index: whole("batch_index", batch_index),
    }),
  ],
  ["DELETE", /^tasks\/queue\/([^/]+)$/, [], (id) => ({ action: "cancel", id: taskId(id) })],
  [
    "DELETE",
    /^tasks\/task$/,
    ["task_id"],
    (_, { task_id = "" }) => ({ action: "delete", id: taskId(task_id) }),
  ],
  [
    "POST",
    /^tasks\/restart$/,
    ["task_id", "force"],
    (_, { task_id = "", force = "false" }) => {
      if (force !== "true" && force !== "false")
        throw new Refusal(422, "bad_query", "`force` must be true or false.");
      return { action: "restart", id: taskId(task_id), force: force === "true" };
    },
  ],
  ["GET", /^other\/whoami$/, [], () => ({ action: "whoami" })],
  ["GET", /^flows\/installed$/, [], () => ({ action: "flows" })],
];

/**
 * The route of a request.
 * @param target path and query, unmodified; the mount path before `/vapi/` belongs to the application
 * @throws Refusal 404 for anything not in the list, 422 for an invalid query
 */
export function routeOf(method: string, target: string): Route {
  const [path = "", query = "", ...more] = target.split("?");
  const start = path.indexOf("/vapi/");
  const rest = path.slice(start + "/vapi/".length);
  const plain = start >= 0 && more.length === 0 && isPlain(path, rest);
  const endpoint =
    plain && ENDPOINTS.find(([wanted, pattern]) => wanted === method && pattern.test(rest));
  if (!endpoint) throw noSuchEndpoint();
  const [, pattern, keys, route] = endpoint;
  return route(pattern.exec(rest)?.[1] ?? "", queryOf(query, keys));
}

/** Flow names may be escaped; no other part of a path needs to be. */
function isPlain(path: string, rest: string): boolean {
  return (
    !/\/\/|\\|[\0-\x20\x7f-\uffff#;]|(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path) &&
    !/%(2f|5c|2e|00|25)/i.test(rest)
  );
}

function queryOf(text: string, keys: readonly string[]): Query {
  const values: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    if (!keys.includes(key)) throw new Refusal(422, "bad_query", "The query has an unknown key.");
    if (Object.hasOwn(values, key))
      throw new Refusal(422, "bad_query", `\`${key}\` is in the query more than once.`);
    values[key] = value;
  }
  return values;
}

/** Task ids are whole numbers of at least 1, in one spelling. */
function taskId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw noSuchTask(/^[\w-]{1,20}$/.test(text) ? text : "…");
  return Number(text);
}

function whole(name: string, text: string): number {
  if (!/^(0|[1-9]\d{0,8})$/.test(text))
    throw new Refusal(422, "bad_query", `\`${name}\` must be a whole number, 0 or more.`);
  return Number(text);
}
