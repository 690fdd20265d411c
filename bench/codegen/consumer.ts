/** The cost of importing one flow: types that the compiler creates, and bytes in the bundle. */
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

export interface ConsumerCost {
  readonly types: number;
  readonly instantiations: number;
}

/** A project that has the built client and a place for generated code. */
export function consumerProject(dir: string): string {
  rmSync(dir, { recursive: true, force: true });
  const client = join(dir, "node_modules/visionatrix-client");
  mkdirSync(client, { recursive: true });
  cpSync("package.json", join(client, "package.json"));
  cpSync("dist", join(client, "dist"), { recursive: true });
  // The client's own dependency.
  cpSync("node_modules/openapi-fetch", join(dir, "node_modules/openapi-fetch"), {
    recursive: true,
  });
  writeFileSync(join(dir, "package.json"), '{"type":"module"}');
  return dir;
}

/** Types and instantiations of a program that calls one flow, by TypeScript 5.9. */
export function typeCost(dir: string): ConsumerCost {
  writeFileSync(
    join(dir, "use.ts"),
    `import { createClient } from "visionatrix-client";
import { sdxlLighting } from "./generated/flows/sdxl_lighting.js";
const client = createClient({ baseUrl: "http://localhost:8288" });
const { files } = await sdxlLighting(client, { prompt: "a sunset", steps_number: "8 steps" }).result();
export const first = files[0];
`,
  );
  writeFileSync(
    join(dir, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        noEmit: true,
        strict: true,
        skipLibCheck: true,
        module: "nodenext",
        target: "es2022",
        lib: ["es2022", "dom", "dom.iterable", "esnext.disposable"],
        types: [],
      },
      files: ["use.ts"],
    }),
  );
  const tsc = resolve("node_modules/typescript/bin/tsc");
  const out = execFileSync(process.execPath, [tsc, "-p", dir, "--extendedDiagnostics"], {
    encoding: "utf8",
  });
  return { types: numberAfter(out, "Types"), instantiations: numberAfter(out, "Instantiations") };
}

function numberAfter(text: string, label: string): number {
  return Number(new RegExp(`^${label}:\\s+(\\d+)`, "m").exec(text)?.[1]);
}

/** Bytes (minified, gzip) of a bundle that calls the first `count` of those flows. */
export async function bundleBytes(dir: string, ids: readonly string[]): Promise<number> {
  const lines = ids.map((id, index) => `import * as f${index} from "./generated/flows/${id}.js";`);
  const calls = ids.map((_, index) => `run(Object.values(f${index})[0]);`);
  const entry = `import { createClient } from "visionatrix-client";
${lines.join("\n")}
const client = createClient({ baseUrl: location.origin });
const run = (flow) => flow(client, {});
${calls.join("\n")}`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: dir, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}
