/**
 * What a browser loads to run one text flow to its result: minified, gzipped, openapi-fetch included.
 * Modules behind `import()` load when something rare happens: an error, a stop, a file to send.
 * Run: npx tsx bench/size.ts [--limit BYTES]
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

const rare: Plugin = {
  name: "rare",
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
};

/** Size of the program in one file, with or without what is loaded when needed. */
async function bundle(plugins: Plugin[]): Promise<{ gzip: number; modules: [string, number][] }> {
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
    modules: Object.entries(output.inputs)
      .map(([name, { bytesInOutput }]): [string, number] => [name, bytesInOutput])
      .filter(([, bytes]) => bytes > 0)
      .sort((a, b) => b[1] - a[1]),
  };
}

const loaded = await bundle([rare]);
const all = await bundle([]);
console.log("minified bytes of the modules that a run which goes well loads:");
for (const [name, bytes] of loaded.modules) console.log(String(bytes).padStart(7), name);
console.log(`
one text flow to its result   ${loaded.gzip} bytes min+gzip
with all that may be needed   ${all.gzip}
for comparison                replicate 7,200; openapi-fetch alone 2,600`);

const limitAt = process.argv.indexOf("--limit");
const limit = limitAt < 0 ? Infinity : Number(process.argv[limitAt + 1]);
if (loaded.gzip > limit) {
  console.error(`That is more than the limit of ${limit} bytes.`);
  process.exitCode = 1;
}
