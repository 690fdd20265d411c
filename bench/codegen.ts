/**
 * The generator compared with its peers: whole processes, the same document, in one run.
 *
 *   npx tsx bench/codegen.ts [--sizes 52,520,2600] [--peers hey-api,orval] [--limit SECONDS] [--keep DIR]
 *
 * Peers are installed into a temporary folder (kept with --keep). Those that need Node 22 get it as a
 * package, and are compared with us on the same Node. A peer that takes longer than the limit (900 s) is
 * stopped. `--peers none` measures only us. Exits with 1 if a target is missed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundleBytes, consumerProject, typeCost } from "./codegen/consumer.js";
import { describe, manyFlows, withOneChange } from "./codegen/documents.js";
import { fastest, type Failed, type Measured } from "./codegen/measure.js";
import { install, nodeOf, peerFolder, PEERS } from "./codegen/peers.js";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "52,520,2600" },
    peers: { type: "string", default: "all" },
    limit: { type: "string", default: "900" },
    keep: { type: "string" },
  },
});
const sizes = values.sizes.split(",").map(Number);
const timeoutMs = Number(values.limit) * 1_000;
const root =
  values.keep === undefined ? mkdtempSync(join(tmpdir(), "vix-bench-")) : resolve(values.keep);
const BIN = resolve("codegen/bin/vix-codegen.js");
const peers = PEERS.filter(
  ({ name }) =>
    values.peers === "all" || values.peers.split(",").some((part) => name.startsWith(part)),
);

type Result = Measured | Failed;
const results = new Map<string, Map<number, Result>>();
const missed: string[] = [];

function keep(row: string, size: number, result: Result): void {
  const cells = results.get(row) ?? new Map<number, Result>();
  results.set(row, cells.set(size, result));
}

/** Our row to compare a peer with: on the same Node. */
function everythingNew(node?: 22): string {
  return node === undefined ? "everything new" : `everything new, Node ${node}`;
}

/** Fewer runs if one takes long. */
function times(size: number): number {
  return size <= 52 ? 3 : size <= 520 ? 2 : 1;
}

async function measureOurs(size: number): Promise<void> {
  const model = manyFlows(size);
  const dir = join(root, `ours-${size}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "flows.json"), describe(model));
  const command = (name: string): string[] => [
    BIN,
    name,
    "--spec",
    "flows.json",
    "--out",
    "generated",
  ];
  const clean = (): void => rmSync(join(dir, "generated"), { recursive: true, force: true });
  const run = { node: process.execPath, cwd: dir, timeoutMs };
  keep(
    everythingNew(),
    size,
    await fastest(times(size), { ...run, args: command("generate"), prepare: clean }),
  );
  keep("nothing changed: generate", size, await fastest(3, { ...run, args: command("generate") }));
  keep("nothing changed: check", size, await fastest(3, { ...run, args: command("check") }));
  for (const node of new Set(peers.map((peer) => peer.node)))
    if (node !== undefined)
      keep(
        everythingNew(node),
        size,
        await fastest(times(size), {
          ...run,
          node: nodeOf(node, root),
          args: command("generate"),
          prepare: clean,
        }),
      );
  const versions = [describe(withOneChange(model)), describe(model)];
  let turn = 0;
  const edit = (): void => writeFileSync(join(dir, "flows.json"), versions[turn++ % 2] ?? "");
  keep(
    "one flow changed",
    size,
    await fastest(3, { ...run, args: command("generate"), prepare: edit }),
  );
}

async function measurePeers(size: number): Promise<void> {
  for (const peer of peers) {
    const bin = install(peer, root);
    const dir = peerFolder(peer, root);
    const out = join(dir, `out-${size}`);
    writeFileSync(join(dir, `flows-${size}.json`), describe(manyFlows(size)));
    const { args, files = {} } = peer.args(join(dir, `flows-${size}.json`), out);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    const prepare = (): void => rmSync(out, { recursive: true, force: true });
    const result = await fastest(times(size), {
      node: nodeOf(peer.node, root),
      args: [bin, ...args],
      cwd: dir,
      timeoutMs,
      prepare,
    });
    keep(peer.name, size, result);
    prepare();
  }
}

function seconds(row: string, size: number): number | undefined {
  const result = results.get(row)?.get(size);
  return result !== undefined && "seconds" in result ? result.seconds : undefined;
}

function printTable(): void {
  const width = Math.max(...[...results.keys()].map((row) => row.length));
  console.log(
    `\n${"".padEnd(width)}  ${sizes.map((size) => `${size} flows`.padStart(28)).join("")}`,
  );
  for (const [row, cells] of results) {
    const texts = sizes.map((size) => cell(row, size, cells.get(size)).padStart(28));
    console.log(`${row.padEnd(width)}  ${texts.join("")}`);
  }
  console.log("(seconds on the wall, peak MB, ours ÷ theirs)");
}

function cell(row: string, size: number, result: Result | undefined): string {
  if (result === undefined) return "–";
  const theirs = "failure" in result ? result.overSeconds : result.seconds;
  const peer = PEERS.find(({ name }) => name === row);
  const ours = seconds(everythingNew(peer?.node), size);
  const ratio =
    peer && ours !== undefined && theirs !== undefined
      ? `  ${"failure" in result ? "<" : ""}${(ours / theirs).toPrecision(2)}×`
      : "";
  if ("failure" in result) return `${result.failure.slice(0, 18)}${ratio}`;
  return `${result.seconds.toFixed(2)} s ${result.megabytes.toFixed(0)} MB${ratio}`;
}

function expectAtMost(what: string, found: number | undefined, limit: number | undefined): void {
  if (found === undefined || limit === undefined) return;
  const holds = found <= limit;
  console.log(
    `${holds ? "held  " : "MISSED"}  ${what}: ${found.toFixed(2)} (at most ${limit.toFixed(2)})`,
  );
  if (!holds) missed.push(what);
}

/** A limit as a share of a peer's time, because machines differ in speed. */
function expectShare(row: string, size: number, share: number, peer: string): void {
  const theirs = seconds(peer, size);
  expectAtMost(
    `${row}, ${size} flows, seconds, against ${share} of ${peer}`,
    seconds(row, size),
    theirs === undefined ? undefined : share * theirs,
  );
}

function checkTimes(): void {
  const memory = (size: number): number | undefined => {
    const result = results.get("everything new")?.get(size);
    return result !== undefined && "megabytes" in result ? result.megabytes : undefined;
  };
  expectShare("everything new", 52, 0.6, "hey-api 0.95");
  expectShare("nothing changed: generate", 52, 0.27, "hey-api 0.95");
  expectShare("nothing changed: check", 52, 0.27, "hey-api 0.95");
  expectShare("one flow changed", 52, 0.6, "hey-api 0.95");
  expectShare("everything new", 520, 0.8, "orval 7.21");
  expectShare("everything new", 2600, 0.5, "orval 7.21");
  expectAtMost("52 new, peak MB", memory(52), 300);
  expectAtMost("2,600 new, peak MB", memory(2600), 1_024);
}

async function checkConsumer(): Promise<void> {
  const { generate } = await import("../codegen/src/commands/generate.js");
  const dir = consumerProject(join(root, "consumer"));
  const out = join(dir, "generated");
  for (const size of sizes.filter((each) => each === 52 || each === 2600)) {
    await generate({ model: manyFlows(size), out, runtime: "visionatrix-client" });
    const { types, instantiations } = typeCost(dir);
    expectAtMost(`consumer of one of ${size} flows, types`, types, 470);
    expectAtMost(`consumer of one of ${size} flows, instantiations`, instantiations, 300);
  }
  const ids = manyFlows(52).flows.map(({ id }) => id);
  const one = await bundleBytes(dir, ids.slice(0, 1));
  const all = await bundleBytes(dir, ids);
  expectAtMost(
    "each further flow in a bundle, KB gzip",
    (all - one) / (ids.length - 1) / 1_000,
    0.4,
  );
}

try {
  for (const size of sizes) {
    console.error(`measuring ${size} flows …`);
    await measureOurs(size);
    await measurePeers(size);
  }
  printTable();
  console.log("");
  checkTimes();
  await checkConsumer();
  if (missed.length > 0) process.exitCode = 1;
} finally {
  if (values.keep === undefined) rmSync(root, { recursive: true, force: true });
}
