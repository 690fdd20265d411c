import { execFile } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { readDescription, type Model } from "visionatrix-codegen";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emit } from "../../codegen/src/emit/emit.js";
import { generate } from "../../codegen/src/commands/generate.js";
import { typeErrors } from "./support/compile.js";
import { oneFlow, PUBLIC_FLOWS } from "./support/documents.js";

const COMPILERS = ["typescript", "typescript-6", "typescript-7"];
const RESOLUTIONS = [
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];

/** A user's project: the built client package, and code that is generated into `src`. */
const PROJECT = resolve("out/compile-matrix");

const AWKWARD: Model = readDescription(
  oneFlow(
    {
      "not an identifier": { type: "string" },
      2: { type: "string", default: "x" },
      delete: { type: "boolean", default: false },
      'Artist\'s "choice"': { type: "string", enum: ["it's", 'a "b"', "*/", "\u2028"] },
      size: { type: "string", default: 2 },
      image: {
        anyOf: [{ type: "string", format: "binary" }, { type: "string" }],
        contentMediaType: "image/*",
      },
    },
    { id: "delete", required: ["not an identifier", "image"] },
  ),
);

beforeAll(async () => {
  rmSync(PROJECT, { recursive: true, force: true });
  const client = join(PROJECT, "node_modules/visionatrix-client");
  mkdirSync(client, { recursive: true });
  cpSync("package.json", join(client, "package.json"));
  cpSync("dist", join(client, "dist"), { recursive: true });
  writeFileSync(join(PROJECT, "package.json"), '{"type":"module"}');
  await generate({
    model: PUBLIC_FLOWS,
    out: join(PROJECT, "src/public"),
    runtime: "visionatrix-client",
  });
  await generate({
    model: AWKWARD,
    out: join(PROJECT, "src/awkward"),
    runtime: "visionatrix-client",
  });
  writeFileSync(
    join(PROJECT, "src/use.ts"),
    `import { createClient, type Flow, type MediaKind, type ResultFile } from "visionatrix-client";
import { delete_ } from "./awkward/index.js";
import { sdxlLighting } from "./public/flows/sdxl_lighting.js";
import { aceStep, flows, photoStickers, supirUpscaler, type FlowParams, type SdxlLightingParams } from "./public/index.js";

const client = createClient({ baseUrl: "http://localhost:8288" });
const params: SdxlLightingParams = { prompt: "a", steps_number: "8 steps", seed: 1, count: 2, translate: true };
void sdxlLighting(client, params);
void supirUpscaler(client, { image_to_upscale: new Blob(["x"]), scale_factor: 2 });
void delete_(client, { "not an identifier": "x", image: new Blob(["x"]), "Artist's \\"choice\\"": "*/" });

const made = await sdxlLighting(client, params).result();
export const kind: "image" = made.files[0]!.kind;
const sound = await aceStep(client, {}).result();
export const audio: readonly ResultFile<"audio">[] = sound.files;
export const stickers: readonly ResultFile<"image">[] = (
  await photoStickers(client, { person_face: made.files[0]!.reference() }).result()
).files;
void supirUpscaler(client, { image_to_upscale: made.files[0]!.reference() });
// @ts-expect-error -- a sound is no picture
void supirUpscaler(client, { image_to_upscale: sound.files[0]!.reference() });
const unknown = await delete_(client, { "not an identifier": "x", image: new Blob(["x"]) }).result();
export const any: MediaKind = unknown.files[0]!.kind;
// What is not known here is checked by the server.
void supirUpscaler(client, { image_to_upscale: unknown.files[0]!.reference() });

export function byId<Id extends keyof FlowParams>(id: Id): Flow<FlowParams[Id]> {
  return flows[id];
}

// @ts-expect-error -- a prompt is required
void sdxlLighting(client, {});
// @ts-expect-error -- no such choice
void sdxlLighting(client, { prompt: "a", steps_number: "9 steps" });
// @ts-expect-error -- no such parameter
void sdxlLighting(client, { prompt: "a", stepsNumber: "8 steps" });
// @ts-expect-error -- no such flow
void byId("sdxl_lihgting");
`,
  );
});

afterAll(() => {
  rmSync(PROJECT, { recursive: true, force: true });
});

describe.each(COMPILERS)("compiled by %s", (compiler) => {
  test.each(RESOLUTIONS)("$module, $moduleResolution", async (resolution) => {
    const config = join(PROJECT, `tsconfig.${compiler}.${resolution.moduleResolution}.json`);
    writeFileSync(
      config,
      JSON.stringify({
        compilerOptions: {
          ...resolution,
          target: "es2022",
          lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable", "esnext.disposable"],
          types: [],
          strict: true,
          noEmit: true,
          declaration: true,
          isolatedDeclarations: true,
          verbatimModuleSyntax: true,
          isolatedModules: true,
          erasableSyntaxOnly: true,
          noUnusedLocals: true,
          noUnusedParameters: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          noPropertyAccessFromIndexSignature: true,
          skipLibCheck: true,
        },
        include: ["src"],
      }),
    );
    const tsc = resolve("node_modules", compiler, "bin/tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", config]).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe("");
  });
});

test("the compilers are the versions that we say", async () => {
  const versions = await Promise.all(
    COMPILERS.map(async (compiler) => {
      const tsc = resolve("node_modules", compiler, "bin/tsc");
      return (await promisify(execFile)(process.execPath, [tsc, "--version"])).stdout;
    }),
  );
  expect(versions.map((version) => /\d+(\.\d+)?/.exec(version)?.[0])).toEqual([
    "5.9",
    "6.0",
    "7.0",
  ]);
});

describe("the example in the documentation of a function", () => {
  /** The lines between the fences, for every flow, as a file beside the flows. */
  function examples(model: Model, runtime: string): Map<string, string> {
    const { files } = emit(model, { runtime });
    const all = new Map(files);
    for (const [path, text] of files) {
      const code = /@example\n \* ```ts\n([\s\S]*?) \* ```/.exec(text)?.[1];
      if (code === undefined) continue;
      // The last line makes `files` used.
      all.set(path.replace(/\.ts$/, ".example.ts"), `${code.replace(/^ \* ?/gm, "")}void files;\n`);
    }
    return all;
  }

  test("compiles, for every public flow and for awkward ones", () => {
    for (const model of [PUBLIC_FLOWS, AWKWARD]) {
      const files = examples(model, "visionatrix-client");
      expect(files.size).toBe(2 * model.flows.length + 2);
      expect(typeErrors(files)).toEqual([]);
    }
  });

  test("does not compile when it is wrong", () => {
    const files = examples(AWKWARD, "visionatrix-client");
    const path = "flows/delete.example.ts";
    files.set(path, (files.get(path) ?? "").replace("image: file", "image: 7"));
    expect(typeErrors(files)).not.toEqual([]);
  });

  test("imports the client package by name where the runtime is relative", () => {
    const text = emit(AWKWARD, { runtime: "../../src/index.js" }).files.get("flows/delete.ts");
    expect(text).toContain(' * import { createClient } from "visionatrix-client";');
    expect(text).toContain(' * import { delete_ } from "visionatrix-client/flows/delete";');
  });
});

test("a consumer of one flow loads only that flow", () => {
  const { files } = emit(PUBLIC_FLOWS, { runtime: "visionatrix-client" });
  const text = files.get("flows/sdxl_lighting.ts") ?? "";
  const imports = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  expect(imports).toEqual(["visionatrix-client"]);
});
