/** Classifies the source of a description from its text alone, without any access. */
import { CodegenError } from "../errors.js";
import { quote } from "../json/value.js";

/** The description that the project publishes for the public flows. */
export const PUBLISHED = "https://visionatrix.github.io/VixFlowsDocs/openapi/openapi-flows.json";

/** The path of a description below the base URL of its server. */
export const SERVER_DOCUMENT = "/openapi/flows.json";

export type Source =
  | { readonly kind: "stdin" }
  | { readonly kind: "file"; readonly path: string }
  /** A document on the web; gets no credentials. */
  | { readonly kind: "document"; readonly url: URL }
  /** A server; gets the user's credentials. `url` is the address of its description. */
  | { readonly kind: "server"; readonly url: URL };

/** Classifies a SOURCE. For a server, `flows` are requested by name. */
export function parseSource(text: string, flows?: readonly string[]): Source {
  if (text === "-") return { kind: "stdin" };
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return { kind: "file", path: text };
  const url = parseUrl(text);
  url.hash = "";
  if (url.pathname.endsWith(SERVER_DOCUMENT)) {
    if (!url.searchParams.has("flows")) askFor(url, flows);
    return { kind: "server", url };
  }
  if (/\.(?:json|yaml|yml)$/i.test(url.pathname)) return { kind: "document", url };
  url.pathname = url.pathname.replace(/\/*$/, SERVER_DOCUMENT);
  url.search = "";
  askFor(url, flows);
  return { kind: "server", url };
}

function askFor(url: URL, flows: readonly string[] | undefined): void {
  // Built by hand: the server's own pages send `*` and `,` unescaped.
  url.search = `?flows=${flows === undefined ? "*" : flows.map(encodeURIComponent).join(",")}`;
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new CodegenError("source_invalid", "The source is not an address.", {
      value: quote(text),
      hint: "Give a server's base URL, the URL of a document, a file, or -.",
      cause,
    });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new CodegenError("source_invalid", "Only http and https addresses can be read.", {
      value: quote(url.protocol),
      hint: "Give a file as a plain path.",
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new CodegenError("source_invalid", "The address holds credentials.", {
      value: quote(url.host),
      hint: "Set VIX_USERNAME and VIX_PASSWORD instead, which keeps them out of logs and history.",
    });
  }
  return url;
}
