/** Builds the app that `vix ui` serves. What public flows make is taken from the generated modules here. */
import { defineConfig, type Plugin } from "vite";
import type { Flow } from "visionatrix-client";

/** The page imports it for a table of flow ids and kinds of media, since the server's listing has none. */
const OUTPUTS = "virtual:flow-outputs";

function flowOutputs(): Plugin {
  return {
    name: "flow-outputs",
    resolveId: (id) => (id === OUTPUTS ? `\0${OUTPUTS}` : undefined),
    async load(id) {
      if (id !== `\0${OUTPUTS}`) return undefined;
      const flows = Object.values(await import("visionatrix-client/flows")) as Flow<object>[];
      const table = flows
        .filter(({ outputs }) => outputs)
        .map(({ id: flow, outputs = [] }) => [
          flow,
          [...new Set(outputs.map((each) => each.kind))],
        ]);
      return `export default ${JSON.stringify(Object.fromEntries(table))};`;
    },
  };
}

export default defineConfig({
  plugins: [flowOutputs()],
  build: {
    target: "es2023",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Pages may load nothing but files of their own.
    assetsInlineLimit: 0,
  },
});
