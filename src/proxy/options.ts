/** Options of a proxy, and their check: nothing is allowed by default. */
import type { Client } from "../client.js";
import { VisionatrixError } from "../errors/errors.js";
import { called, checkMembers, type OptionRule } from "../errors/option-rules.js";
import { apiOf } from "../http/api-of.js";
import type { Api } from "../http/api.js";
import type { AllowedFlows } from "./flow-list.js";
import type { Route } from "./routes.js";

/** A page's call that is about to be carried out. */
export interface ProxyCall {
  /** As returned by the `owner` option. */
  readonly owner: string;
  readonly action: Route["action"];
  readonly request: Request;
}

/** Limits for one owner. */
export interface Limits {
  /** Most tasks per create. Default 4. */
  readonly count?: number;
  /** Longest form, in bytes; counted as it is read. Default 32 MiB. */
  readonly bodyBytes?: number;
  /** Most unfinished tasks per owner, including pending uploads. Default 3. */
  readonly unfinished?: number;
  /**
   * Rate limiter, called before each call of a page. Returns how many ms the owner has to wait before the
   * next try; nothing or 0 lets the call pass.
   */
  readonly rate?: (call: ProxyCall) => MaybePromise<number | undefined>;
}

type MaybePromise<T> = T | Promise<T>;

/** Where the server posts the progress of pages' tasks; a receiver from `createWebhookReceiver` fits. */
export interface SiteWebhook {
  /** The parameters that make the server call it. */
  params(): MaybePromise<{ webhook_url: string; webhook_headers: Record<string, string> }>;
}

/** Options of `createProxy`. */
export interface ProxyOptions {
  /** A client for the server behind the site, with its credentials. */
  readonly client: Client;
  /**
   * The flows that pages may run: flow functions, generated or from `client.flow(id)`. `"installed"` allows
   * every flow on the server.
   */
  readonly flows: AllowedFlows;
  /**
   * Identifies the caller: a text that is the same for every request of the same person, such as a user id
   * from the session. Return nothing when nobody is signed in; such a call gets a 401.
   */
  readonly owner: (request: Request) => MaybePromise<string | null | undefined>;
  /**
   * At least 32 secret bytes, the same in all instances and for as long as tasks are kept: tasks made with
   * another secret have no owner.
   */
  readonly secret: string | Uint8Array;
  /** `Infinity` lifts a limit. */
  readonly limits?: Limits;
  /**
   * Origins whose pages may create and change tasks, such as `https://example.com`. Default: the proxy's own
   * origin.
   */
  readonly origins?: readonly string[];
  /**
   * Group of the pages' tasks on the server, 1–255, default 1. A separate group keeps the lists that are read
   * for pages short. A higher group always runs before lower ones.
   */
  readonly group?: number;
  readonly webhook?: SiteWebhook;
}

/** The options with defaults applied. */
export interface CheckedOptions extends ProxyOptions {
  readonly api: Api;
  readonly limits: Required<Omit<Limits, "rate">> & Pick<Limits, "rate">;
  readonly group: number;
}

const DEFAULTS = { count: 4, bodyBytes: 32 * 1024 * 1024, unfinished: 3 } as const;

const OPTIONS = ["client", "flows", "owner", "secret", "limits", "origins", "group", "webhook"];

const most: OptionRule = [
  "a whole number of at least 1, or Infinity",
  (value: unknown) => value === Infinity || (Number.isInteger(value) && (value as number) >= 1),
];

const LIMITS = { count: most, bodyBytes: most, unfinished: most, rate: called };

const MIN_SECRET_BYTES = 32;

/** @throws VisionatrixError `invalid_option` that names the option, and shows no value */
export function checkedOptions(options: ProxyOptions): CheckedOptions {
  demand(isObject(options), "the options must be an object");
  checkMembers({ limits: options.limits }, { limits: LIMITS }, "");
  const { client, flows, owner, secret, limits = {}, origins, group = 1, webhook } = options;
  for (const name of Object.keys(options))
    demand(OPTIONS.includes(name), `there is no option \`${name}\``);
  const api = isObject(client) ? apiOf(client) : undefined;
  demand(api, "`client` must be a client from createClient");
  demand(
    flows === "installed" ||
      (Array.isArray(flows) &&
        flows.every(({ id, parameters }) => typeof id === "string" && Array.isArray(parameters))),
    '`flows` must be an array of flow functions, or "installed" for all flows of the server',
  );
  demand(
    typeof owner === "function",
    "`owner` must be a function that returns the name of the caller",
  );
  demand(
    bytesOf(secret) >= MIN_SECRET_BYTES,
    `\`secret\` must have at least ${MIN_SECRET_BYTES} bytes`,
  );
  demand(
    origins === undefined ||
      (Array.isArray(origins) &&
        origins.every((each) => /^https?:\/\/[^/\s]+$/.test(String(each)))),
    "`origins` must be an array of origins such as https://example.com",
  );
  demand(
    Number.isInteger(group) && group >= 1 && group <= 255,
    "`group` must be a whole number from 1 to 255",
  );
  demand(
    webhook === undefined || typeof webhook.params === "function",
    "`webhook` must be a receiver from createWebhookReceiver, or have its params() function",
  );
  const { count, bodyBytes, unfinished, rate } = limits;
  return {
    ...options,
    api,
    group,
    limits: {
      count: count ?? DEFAULTS.count,
      bodyBytes: bodyBytes ?? DEFAULTS.bodyBytes,
      unfinished: unfinished ?? DEFAULTS.unfinished,
      ...(rate && { rate }),
    },
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function bytesOf(secret: unknown): number {
  if (typeof secret === "string") return new TextEncoder().encode(secret).length;
  return secret instanceof Uint8Array ? secret.length : 0;
}

function demand(holds: unknown, what: string): asserts holds {
  if (!holds) throw new VisionatrixError("invalid_option", `createProxy: ${what}.`);
}
