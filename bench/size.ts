/**
 * What a browser loads for a program that runs one text flow and reads its picture, openapi-fetch
 * included: the built package, as bundlers split it, each file minified and gzipped.
 * Run: npm run build && npx tsx bench/size.ts [--limit BYTES]
 */
import { gzipSync } from "node:zlib";
import { build as esbuild } from "esbuild";
import { rolldown } from "rolldown";

const PROGRAM = "bench/size/program.ts";

/** Loaded while the parameters are checked, and when a file is read. */
const EVERY_RUN = ["src/later/run.js", "src/download.js"];

/** One file that a bundler wrote. */
interface Chunk {
  code: string | Uint8Array;
  /** Files that are loaded with it. */
  imports: readonly string[];
  /** The module that an `import()` loads by it; the program for the first. */
  entry: string | undefined;
}

type Chunks = ReadonlyMap<string, Chunk>;

async function byRolldown(): Promise<Chunks> {
  const bundle = await rolldown({ input: PROGRAM, platform: "browser", tsconfig: false });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  const chunks = output.filter((file) => file.type === "chunk");
  return new Map(
    chunks.map(({ fileName, code, imports, facadeModuleId }) => [
      fileName,
      { code, imports, entry: facadeModuleId ?? undefined },
    ]),
  );
}

async function byEsbuild(splitting: boolean): Promise<Chunks> {
  const { outputFiles, metafile } = await esbuild({
    entryPoints: [PROGRAM],
    bundle: true,
    minify: true,
    splitting,
    format: "esm",
    platform: "browser",
    target: "es2022",
    // Not the sources, which the repository's own paths lead to.
    tsconfigRaw: {},
    outdir: ".",
    write: false,
    metafile: true,
  });
  return new Map(
    Object.entries(metafile.outputs).map(([name, { imports, entryPoint }]) => [
      name,
      {
        code: outputFiles.find(({ path }) => path.endsWith(`/${name}`))?.contents ?? "",
        imports: imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path),
        entry: entryPoint,
      },
    ]),
  );
}

/** Bytes of what is loaded with some entries, each file gzipped by itself, and how many files that are. */
function loadedWith(chunks: Chunks, entries: readonly string[]): { bytes: number; files: number } {
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    chunks.get(name)?.imports.forEach(load);
  };
  for (const entry of entries) {
    const found = [...chunks].find(([, chunk]) => chunk.entry?.endsWith(entry));
    if (!found) throw new Error(`The bundler made no file of ${entry}`);
    load(found[0]);
  }
  const sizes = [...loaded].map(
    (name) => gzipSync(chunks.get(name)?.code ?? "", { level: 9 }).length,
  );
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length };
}

const bundlers: [string, Chunks][] = [
  ["rolldown (Vite)", await byRolldown()],
  ["esbuild", await byEsbuild(true)],
];
console.log(`${"".padEnd(58)}${bundlers.map(([name]) => name.padStart(20)).join("")}`);
const rows: [string, string[]][] = [
  ["loaded by the page, openapi-fetch (about 2,600) included", [PROGRAM]],
  ["with what comes in the course of a run that goes well", [PROGRAM, ...EVERY_RUN]],
];
for (const [label, entries] of rows) {
  const cells = bundlers.map(([, chunks]) => {
    const { bytes, files } = loadedWith(chunks, entries);
    return `${bytes} in ${files} files`.padStart(20);
  });
  console.log(label.padEnd(58) + cells.join(""));
}
const { bytes: whole } = loadedWith(await byEsbuild(false), [PROGRAM]);
console.log(`all that may ever be needed, by esbuild in one file: ${whole}`);
console.log("for comparison, in one file: replicate 7,200, fal 21,100");

const limitAt = process.argv.indexOf("--limit");
const limit = limitAt < 0 ? Infinity : Number(process.argv[limitAt + 1]);
const [[, chunks]] = bundlers as [[string, Chunks]];
const { bytes } = loadedWith(chunks, [PROGRAM]);
if (bytes > limit) {
  console.error(`The page loads ${bytes} bytes, more than the limit of ${limit}.`);
  process.exitCode = 1;
}
