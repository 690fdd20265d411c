/**
 * Runs one program, which imports the packed client by name, in every runtime that the client claims:
 * Node 20 (this one), 22 and 24, Deno and Bun. The runtimes come as npm packages into a temporary folder.
 * Run: make matrix
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startStandin } from "visionatrix-standin";

const run = promisify(execFile);

const PROGRAM = `
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";

const baseUrl = globalThis.Deno?.env.get("VIX_URL") ?? globalThis.process.env.VIX_URL;
const client = createClient({ baseUrl, auth: { username: "ann", password: "secret" }, poll: { minMs: 10 } });
const { files } = await sdxlLighting(client, { prompt: "a" }).result();
const picture = await files[0].blob();
const cutout = await removeBackgroundBirefnet(client, { input_image: picture }).result();
const bytes = await cutout.files[0].bytes();
const refused = await sdxlLighting(client, { prompt: "a", steps_number: "9" }).catch((e) => e.name);
const stop = new AbortController();
const stopped = await sdxlLighting(client, { prompt: "a" })
  .result({ signal: stop.signal, onProgress: () => stop.abort() })
  .catch((e) => e.name);
console.log(JSON.stringify([cutout.files[0].mediaType, bytes.length > 100, refused, stopped]));
`;
const EXPECTED = '["image/png",true,"InvalidParamsError","AbortError"]';

/** Names, what npm installs for them, and how to run a program. */
const RUNTIMES: [name: string, install: string[], command: (modules: string) => string[]][] = [
  ["Node 20 (this one)", [], () => [process.execPath]],
  ["Node 22", ["node@22"], (modules) => [join(modules, ".bin/node")]],
  ["Node 24", ["node@24"], (modules) => [join(modules, ".bin/node")]],
  ["Deno", ["deno"], (modules) => [join(modules, ".bin/deno"), "run", "--allow-all"]],
  ["Bun", ["bun"], (modules) => [join(modules, ".bin/bun"), "run"]],
];

const folder = await mkdtemp(join(tmpdir(), "vix-matrix-"));
const standin = await startStandin({
  auth: "ann:secret",
  speed: "instant",
  maxPictureSide: 64,
});
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
    await writeFile(join(home, "program.js"), PROGRAM);
    const [file = "", ...args] = command(join(home, "node_modules"));
    const version = (await run(file, ["--version"])).stdout.split("\n")[0] ?? "";
    const outcome = await run(file, [...args, "program.js"], {
      cwd: home,
      timeout: 60_000,
      env: { ...process.env, VIX_URL: standin.url },
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
  await rm(folder, { recursive: true, force: true });
}
