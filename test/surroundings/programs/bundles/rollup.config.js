import { nodeResolve } from "@rollup/plugin-node-resolve";

export default {
  input: "program.js",
  output: { dir: "out", entryFileNames: "bundle.js", format: "es" },
  plugins: [nodeResolve({ browser: true })],
};
