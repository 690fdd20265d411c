/** The page's proxy is that of `examples/browser`. */
export { default } from "../browser/vite.config.ts";
