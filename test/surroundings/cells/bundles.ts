/** Bundles of the client by several bundlers, run in Node and, if there is one, in a browser. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { rolldown } from "rolldown";
import { build as vite } from "vite";
import { CHROMIUM } from "../../support/browser.js";
import type { Cell } from "../support/cell.js";
import { titleOf } from "../support/page.js";
import type { Peer } from "../support/peers.js";
import type { Project } from "../support/project.js";

const BUNDLE = "bundle.js";

/** How to run each bundler; all write `out/bundle.js`. */
const BUNDLERS: Readonly<
  Record<
    string,
    { peers?: readonly Peer[]; fails?: string; build: (project: Project) => Promise<unknown> }
  >
> = {
  esbuild: {
    build: ({ folder }) =>
      esbuild({
        entryPoints: [join(folder, "program.js")],
        outfile: join(folder, "out", BUNDLE),
        bundle: true,
        format: "esm",
        target: "es2022",
        logLevel: "error",
      }),
  },
  "Vite 8": {
    build: ({ folder }) =>
      vite({
        root: folder,
        configFile: false,
        logLevel: "error",
        build: {
          outDir: "out",
          target: "es2022",
          // Needs a page, but the same bundle runs in Node.
          modulePreload: false,
          rolldownOptions: {
            input: join(folder, "program.js"),
            output: { entryFileNames: BUNDLE },
          },
        },
      }),
  },
  Rolldown: {
    build: async ({ folder }) => {
      const bundle = await rolldown({ input: join(folder, "program.js"), platform: "browser" });
      await bundle.write({ dir: join(folder, "out"), entryFileNames: BUNDLE, format: "esm" });
    },
  },
  "webpack 5": {
    peers: ["webpack"],
    build: ({ node, run }) => run(node, ["webpack.config.cjs"]),
  },
  "Rollup 4": {
    peers: ["rollup", "@rollup/plugin-node-resolve@16.0.3"],
    build: ({ bin, run }) => run(bin("rollup"), ["-c", "--failAfterWarnings"]),
  },
};

const PROGRAM = "test/surroundings/programs/bundles";
const SAID = "image/png InvalidParamsError";

export const bundles: readonly Cell[] = Object.entries(BUNDLERS).flatMap(
  ([name, { peers = [], fails, build }]): Cell[] => [
    {
      name: `bundle of ${name}, in Node`,
      program: PROGRAM,
      peers,
      ...(fails && { fails }),
      ...(peers.length === 0 && { quick: true }),
      check: async (project) => {
        await build(project);
        const printed = await project.run(project.node, [join("out", BUNDLE)]);
        assert.equal(printed.trim(), SAID);
        return undefined;
      },
    },
    {
      name: `bundle of ${name}, in Chromium`,
      program: PROGRAM,
      peers,
      ...(fails && { fails }),
      cannot: CHROMIUM ? undefined : "there is no Chromium",
      check: async (project) => {
        await build(project);
        const title = await titleOf(join(project.folder, "out"), BUNDLE, project.standin.url);
        assert.equal(title, SAID);
        return undefined;
      },
    },
  ],
);
