/**
 * What a browser loads to run one text flow to its result: minified, gzipped, openapi-fetch included.
 * Of the modules behind `import()` some come in the course of every run, most only when something rare
 * happens: an error, a stop, a file to send.
 * Run: npx tsx bench/size.ts [--limits FIRST,RUN]
 */
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

const PROGRAM = `
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
const client = createClient({ baseUrl: "http://localhost:8288", auth: { username: "a", password: "b" } });
const { files } = await sdxlLighting(client, { prompt: "a sunset" }).result();
document.body.append(files[0].name, URL.createObjectURL(await files[0].blob()));
`;

/** Loaded while the parameters are checked, and when a result is read. */
const EVERY_RUN = ["./adopt.js", "./run-result.js", "./download.js"];

/** Leaves out what is behind `import()`, save the modules named. */
function without(loaded: readonly string[]): Plugin {
  return {
    name: "without",
    setup(build) {
      build.onResolve({ filter: /./ }, ({ kind, path }) =>
        kind === "dynamic-import" && !loaded.includes(path) ? { path, external: true } : undefined,
      );
    },
  };
}

/** Size of the program in one file, with or without what is loaded when needed. */
async function bundle(plugins: Plugin[]): Promise<{ gzip: number; modules: Map<string, number> }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: PROGRAM, resolveDir: process.cwd(), sourcefile: "program.ts", loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    plugins,
  });
  const [file] = outputFiles;
  const [output] = Object.values(metafile.outputs);
  if (!file || !output) throw new Error("esbuild wrote nothing");
  return {
    gzip: gzipSync(file.contents, { level: 9 }).length,
    modules: new Map(
      Object.entries(output.inputs)
        .map(([name, { bytesInOutput }]): [string, number] => [name, bytesInOutput])
        .filter(([, bytes]) => bytes > 0)
        .sort((a, b) => b[1] - a[1]),
    ),
  };
}

const first = await bundle([without([])]);
const run = await bundle([without(EVERY_RUN)]);
const all = await bundle([]);
console.log("minified bytes of the modules that a run which goes well loads:");
for (const [name, bytes] of run.modules)
  console.log(String(bytes).padStart(7), name, first.modules.has(name) ? "" : "(later)");
console.log(`
bytes min+gzip of a program that runs one text flow and reads its picture:
${String(first.gzip).padStart(7)} loaded by the page, openapi-fetch (2,600) included
${String(run.gzip).padStart(7)} with what comes in the course of a run that goes well
${String(all.gzip).padStart(7)} with all that may ever be needed, as one file
   7200 replicate, for comparison`);

const limitAt = process.argv.indexOf("--limits");
const limits = limitAt < 0 ? [] : (process.argv[limitAt + 1] ?? "").split(",").map(Number);
[first, run].forEach(({ gzip }, index) => {
  const limit = limits[index] ?? Infinity;
  if (gzip <= limit) return;
  console.error(`${gzip} bytes are more than the limit of ${limit}.`);
  process.exitCode = 1;
});
