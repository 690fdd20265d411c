// Makes a picture for each line of a text file. It can be stopped and restarted: finished lines are not run
// again. Run it: npx tsx examples/batch.ts prompts.txt [folder]
import { readFile } from "node:fs/promises";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { saveFiles, stopOnSignals } from "visionatrix-client/node";

const { VIX_URL = "http://localhost:8288", VIX_USERNAME, VIX_PASSWORD = "" } = process.env;
const [list = "prompts.txt", folder = "out"] = process.argv.slice(2);

const client = createClient({
  baseUrl: VIX_URL,
  auth: VIX_USERNAME ? { username: VIX_USERNAME, password: VIX_PASSWORD } : undefined,
});
stopOnSignals(client);

const lines = (await readFile(list, "utf8")).split("\n").filter((line) => line.trim() !== "");
const waiting = lines.map((prompt, index) => ({ prompt, name: `${list}:${index + 1}` }));

/** Takes lines until none is left. Each call has one task on the server at a time. */
async function work(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { prompt, name } = next;
    try {
      // The same key and prompt mean the same run, even after a crash.
      const run = await sdxlLighting(client, { prompt }, { idempotencyKey: `${name} ${prompt}` });
      const { files } = await run.result();
      const [path] = await saveFiles(files, folder, { collision: "skip-same" });
      console.log(`${name}  ${path}`);
    } catch (error) {
      console.error(`${name}  ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}

await Promise.all([work(), work(), work(), work()]);
