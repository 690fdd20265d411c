/** The fields `webhook_url` and `webhook_headers`. Loaded for calls that send one. */
import type { Rule } from "./check.js";
import type { Parameter } from "./flow.js";
import type { FieldKind, FormPart } from "./form.js";

/** Header name inside `webhook_headers` by which a create is found again. */
export const MARKER_HEADER = "x-client-ref";

/** How the fields are checked and sent. */
export const webhookField: FieldKind = { brokenRule, encode };

function brokenRule({ name }: Parameter, value: unknown): Rule | undefined {
  if (name === "webhook_headers") return isHeaders(value) ? undefined : "headers";
  if (typeof value !== "string") return "type";
  // The server appends a path to the address, also behind a query.
  return /^https?:\/\/[^?#]+$/.test(value) ? undefined : "url";
}

/** The server reads the headers as JSON. */
function encode(_: Parameter, value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Header names to ASCII texts: anything else makes every call of the server's fail. */
function isHeaders(value: unknown): boolean {
  return (
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.entries(value as object).every(
      ([name, text]) =>
        /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
        typeof text === "string" &&
        /^[\t\x20-\x7e]*$/.test(text),
    )
  );
}

/**
 * Adds to a form a header by which its tasks are found again: the server stores and shows it, and
 * without a URL sends it to nobody.
 */
export function withMarker(parts: readonly FormPart[]): { parts: FormPart[]; marker: string } {
  // Not `randomUUID`, which browsers keep from pages that came over plain HTTP.
  const marker = [...crypto.getRandomValues(new Uint32Array(4))]
    .map((n) => n.toString(36))
    .join("");
  const given = parts.find(({ name }) => name === "webhook_headers");
  const headers = {
    ...(given && (JSON.parse(given.value as string) as object)),
    [MARKER_HEADER]: marker,
  };
  return {
    marker,
    parts: [
      ...parts.filter((part) => part !== given),
      { name: "webhook_headers", value: JSON.stringify(headers) },
    ],
  };
}
