/**
 * Uploads and downloads of 1,000 MB each, compared with Node's plain ways to send and save a file in the same
 * run, on this Node and on 22 and 24. The time of `curl -o` is shown beside them. Buffers are counted above
 * those of a run without bytes.
 *
 * npx tsx bench/bytes.ts [--megabytes 1000] [--nodes 20,22,24] [--rounds 5]
 */
import { execFile, fork } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { build } from "esbuild";
import { startSink } from "./bytes/start-sink.js";
import { median } from "./median.js";

interface Measured {
  ms: number;
  peak: number;
  version: string;
}

const run = promisify(execFile);
const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "1000" },
    nodes: { type: "string", default: "20,22,24" },
    rounds: { type: "string", default: "5" },
  },
});
const MB = 1_000_000;
const size = Number(values.megabytes) * MB;
const ROUNDS = Number(values.rounds);
/** Limit for the buffers above those of a run of one byte, in MB. */
const MOST_MB = 64;
const folder = await mkdtemp(join(tmpdir(), "vix-bench-"));
const program = join(folder, "work.js");

/** What is measured, its baseline, and the least speed as a share of the baseline's. */
const KINDS: Readonly<
  Record<
    "upload" | "stream" | "default" | "download" | "fetched",
    { what: string; peer?: "default" | "fetched"; least: number }
  >
> = {
  upload: { what: "upload of a path", peer: "default", least: 1.5 },
  stream: { what: "upload of a stream", peer: "default", least: 0 },
  default: { what: "fetch, FormData", least: 0 },
  download: { what: "download", peer: "fetched", least: 0.9 },
  fetched: { what: "fetch, to a file", least: 0 },
};

const medianOf = (list: readonly Measured[]): number => median(list.map(({ ms }) => ms));

/** Bundles the program as its user would. A TypeScript loader would slow down garbage collection. */
async function bundle(): Promise<void> {
  await build({
    entryPoints: ["bench/bytes/work.ts"],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    tsconfig: "examples/tsconfig.json",
  });
}

async function makeFile(name: string, bytes: number): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, "w");
  const block = Buffer.alloc(MB, 7);
  for (let left = bytes; left > 0; left -= MB) await file.write(block, 0, Math.min(MB, left));
  await file.close();
  return path;
}

/** Node of a major version: this one, or from npm. */
async function nodeOf(major: string): Promise<string | undefined> {
  if (process.version.startsWith(`v${major}.`)) return process.execPath;
  const prefix = join(folder, `node${major}`);
  try {
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefix", prefix, `node@${major}`]);
    return join(prefix, "node_modules", "node", "bin", "node");
  } catch (error) {
    console.log(
      `Node ${major} cannot be installed, and is left out: ${(error as Error).message.split("\n")[0]}`,
    );
    return undefined;
  }
}

/**
 * Brings the machine into the same state before each download. Earlier data may still be on its way to the
 * disk. A virtual machine returns freed memory to its host, which can make the next writer three times as
 * slow; here, a file of the same size takes that cost.
 */
async function settle(written: string[]): Promise<void> {
  for (const path of written) await rm(path, { recursive: true, force: true });
  await run("sync");
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const scratch = join(folder, "scratch");
  // In blocks as small as curl's: the system takes memory for larger ones from elsewhere.
  const count = Math.ceil((size * 1.3) / 16_384);
  await run("dd", ["if=/dev/zero", `of=${scratch}`, "bs=16384", `count=${count}`]);
  await rm(scratch);
}

function work(node: string, what: string, url: string, path: string): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [what, url, path], { execPath: node, execArgv: [] });
    child.on("message", (message) => resolve(message as Measured));
    child.on("exit", (code) => {
      if (code) reject(new Error(`${what} on ${node} ended with ${code}`));
    });
  });
}

interface Row {
  node: string;
  what: string;
  peakMB: string;
  ms: string;
  ratio: string;
  asked: string;
  held: boolean;
}

async function measure(node: string, rows: Row[]): Promise<void> {
  const [large, none] = [await startSink(size), await startSink(1)];
  const [file, tiny] = [await makeFile("large.mp4", size), await makeFile("tiny.mp4", 1)];
  const out = join(folder, "out");
  const target = join(folder, "curl.out");
  try {
    const sent: Record<keyof typeof KINDS, Measured[]> = {
      upload: [],
      stream: [],
      default: [],
      download: [],
      fetched: [],
    };
    const curl: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // In turns, so that other load on the machine affects all equally.
      for (const what of ["default", "upload", "stream"] as const)
        sent[what].push(await work(node, what, large.url, file));
      const byCurl = async (): Promise<void> => {
        await prepare();
        const start = performance.now();
        await run("curl", ["-s", "-o", target, `${large.url}/vapi/tasks/results?task_id=1`]);
        curl.push(performance.now() - start);
      };
      const byUs = async (): Promise<void> => {
        await prepare();
        sent.download.push(await work(node, "download", large.url, out));
      };
      const byFetch = async (): Promise<void> => {
        await prepare();
        sent.fetched.push(await work(node, "fetched", large.url, target));
      };
      const prepare = (): Promise<void> => settle([out, target]);
      const downloads = [byCurl, byUs, byFetch];
      for (const download of round % 2 ? downloads : downloads.reverse()) await download();
    }
    const peers = { default: medianOf(sent.default), fetched: medianOf(sent.fetched) };
    for (const [kind, list] of Object.entries(sent)) {
      const { what, peer, least } = KINDS[kind as keyof typeof KINDS];
      const [first] = list;
      const path = { download: out, fetched: target }[kind] ?? tiny;
      const empty = await work(node, kind, none.url, path);
      const peak = (Math.max(...list.map((one) => one.peak)) - empty.peak) / MB;
      const ms = medianOf(list);
      const ratio = peer ? peers[peer] / ms : 1;
      rows.push({
        node: first?.version ?? "",
        what,
        peakMB: peak.toFixed(0),
        ms: ms.toFixed(0),
        ratio: peer ? `${ratio.toFixed(2)} × ${KINDS[peer].what}` : "1",
        asked: peer ? `≤ ${MOST_MB} MB${least ? `, ≥ ${least} ×` : ""}` : "",
        held: !peer || (peak <= MOST_MB && ratio >= least),
      });
    }
    rows.push({
      node: "",
      what: "curl -o",
      peakMB: "",
      ms: median(curl).toFixed(0),
      ratio: "",
      asked: "",
      held: true,
    });
  } finally {
    large.stop();
    none.stop();
  }
}

try {
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await bundle();
  const rows: Row[] = [];
  for (const major of values.nodes.split(",")) {
    const node = await nodeOf(major);
    if (node) await measure(node, rows);
  }
  console.log(
    `${size / MB} MB, medians of ${ROUNDS} rounds; buffers over those of a run of one byte`,
  );
  console.table(rows);
  if (rows.some(({ held }) => !held)) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
