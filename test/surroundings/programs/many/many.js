/** Many runs at once, with uploads from disk and saved results. Run: node many.js COUNT */
import assert from "node:assert/strict";
import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
import { fileFromPath, saveFiles } from "visionatrix-client/node";

const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

const count = Number(process.argv[2]);
const { VIX_URL, VIX_USERNAME: username, VIX_PASSWORD: password } = process.env;
const client = createClient({ baseUrl: VIX_URL, auth: { username, password } });
const folder = await mkdtemp(join(tmpdir(), "vix-many-"));
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const path = join(folder, "one.png");
await writeFile(path, Buffer.from(png, "base64"));

async function once(index) {
  const run =
    index % 2
      ? removeBackgroundBirefnet(client, { input_image: await fileFromPath(path) })
      : sdxlLighting(client, { prompt: `${index}` });
  const { files } = await run.result();
  await saveFiles(files, join(folder, "out"));
}

const runs = await Promise.allSettled(Array.from({ length: count }, (_, index) => once(index)));
const failures = runs.filter(({ status }) => status === "rejected").map(({ reason }) => reason);
const said = new Set(failures.map(({ code, message }) => `${code} ${message}`.slice(0, 120)));
assert.equal(failures.length, 0, `${failures.length} failed: ${[...said].slice(0, 4).join("; ")}`);
assert.equal((await readdir(join(folder, "out"))).length, count);
assert.deepEqual(unhandled, []);
