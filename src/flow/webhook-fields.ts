/** The fields `webhook_url` and `webhook_headers`: rejects values that break the server's calls. */
import type { Field } from "./field.js";
import type { Parameter } from "./parameter.js";
import type { Rule } from "./rules.js";

export const webhookField: Field = {
  brokenRule({ name }: Parameter, value: unknown): Rule | undefined {
    if (name === "webhook_headers") return isHeaders(parsed(value)) ? undefined : "headers";
    if (typeof value !== "string") return "type";
    // The server appends a path to the address, even after a query.
    return /^https?:\/\/[^?#]+$/.test(value) ? undefined : "url";
  },
  // The server reads the headers as JSON.
  encode: ({ name }, value) =>
    name === "webhook_headers" ? JSON.stringify(parsed(value)) : String(value),
  describe: (_, __, rule) =>
    rule === "url"
      ? "must be an http(s) address without a query, as the server appends a path to it"
      : rule === "headers"
        ? "must be an object of header names to ASCII strings, or its JSON text"
        : undefined,
};

/** The headers may also be given as JSON text, the form in which they are sent. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Header names mapped to ASCII texts: anything else makes every call of the server fail. */
function isHeaders(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, text]) =>
        /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
        typeof text === "string" &&
        /^[\t\x20-\x7e]*$/.test(text),
    )
  );
}
