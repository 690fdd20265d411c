/** For runtimes with a file system: a file from a path, and saved results, one of them large. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import process from "node:process";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
import { fileFromPath, saveFiles } from "visionatrix-client/node";
import { calls, clientOf } from "./calls.js";

const { VIX_URL, VIX_LARGE_URL, VIX_LARGE_SHA256 } = process.env;
const client = clientOf(VIX_URL);
const outcome = await calls(client);
const { files } = await sdxlLighting(client, { prompt: "a", count: 2 }).result();
const [path, other] = await saveFiles(files, "out", { metadata: true });
const same = (await readFile(path)).length === (await files[0].bytes()).length;
const large = (await clientOf(VIX_LARGE_URL).task(7).result()).files;
const [saved] = await saveFiles(large, "out");
const digest = createHash("sha256")
  .update(await readFile(saved))
  .digest("hex");
let sent;
const onUploadProgress = (progress) => (sent = progress);
const input_image = await fileFromPath(other);
await removeBackgroundBirefnet(client, { input_image }, { onUploadProgress }).result();
const announced = sent.loaded === sent.total && sent.loaded > (await stat(other)).size;
console.log(JSON.stringify([...outcome, same && digest === VIX_LARGE_SHA256, announced]));
