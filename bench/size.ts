/**
 * The bytes that the client adds to a page: programs that use the built package, each bundled by esbuild into
 * one file, minified, gzip -9. The limits in package.json keep the current sizes from growing; the goal is
 * 22,000 for a text flow and 30,000 for a flow with a file.
 * Run: npm run build && npx tsx bench/size.ts [--text BYTES] [--file BYTES] [--further BYTES]
 */
import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build, type BuildOptions, type Metafile } from "esbuild";

const FLOWS = "dist/generated/flows";
const FILE_PROGRAM = "bench/size/file.ts";

interface Bundle {
  /** Bytes of the file, gzipped. */
  bytes: number;
  /** Modules in it, with their bytes minified. */
  modules: Metafile["outputs"][string]["inputs"];
}

async function bundle(entry: Pick<BuildOptions, "entryPoints" | "stdin">): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...entry,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    // Ignores the repository's own paths, which lead to the sources: the build is measured.
    tsconfigRaw: {},
    write: false,
    metafile: true,
  });
  return {
    bytes: gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length,
    modules: Object.values(metafile.outputs)[0]?.inputs ?? {},
  };
}

/** Bytes that a flow adds to a program that already runs another flow with a file. */
async function further(flow: string, base: number): Promise<number> {
  const program = readFileSync(FILE_PROGRAM, "utf8");
  const contents = `${program}export * from "visionatrix-client/flows/${flow}";`;
  const { bytes } = await bundle({ stdin: { contents, loader: "ts", resolveDir: "." } });
  return bytes - base;
}

const text = await bundle({ entryPoints: ["bench/size/text.ts"] });
const file = await bundle({ entryPoints: [FILE_PROGRAM] });
const flows = readdirSync(FLOWS)
  .filter((name) => name.endsWith(".js"))
  .map((name) => name.slice(0, -".js".length))
  // Adding the program's own flow again would add nothing.
  .filter((flow) => !Object.keys(file.modules).includes(`${FLOWS}/${flow}.js`));
const added: { flow: string; bytes: number }[] = [];
for (const flow of flows) added.push({ flow, bytes: await further(flow, file.bytes) });
added.sort((a, b) => b.bytes - a.bytes);
const worst = added[0] ?? { flow: "none", bytes: 0 };
const mean = Math.round(added.reduce((sum, { bytes }) => sum + bytes, 0) / added.length);

const { values: limits } = parseArgs({
  options: { text: { type: "string" }, file: { type: "string" }, further: { type: "string" } },
});
const rows: [label: string, bytes: number, limit: string | undefined][] = [
  ["a text flow, to its picture", text.bytes, limits.text],
  ["a flow with a file, to its picture", file.bytes, limits.file],
  [`each further flow, the worst of ${added.length} (${worst.flow})`, worst.bytes, limits.further],
  ["each further flow, mean", mean, undefined],
];
console.log("gzip -9, bytes");
for (const [label, bytes, limit = Infinity] of rows) {
  const over = bytes > Number(limit);
  if (over) process.exitCode = 1;
  const note = limit === Infinity ? "" : `   ${over ? "OVER THE LIMIT of" : "limit"} ${limit}`;
  console.log(`${label.padEnd(70)}${String(bytes).padStart(8)}${note}`);
}

console.log("\nthe ten largest modules of a flow with a file: bytes minified");
const largest = Object.entries(file.modules)
  .map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput }))
  .sort((a, b) => b.bytes - a.bytes)
  .slice(0, 10);
for (const { path, bytes } of largest) {
  const note = path in text.modules ? "" : "   (not in a text flow)";
  console.log(`${path.padEnd(70)}${String(bytes).padStart(8)}${note}`);
}
