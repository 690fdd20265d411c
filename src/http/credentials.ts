/** Headers of every request: the caller's own, and the credentials. */
import { VisionatrixError } from "../errors/errors.js";

/** A user of the server, by Basic Authentication. */
export interface Credentials {
  username: string;
  password: string;
}

/** `Authorization` value; names and passwords may contain any character. */
export function basicAuth({ username, password }: Credentials): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/**
 * Checks headers that HTTP would later reject with an error that does not name them.
 * @param option the option they were given in, for the error
 * @throws VisionatrixError `invalid_option` that names the header, never its value
 */
export function checkHeaders(option: string, headers: unknown): void {
  if (headers === undefined) return;
  if (typeof headers !== "object" || headers === null || Symbol.iterator in headers)
    throw new VisionatrixError(
      "invalid_option",
      `\`${option}\` must be an object of header names to strings, such as { "x-trace": "1" }.`,
    );
  for (const [name, value] of Object.entries(headers)) {
    const fault = !/^[\w!#$%&'*+.^`|~-]+$/.test(name)
      ? "has a name that HTTP does not allow"
      : typeof value !== "string"
        ? `is ${value === null ? "null" : `a ${typeof value}`}, not a string`
        : /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
          ? undefined
          : "has characters that HTTP does not allow: encode it, e.g. with encodeURIComponent()";
    if (fault)
      throw new VisionatrixError(
        "invalid_option",
        `The header ${JSON.stringify(name)} of \`${option}\` ${fault}.`,
      );
  }
}
