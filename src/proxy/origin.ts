/**
 * Whether a call that changes something comes from the site's own page: browsers send cookies along with
 * the calls of other sites too. Pure.
 */
import { Refusal } from "./refusal.js";

/**
 * @param headers of the request; browsers let no page set `Sec-Fetch-Site`, `Origin` or `Host`
 * @param host where the request came to, as `example.com:8080`
 * @param origins the pages that are allowed; undefined for the one of the request's own host
 * @throws Refusal 403
 */
export function checkOrigin(
  headers: { get(name: string): string | null },
  host: string,
  origins: readonly string[] | undefined,
): void {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  const own = origins
    ? origin !== null && origins.includes(origin)
    : site === null
      ? // Browsers of old tell the origin alone.
        origin !== null && hostOf(origin) === host.toLowerCase()
      : site === "same-origin";
  if (!own)
    throw new Refusal(
      403,
      "other_origin",
      "Only a page of this site may do this: the request came from elsewhere.",
    );
}

/** Host and port of an origin; undefined for `null` and for what is none. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/\s@]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
