/** The address of a server, as people paste it. */
import { VisionatrixError } from "../errors/errors.js";
import { hideUser } from "./hide-user.js";

/**
 * Checks an address and drops parts without meaning, such as a trailing slash. A relative address is resolved
 * against the page, if there is one.
 * @throws VisionatrixError `invalid_option` that quotes the given value, without credentials
 */
export function checkedBaseUrl(given: unknown): string {
  if (typeof given !== "string" && !(given instanceof URL))
    throw refused(
      `it is ${given && typeof given === "object" ? "an object" : `${given as number}`}`,
    );
  const text = String(given).trim();
  const { location } = globalThis as { location?: { href?: string } };
  const page = /^https?:/.test(location?.href ?? "") ? location?.href : undefined;
  let url: URL;
  try {
    url = new URL(text, page);
  } catch {
    throw refused(
      text.startsWith("/")
        ? `${quoted(text)} is relative, but there is no page to resolve it against`
        : /^(https?[:/]|$)/i.test(text)
          ? `${quoted(text)} is not a valid address`
          : `${quoted(text)} has no scheme: write http://${hideUser(text)}`,
    );
  }
  const { protocol, username, password, search, hash, hostname } = url;
  if (!/^https?:$/.test(protocol))
    throw refused(
      /^[\w.-]+:\d+(\/|$)/.test(text)
        ? `${quoted(text)} has no scheme: write http://${hideUser(text)}`
        : `${quoted(text)} has the scheme ${protocol}`,
    );
  // A page would resolve a text without a scheme to a path of its own.
  if (page && !/^(https?:)?\/|^\./i.test(text))
    throw refused(`${quoted(text)} has no scheme: write http://${hideUser(text)}`);
  if (username || password)
    throw refused("it contains credentials: pass them as `auth`, with username and password");
  if (search || hash || /[?#]/.test(text))
    throw refused(`${quoted(text)} has a query or fragment: remove it`);
  if (/\/vapi\/?$/.test(url.pathname) && hostname)
    throw refused(`${quoted(text)} ends in /vapi, which the client adds: remove it`);
  return url.href.replace(/\/+$/, "");
}

function refused(what: string): VisionatrixError {
  return new VisionatrixError(
    "invalid_option",
    `\`baseUrl\` must be an http(s) address such as "http://localhost:8288": ${what}.`,
  );
}

/** An address as errors show it. */
function quoted(text: string): string {
  return JSON.stringify(hideUser(text).slice(0, 200));
}
