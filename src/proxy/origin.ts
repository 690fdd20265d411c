/**
 * Whether a call that changes something comes from the site's own page: browsers also send cookies with calls
 * from other sites. Pure.
 */
import { Refusal } from "./refusal.js";

/**
 * @param headers of the request; browsers let no page set `Sec-Fetch-Site`, `Origin` or `Host`
 * @param host the host the request was sent to, such as `example.com:8080`
 * @param origins the allowed pages; undefined for that of the request's own host
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
      ? // Old browsers send only the origin.
        origin !== null && hostOf(origin) === host.toLowerCase()
      : site === "same-origin";
  if (!own)
    throw new Refusal(
      403,
      "other_origin",
      "Only pages of this site may do this: the request came from another origin.",
    );
}

/** Host and port of an origin; undefined for `null` and invalid ones. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/\s@]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
