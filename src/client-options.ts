/** Options of a client, and the check of what was given. */
import { VisionatrixError } from "./errors/errors.js";
import { nearestName } from "./errors/suggestion.js";
import type { ApiOptions } from "./http/api.js";
import { checkedBaseUrl } from "./http/base-url.js";
import { checkHeaders } from "./http/credentials.js";
import type { FetchUrlOptions } from "./inputs/fetch-url.js";
import type { RetryOptions } from "./submit/submitting.js";
import type { PollOptions } from "./watch/watched.js";

export interface ClientOptions extends ApiOptions {
  /**
   * Address of the server, e.g. `http://localhost:8288`; may have a path and a trailing slash. In a
   * browser it may be relative to the page, e.g. `/api/vix`.
   */
  baseUrl: string | URL;
  /** How long failing requests are borne with. */
  retry?: RetryOptions;
  /** How tasks are watched. */
  poll?: PollOptions;
  /** Limits for files that are given as `{ url }`. */
  fetchUrls?: FetchUrlOptions;
}

/** What an option must be, in words, and whether it is. */
type Rule = readonly [words: string, fits: (value: never) => boolean];

const text: Rule = ["a text", (value: unknown) => typeof value === "string"];
const flag: Rule = ["true or false", (value: unknown) => typeof value === "boolean"];
const called: Rule = ["a function", (value: unknown) => typeof value === "function"];
const ms: Rule = [
  "a time in milliseconds, from 0 on",
  (value: unknown) => typeof value === "number" && value >= 0,
];
const amount: Rule = [
  "a number from 1 on",
  (value: unknown) => typeof value === "number" && value >= 1,
];

const RULES = {
  auth: { username: text, password: text },
  retry: { budgetMs: ms, requestMs: ms, graceMs: ms },
  poll: { minMs: ms, maxMs: ms, outageMs: ms, stallMs: ms },
  fetchUrls: { maxBytes: amount, timeoutMs: ms, maxRedirects: ms, allowPrivate: flag },
  logger: { debug: called, info: called, warn: called, error: called },
  fetch: called,
  maxRequests: amount,
  middleware: [
    "an array of functions (request, next)",
    (value: unknown) => Array.isArray(value) && value.every((layer) => typeof layer === "function"),
  ] as Rule,
} as const;

/**
 * Checks the options of a client, also for programs in JavaScript.
 * @returns the address, complete
 * @throws VisionatrixError `invalid_option` that names the option and what it must be
 */
export function checkOptions(options: ClientOptions): string {
  if (typeof options !== "object" || (options as unknown) === null)
    throw invalid(`createClient takes an object such as { baseUrl: "http://localhost:8288" }`);
  const { baseUrl, headers, ...others } = options;
  checkMembers(others, RULES, "", ["baseUrl", "headers"]);
  checkHeaders("headers", headers);
  return checkedBaseUrl(baseUrl);
}

function checkMembers(
  given: object,
  rules: Readonly<Record<string, Rule | Readonly<Record<string, Rule>>>>,
  prefix: string,
  known: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    const shown = `\`${prefix}${name}\``;
    if (value === undefined) continue;
    if (!rule) {
      // A logger, say, may well have more than what is used of it.
      if (prefix === "logger.") continue;
      const near = nearestName(name, [...Object.keys(rules), ...known]);
      throw invalid(
        `There is no option ${shown}${near ? `; did you mean \`${prefix}${near}\`?` : ""}`,
      );
    }
    if (Array.isArray(rule)) {
      const [words, fits] = rule as Rule;
      if (!fits(value as never)) throw invalid(`${shown} must be ${words}, not ${kindOf(value)}`);
    } else if (typeof value !== "object" || value === null)
      throw invalid(
        `${shown} must be an object of ${Object.keys(rule).join(", ")}, not ${kindOf(value)}`,
      );
    else if (name === "logger") checkLogger(value, rule as Readonly<Record<string, Rule>>);
    else checkMembers(value as object, rule as Readonly<Record<string, Rule>>, `${prefix}${name}.`);
  }
}

function checkLogger(logger: object, rules: Readonly<Record<string, Rule>>): void {
  for (const name of Object.keys(rules))
    if (typeof (logger as Record<string, unknown>)[name] !== "function")
      throw invalid(`\`logger.${name}\` must be a function; \`console\` is a logger`);
}

/** What was given, without showing it: it may be a password. */
function kindOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

function invalid(what: string): VisionatrixError {
  return new VisionatrixError("invalid_option", `${what}.`);
}
