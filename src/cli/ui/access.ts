/**
 * Who may reach the app: only requests to a known host name, from the app's own page, with the cookie that
 * the token or the password was exchanged for. Pure.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";

/** The part of a request that access depends on. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Browsers let no page set `Host`, `Origin` or `Sec-Fetch-*`. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What is wrong with the source of a request. */
export type Stranger = "host" | "origin";

/** Names that always lead to this machine, whatever DNS says. */
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Another site could point a host name of its own at this machine and reach the app through it, so the host
 * must be a known name. A numeric address needs no DNS, and counts as known if the app listens on the
 * network.
 */
export function isKnownHost(
  host: string | undefined,
  port: number,
  names: ReadonlySet<string>,
  network: boolean,
): boolean {
  const [, name = "", given = "80"] =
    /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(host?.toLowerCase() ?? "") ?? [];
  if (Number(given) !== port) return false;
  const bare = name.replace(/^\[|\]$/g, "");
  return LOOPBACK.has(name) || names.has(bare) || (network && isIP(bare) !== 0);
}

/** What is wrong with the source of a request; undefined when nothing is. */
export function strangerIn(
  { method, path, headers }: Asked,
  port: number,
  names: ReadonlySet<string>,
  network: boolean,
): Stranger | undefined {
  const host = one(headers["host"]);
  if (!isKnownHost(host, port, names, network)) return "host";
  const origin = one(headers["origin"]);
  if (origin !== undefined && origin !== `http://${host?.toLowerCase()}`) return "origin";
  const site = one(headers["sec-fetch-site"]) ?? "none";
  if (site === "same-origin" || site === "none") return undefined;
  // A link to the page may appear on any site, and shows the page only to whoever follows it.
  const isLink =
    method === "GET" &&
    path === "/" &&
    one(headers["sec-fetch-mode"]) === "navigate" &&
    one(headers["sec-fetch-dest"]) === "document";
  return isLink ? undefined : "origin";
}

/** The value of a cookie, if the request has it. */
export function cookieOf({ headers }: Asked, name: string): string | undefined {
  for (const pair of (one(headers["cookie"]) ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** Compares a secret with a given value in constant time. */
export function isSame(secret: string, given: string | null | undefined): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(secret), digest(given ?? "")) && given !== undefined;
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
