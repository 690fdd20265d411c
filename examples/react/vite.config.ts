/** Uses the proxy of `examples/browser`. */
export { default } from "../browser/vite.config.ts";
