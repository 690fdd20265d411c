/** Options of a client, and their check. */
import {
  amount,
  called,
  checkMembers,
  count,
  flag,
  invalidOption,
  ms,
  text,
  type OptionRule,
} from "./errors/option-rules.js";
import type { ApiOptions } from "./http/api.js";
import { checkedBaseUrl } from "./http/base-url.js";
import { checkHeaders } from "./http/credentials.js";
import type { FetchUrlOptions } from "./inputs/fetch-url.js";
import type { RetryOptions } from "./submit/submitting.js";
import type { PollOptions } from "./watch/watched.js";

/** Options of `createClient`. */
export interface ClientOptions extends ApiOptions {
  /**
   * Address of the server, e.g. `http://localhost:8288`. It may have a path and a trailing slash. In a
   * browser it may be relative to the page, e.g. `/api/vix`.
   */
  baseUrl: string | URL;
  /** How long failing requests are retried. */
  retry?: RetryOptions;
  /** How tasks are polled. */
  poll?: PollOptions;
  /** Limits for files given as `{ url }`. */
  fetchUrls?: FetchUrlOptions;
}

const RULES = {
  auth: { username: text, password: text },
  retry: { budgetMs: ms, requestMs: ms, graceMs: ms },
  poll: { minMs: ms, maxMs: ms, outageMs: ms, stallMs: ms },
  fetchUrls: { maxBytes: amount, timeoutMs: ms, maxRedirects: count, allowPrivate: flag },
  logger: { debug: called, info: called, warn: called, error: called },
  fetch: called,
  maxRequests: amount,
  middleware: [
    "an array of functions (request, next)",
    (value: unknown) => Array.isArray(value) && value.every((layer) => typeof layer === "function"),
  ] as OptionRule,
} as const;

/**
 * Checks the options of a client, for programs in JavaScript too.
 * @returns the absolute address
 * @throws VisionatrixError `invalid_option` that names the option and what it must be
 */
export function checkOptions(options: ClientOptions): string {
  if (typeof options !== "object" || (options as unknown) === null)
    throw invalidOption(
      `createClient takes an object such as { baseUrl: "http://localhost:8288" }`,
    );
  const { baseUrl, headers, ...others } = options;
  checkMembers(others, RULES, "", ["baseUrl", "headers"]);
  checkHeaders("headers", headers);
  const { auth, poll: { minMs = 0, maxMs = Infinity } = {} } = options;
  for (const name of ["username", "password"])
    if (auth && !(name in auth)) throw invalidOption(`\`auth\` needs a \`${name}\``);
  if (minMs > maxMs)
    throw invalidOption(`\`poll.minMs\` (${minMs}) must not be above \`poll.maxMs\` (${maxMs})`);
  return checkedBaseUrl(baseUrl);
}
