/**
 * Gives the parts of this package that act for a client from outside it, such as the proxy, access to its
 * server. No public member of a client lends its credentials to whoever holds it.
 */
import type { Api } from "./api.js";

const apis = /* @__PURE__ */ new WeakMap<object, Api>();

/** Stores what a client sends its requests with. */
export function keepApi(client: object, api: Api): void {
  apis.set(client, api);
}

/** What a client sends its requests with; undefined for anything but a client of this package. */
export function apiOf(client: object): Api | undefined {
  return apis.get(client);
}
