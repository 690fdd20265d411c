/**
 * `visionatrix-client/proxy`: a safe way from a browser to a server, for any web backend.
 * @module visionatrix-client/proxy
 */
export type { AllowedFlows } from "./flow-list.js";
export type { ProxyNodeRequest, ProxyNodeResponse } from "./node.js";
export type { Limits, ProxyCall, ProxyOptions, SiteWebhook } from "./options.js";
export { createProxy, type Proxy } from "./proxy.js";
