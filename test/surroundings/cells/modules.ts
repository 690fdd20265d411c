/** CommonJS, jest and Nest: the programs of `docs/commonjs.md`. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cell } from "../support/cell.js";
import type { Project } from "../support/project.js";

const both = ["visionatrix-client", "visionatrix-standin"];

const commonjs = (node?: 22 | 24): Cell => ({
  name: `require(), Node ${node ?? 20}`,
  program: "examples/commonjs",
  type: "commonjs",
  ...(node ? { node } : { quick: true }),
  check: async ({ node: program, run }) => {
    assert.match(await run(program, ["program.cjs"]), /1_9_00001\.png/);
    return undefined;
  },
});

const jest = (flavour: "CommonJS" | "ESM", node?: 22 | 24): Cell => ({
  name: `jest 30, ${flavour}, Node ${node ?? 20}`,
  program: "examples/jest",
  peers: ["jest", "@swc/core", "@swc/jest"],
  packages: both,
  type: "commonjs",
  ...(node && { node }),
  check: async ({ node: program, run }) => {
    const [flags, config] =
      flavour === "ESM"
        ? [["--experimental-vm-modules"], "jest.esm.config.mjs"]
        : [[], "jest.config.cjs"];
    await run(program, [...flags, "../node_modules/jest/bin/jest.js", "--config", config]);
    return undefined;
  },
});

/** Changes compiler settings of the example for another kind of project. */
async function compilerOptions({ folder }: Project, changes: object): Promise<void> {
  const path = join(folder, "tsconfig.json");
  const text = (await readFile(path, "utf8")).replace(/^\s*\/\/.*$/gm, "");
  const config = JSON.parse(text) as { compilerOptions: object };
  Object.assign(config.compilerOptions, changes);
  await writeFile(path, JSON.stringify(config));
}

const nest = (major: 11 | 12, type: "commonjs" | "module"): Cell => {
  const version = major === 11 ? "11.2.10" : "12.5.1";
  return {
    name: `NestJS ${major}, ${type === "module" ? "ESM" : "CommonJS"}`,
    program: "examples/nest",
    type,
    peers: [
      `@nestjs/common@${version}`,
      `@nestjs/core@${version}`,
      `@nestjs/platform-express@${version}`,
      ...(["reflect-metadata", "rxjs", "typescript", "@types/node"] as const),
    ],
    check: async (project) => {
      if (major === 12)
        await compilerOptions(project, { module: "nodenext", moduleResolution: "nodenext" });
      await project.run(project.bin("tsc"), ["-p", "."]);
      const app = await project.serve(project.node, ["dist/main.js"], { PORT: "0" });
      try {
        const answer = await fetch(`${app.url}/pictures?prompt=a`);
        assert.equal(answer.headers.get("content-type"), "image/png");
        assert.equal(Buffer.from(await answer.arrayBuffer()).toString("latin1", 1, 4), "PNG");
      } finally {
        await app.stop();
      }
      return undefined;
    },
  };
};

export const modules: readonly Cell[] = [
  commonjs(),
  commonjs(22),
  commonjs(24),
  jest("CommonJS"),
  jest("CommonJS", 22),
  jest("CommonJS", 24),
  jest("ESM"),
  jest("ESM", 24),
  nest(11, "commonjs"),
  nest(12, "commonjs"),
  nest(12, "module"),
];
