/** The fields `webhook_url` and `webhook_headers`: what the server would choke on is refused here. */
import type { Field } from "./field.js";
import type { Parameter } from "./parameter.js";
import type { Rule } from "./rules.js";

export const webhookField: Field = {
  brokenRule({ name }: Parameter, value: unknown): Rule | undefined {
    if (name === "webhook_headers") return isHeaders(parsed(value)) ? undefined : "headers";
    if (typeof value !== "string") return "type";
    // The server appends a path to the address, also behind a query.
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

/** Headers as they are on the wire are a JSON text, and may be given so, too. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Header names to ASCII texts: anything else makes every call of the server's fail. */
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
