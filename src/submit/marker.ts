/**
 * Marks a create, so that its tasks can be found again. The marker is a header inside `webhook_headers`. The
 * server stores and shows it, and without a webhook URL sends it to nobody (contract, section 11).
 */
import type { FormPart } from "../flow/field.js";
import { randomId } from "../bytes/random-id.js";

/** Name of the header that holds the marker. */
export const MARKER_HEADER = "x-client-ref";

/** What the markers of idempotency keys begin with. */
export const KEY_PREFIX = "key-";

/** Adds the marker to a form. */
export function withMarker(
  parts: readonly FormPart[],
  marker: string = randomId(),
): { parts: FormPart[]; marker: string } {
  const given = parts.find(({ name }) => name === "webhook_headers");
  const headers = {
    ...(given && (JSON.parse(given.value as string) as object)),
    [MARKER_HEADER]: marker,
  };
  const marked = { name: "webhook_headers", value: JSON.stringify(headers) };
  const others = parts.filter((part) => part !== given);
  // Texts precede files.
  const at = others.findIndex(({ value }) => typeof value !== "string");
  return {
    marker,
    parts: at < 0 ? [...others, marked] : [...others.slice(0, at), marked, ...others.slice(at)],
  };
}
