// Makes a picture from a prompt. Run it: npx tsx examples/sdxl-lighting.ts "your prompt" [folder]
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { saveFiles, stopOnSignals } from "visionatrix-client/node";

const { VIX_URL = "http://localhost:8288", VIX_USERNAME, VIX_PASSWORD = "" } = process.env;
const [prompt = "a beautiful sunset over the mountains", folder = "out"] = process.argv.slice(2);

try {
  const client = createClient({
    baseUrl: VIX_URL,
    auth: VIX_USERNAME ? { username: VIX_USERNAME, password: VIX_PASSWORD } : undefined,
  });
  stopOnSignals(client);
  const run = await sdxlLighting(client, { prompt, steps_number: "8 steps" });
  const { files } = await run.result({
    onProgress: ({ percent, state }) => console.log(`${percent.toFixed(0)} % ${state}`),
  });
  const paths = await saveFiles(files, folder);
  files.forEach((file, index) => console.log(`${paths[index]}  ${file.size} bytes`));
  for (const { id, seed } of run.tasks) console.log(`task ${id}, seed ${seed}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
