/**
 * The way to a client's server for parts of this package that act as the client and stand beside it, such
 * as the proxy. No public member of a client lends its credentials to whoever holds it.
 */
import type { Api } from "./api.js";

const apis = /* @__PURE__ */ new WeakMap<object, Api>();

/** Remembers what a client sends its requests with. */
export function keepApi(client: object, api: Api): void {
  apis.set(client, api);
}

/** What a client sends its requests with; undefined for what is no client of this package. */
export function apiOf(client: object): Api | undefined {
  return apis.get(client);
}
