/**
 * Runs one program, which imports the packed client by name, in every runtime that the client claims:
 * Node 20 (this one), 22 and 24, Deno, Bun, and Workers (by workerd, bundled as their users do). The
 * runtimes come as npm packages into a temporary folder.
 * Run: make matrix
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { startStandin } from "visionatrix-standin";
import { sendFile, startResultServer } from "../test/support/result-server.js";

const run = promisify(execFile);

/** What runs everywhere: texts, files, a stream of unknown length, what was refused, a stop. */
const CALLS = `
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";

export async function calls(client) {
  const { files } = await sdxlLighting(client, { prompt: "a" }).result();
  const picture = await files[0].blob();
  let sent;
  const onUploadProgress = (progress) => (sent = progress);
  const cutout = await removeBackgroundBirefnet(client, { input_image: picture }, { onUploadProgress }).result();
  const known = sent.loaded === sent.total && sent.loaded > picture.size;
  const bytes = await cutout.files[0].bytes();
  const stream = new Blob([bytes]).stream().pipeThrough(new TransformStream());
  await removeBackgroundBirefnet(client, { input_image: stream }, { onUploadProgress }).result();
  const unknown = sent.total === undefined && sent.loaded > bytes.length;
  const refused = await sdxlLighting(client, { prompt: "a", steps_number: "9" }).catch((e) => e.name);
  const stop = new AbortController();
  const stopped = await sdxlLighting(client, { prompt: "a" })
    .result({ signal: stop.signal, onProgress: () => stop.abort() })
    .catch((e) => e.name);
  return [cutout.files[0].mediaType, bytes.length > 100, known, unknown, refused, stopped];
}

export const clientOf = (baseUrl) =>
  createClient({ baseUrl, auth: { username: "ann", password: "secret" }, poll: { minMs: 10 } });
`;
/** With a file system: a file from a path, and results saved, one of them large. */
const PROGRAM = `
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { fileFromPath, saveFiles } from "visionatrix-client/node";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
import { calls, clientOf } from "./calls.js";

const env = globalThis.Deno?.env.toObject() ?? globalThis.process.env;
const client = clientOf(env.VIX_URL);
const outcome = await calls(client);
const { files } = await sdxlLighting(client, { prompt: "a", count: 2 }).result();
const [path, other] = await saveFiles(files, "out", { metadata: true });
const large = (await clientOf(env.VIX_LARGE_URL).task(7).result()).files;
const [saved] = await saveFiles(large, "out");
const digest = createHash("sha256").update(await readFile(saved)).digest("hex");
const whole =
  digest === env.VIX_LARGE_SHA256 && (await readFile(path)).length === (await files[0].bytes()).length;
let sent;
const onUploadProgress = (progress) => (sent = progress);
const input_image = await fileFromPath(other);
await removeBackgroundBirefnet(client, { input_image }, { onUploadProgress }).result();
const { size } = await stat(other);
console.log(JSON.stringify([...outcome, whole, sent.loaded === sent.total && sent.loaded > size]));
`;
const WORKER = `
import { calls, clientOf } from "./calls.js";

export default {
  async test(_, { VIX_URL }) {
    console.log(JSON.stringify([...(await calls(clientOf(VIX_URL))), true, true]));
  },
};
`;
const EXPECTED = '["image/png",true,true,true,"InvalidParamsError","AbortError",true,true]';

/** How workerd runs a program: it may reach the stand-in, and nothing listens. */
const workerd = (url: string): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .program),
    (name = "internet", network = (allow = ["private", "public"])),
  ],
);
const program :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2025-09-01",
  bindings = [(name = "VIX_URL", text = ${JSON.stringify(url)})],
);
`;

/** Names, what npm installs for them, and how to run a program. */
const RUNTIMES: [name: string, install: string[], command: (modules: string) => string[]][] = [
  ["Node 20 (this one)", [], () => [process.execPath]],
  ["Node 22", ["node@22"], (modules) => [join(modules, ".bin/node")]],
  ["Node 24", ["node@24"], (modules) => [join(modules, ".bin/node")]],
  ["Deno", ["deno"], (modules) => [join(modules, ".bin/deno"), "run", "--allow-all"]],
  ["Bun", ["bun"], (modules) => [join(modules, ".bin/bun"), "run"]],
  ["Workers", ["workerd"], (modules) => [join(modules, ".bin/workerd"), "test"]],
];

/** Larger than what is written or freed at once. */
const large = Uint8Array.from({ length: 5_000_000 }, (_, index) => (index * 7919) % 251);
const folder = await mkdtemp(join(tmpdir(), "vix-matrix-"));
const standin = await startStandin({
  auth: "ann:secret",
  speed: "instant",
  maxPictureSide: 64,
});
const results = await startResultServer((asked, response) => sendFile(asked, response, large));
try {
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder]);
  const tarball = join(folder, stdout.trim());
  for (const [name, install, command] of RUNTIMES) {
    const home = join(folder, name.replace(/\W/g, "-"));
    await mkdir(home);
    await writeFile(join(home, "package.json"), '{"private":true,"type":"module"}');
    // Scripts fetch the runtimes' binaries from packages beside them.
    await run("npm", ["install", "--silent", "--foreground-scripts", tarball, ...install], {
      cwd: home,
    });
    await writeFile(join(home, "calls.js"), CALLS);
    await writeFile(join(home, "program.js"), PROGRAM);
    if (name === "Workers") {
      await build({
        stdin: { contents: WORKER, resolveDir: home },
        outfile: join(home, "worker.js"),
        bundle: true,
        format: "esm",
        target: "es2022",
        conditions: ["workerd", "worker", "browser"],
      });
      await writeFile(join(home, "config.capnp"), workerd(standin.url));
    }
    const [file = "", ...args] = command(join(home, "node_modules"));
    const version = (await run(file, ["--version"])).stdout.split("\n")[0] ?? "";
    const outcome = await run(file, [...args, name === "Workers" ? "config.capnp" : "program.js"], {
      cwd: home,
      timeout: 60_000,
      env: {
        ...process.env,
        VIX_URL: standin.url,
        VIX_LARGE_URL: results.url,
        VIX_LARGE_SHA256: createHash("sha256").update(large).digest("hex"),
      },
    }).then(
      (ended) => ended.stdout.trim(),
      (error: unknown) => String((error as { stderr?: string }).stderr ?? error),
    );
    const works = outcome === EXPECTED;
    console.log(`${works ? "works" : "FAILS"}  ${name} ${version}${works ? "" : `\n${outcome}`}`);
    if (!works) process.exitCode = 1;
  }
} finally {
  await standin.close();
  results.close();
  await rm(folder, { recursive: true, force: true });
}
