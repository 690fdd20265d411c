/** The packages' types in compilers from TypeScript 5.0 on, with every way to resolve modules. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Cell } from "../support/cell.js";
import type { Peer } from "../support/peers.js";
import type { Project } from "../support/project.js";

interface Settings {
  readonly module: string;
  readonly moduleResolution: string;
  /** The type in `package.json`. */
  readonly type: "module" | "commonjs";
  /** Settings of one compiler. */
  readonly more?: object;
}

const OLD: Settings = { module: "commonjs", moduleResolution: "node10", type: "commonjs" };
const NODE16: Settings = { module: "node16", moduleResolution: "node16", type: "module" };
const NODENEXT: Settings = { module: "nodenext", moduleResolution: "nodenext", type: "module" };
const REQUIRING: Settings = { ...NODENEXT, type: "commonjs" };
const BUNDLER: Settings = { module: "esnext", moduleResolution: "bundler", type: "module" };
const FORMER: Settings = { ...OLD, moduleResolution: "bundler" };

/** Versions, and what each supports: with `nodenext`, CommonJS may require ES modules from 5.8 on. */
const COMPILERS: readonly (readonly [
  version: string,
  settings: readonly Settings[],
  local?: string,
  quick?: true,
])[] = [
  ["5.0.4", [OLD, NODE16, NODENEXT, BUNDLER]],
  ["5.4.5", [OLD, NODE16, NODENEXT, BUNDLER]],
  ["5.9.3", [OLD, NODE16, NODENEXT, REQUIRING, BUNDLER], "typescript"],
  [
    "6.0.3",
    [{ ...OLD, more: { ignoreDeprecations: "6.0" } }, NODE16, NODENEXT, REQUIRING, BUNDLER, FORMER],
    "typescript-6",
  ],
  ["7.0.2", [NODE16, NODENEXT, REQUIRING, BUNDLER, FORMER], "typescript-7", true],
];

async function compiles(project: Project, tsc: string, settings: Settings): Promise<void> {
  const { folder, run, node } = project;
  const { module, moduleResolution, type, more } = settings;
  const outDir = `${module}-${moduleResolution}-${type}`;
  const compilerOptions = {
    ...{ module, moduleResolution, outDir, ...more },
    ...{ target: "es2022", lib: ["es2022"], types: ["node"] },
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
    rootDir: ".",
  };
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type }));
  const config = { compilerOptions, files: ["use.ts"] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  await run(node, [tsc, "-p", "."]).catch((error: unknown) => {
    throw new Error(`${outDir}:\n${(error as Error).message}`);
  });
  // Code for bundlers does not run in Node.
  if (moduleResolution === "bundler" && type === "module") return;
  const printed = await run(node, [join(outDir, "use.js")]);
  assert.equal(printed, "sdxl_lighting function http://127.0.0.1:1\n");
}

export const types: readonly Cell[] = COMPILERS.map(([version, settings, local, quick]) => ({
  name: `TypeScript ${version}, ${settings.map((one) => one.moduleResolution).join(", ")}`,
  program: "test/surroundings/programs/types",
  peers: ["@types/node", ...(local ? [] : [`typescript@${version}` as Peer])],
  ...(quick && { quick }),
  check: async (project) => {
    const tsc = local ? resolve("node_modules", local, "bin/tsc") : project.bin("tsc");
    const failures: string[] = [];
    for (const one of settings)
      await compiles(project, tsc, one).catch((error: unknown) => {
        failures.push((error as Error).message);
      });
    assert.deepEqual(failures, []);
    return undefined;
  },
}));
