/** The packages as npm would deliver them: their content, and that they work once installed. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import * as attw from "@arethetypeswrong/core";
import { transform } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extract, tarballs, type Tarball } from "./surroundings/support/tarballs.js";

const run = promisify(execFile);
const NAMES = [
  "visionatrix-ai-provider",
  "visionatrix-client",
  "visionatrix-codegen",
  "visionatrix-mcp",
  "visionatrix-standin",
];

let folder: string;
let packed: ReadonlyMap<string, Tarball>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vix-packages-"));
  packed = await tarballs();
  for (const name of NAMES) await extract(name, folder);
  // Their dependencies are the ones installed here; the packages themselves come from their tarballs.
  const modules = join(folder, "node_modules");
  const { dependencies } = JSON.parse(await readFile("package.json", "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of [
    ...Object.keys(dependencies),
    "openapi-typescript-helpers",
    "@types",
    "undici-types",
  ])
    await symlink(resolve("node_modules", name), join(modules, name));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program next to the installed packages. */
async function program(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return (await run(process.execPath, [name], { cwd: folder })).stdout;
}

describe.each(NAMES)("%s", (name) => {
  it("holds what it needs, and nothing else", () => {
    const unexpected = packed
      .get(name)!
      .files.filter(
        (path) =>
          !/^(dist\/|bin\/|docs\/|templates\/|workflows\/|data\/|schema\/|package\.json|README(\.zh-CN)?\.md|LICENSE)/.test(
            path,
          ),
      );
    expect(unexpected).toEqual([]);
    expect(packed.get(name)!.files).toEqual(
      expect.arrayContaining(["package.json", "README.md", "LICENSE"]),
    );
    expect(packed.get(name)!.files.filter((path) => path.endsWith(".tsbuildinfo"))).toEqual([]);
  });

  it("passes publint", async () => {
    const pkgDir = join(folder, "node_modules", name);
    const { messages, pkg } = await publint({ pkgDir, strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("has types that resolve wherever ESM does", async () => {
    const list = packed
      .get(name)!
      .files.map((path): [string, Promise<Uint8Array>] => [
        `/node_modules/${name}/${path}`,
        readFile(join(folder, "node_modules", name, path)),
      ]);
    const contents = Object.fromEntries(
      await Promise.all(
        list.map(async ([path, bytes]) => [path, new Uint8Array(await bytes)] as const),
      ),
    );
    const { version } = JSON.parse(
      await readFile(join(folder, "node_modules", name, "package.json"), "utf8"),
    ) as {
      version: string;
    };
    const result = await attw.checkPackage(new attw.Package(contents, name, version), {
      entrypoints: name === "visionatrix-client" ? [".", "./flows", "./node"] : ["."],
    });
    const problems = result.types ? result.problems : [];
    expect(
      problems
        // CommonJS gets the same module through `require(esm)`.
        .filter(({ kind }) => kind !== "CJSResolvesToESM")
        // Entries that exist only in `exports`; the client has fields for `node10` as well.
        .filter(
          (problem) =>
            name === "visionatrix-client" ||
            !("resolutionKind" in problem && problem.resolutionKind === "node10"),
        )
        .map(({ kind }) => kind),
    ).toEqual([]);
  });
});

describe("visionatrix-client, installed", () => {
  const USE = `
const client = createClient({ baseUrl: "http://localhost:1" });
console.log(sdxlLighting.id, typeof saveFiles, client.baseUrl);`;
  const EXPECTED = "sdxl_lighting function http://localhost:1\n";

  it("is imported", async () => {
    const text = `
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { removeBackgroundBirefnet } from "visionatrix-client/flows";
import { saveFiles } from "visionatrix-client/node";
if (removeBackgroundBirefnet.parameters.length === 0) throw new Error("no parameters");`;
    expect(await program("use.mjs", text + USE)).toBe(EXPECTED);
  });

  it("declares every entry for old module resolution", async () => {
    const { exports, typesVersions } = JSON.parse(await readFile("package.json", "utf8")) as {
      exports: Record<string, string | { types: string }>;
      typesVersions: { "*": Record<string, string[]> };
    };
    const entries = Object.entries(exports).flatMap(([entry, target]) =>
      entry === "." || typeof target === "string" ? [] : [[entry.slice(2), [target.types]]],
    );
    expect(typesVersions["*"]).toEqual(Object.fromEntries(entries));
  });

  it("has no top-level await, so that `require` takes it", async () => {
    const modules = packed.get("visionatrix-client")!.files.filter((path) => path.endsWith(".js"));
    for (const path of modules) {
      const { code } = await transform(
        await readFile(join(folder, "node_modules/visionatrix-client", path), "utf8"),
        // This format has no top-level await, and esbuild rejects code that uses it.
        { format: "cjs", target: "node20.19" },
      ).catch((error: unknown) => ({ code: String(error) }));
      expect(code, path).not.toContain("Top-level await");
    }
    expect(modules.length).toBeGreaterThan(50);
  });

  it("is required", async () => {
    const text = `
const { createClient } = require("visionatrix-client");
const { sdxlLighting } = require("visionatrix-client/flows/sdxl_lighting");
const { saveFiles } = require("visionatrix-client/node");`;
    expect(await program("use.cjs", text + USE)).toBe(EXPECTED);
  });

  it("type-checks without openapi-fetch, under nodenext and bundler resolution", async () => {
    await rm(join(folder, "node_modules/openapi-fetch"));
    await writeFile(
      join(folder, "use.ts"),
      `import { createClient, type Progress } from "visionatrix-client";
import { sdxlLighting, supirUpscaler } from "visionatrix-client/flows";
import { saveFiles } from "visionatrix-client/node";
const client = createClient({ baseUrl: "http://localhost:1" });
const { files } = await sdxlLighting(client, { prompt: "a", steps_number: "8 steps" }).result({
  onProgress: (progress: Progress) => console.log(progress.percent.toFixed()),
});
await supirUpscaler(client, { image_to_upscale: files[0]!.reference() });
const paths: string[] = await saveFiles(files, "out");
console.log(paths);
// @ts-expect-error: not a choice
void sdxlLighting(client, { prompt: "a", steps_number: "9 steps" });
// @ts-expect-error: prompt is required
void sdxlLighting(client, {});
`,
    );
    for (const [module, resolution] of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ]) {
      const args = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022"];
      args.push("--module", module!, "--moduleResolution", resolution!, "--skipLibCheck", "use.ts");
      await writeFile(join(folder, "package.json"), '{"type":"module"}');
      const checked = await run(
        process.execPath,
        [resolve("node_modules/typescript/bin/tsc"), ...args],
        { cwd: folder },
      ).catch((error: unknown) => error as { stdout: string });
      expect(checked.stdout).toBe("");
    }
  });
});
