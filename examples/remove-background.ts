// Removes the background of a picture. Run it: npx tsx examples/remove-background.ts photo.jpg [folder]
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { fileFromPath, saveFiles, stopOnSignals } from "visionatrix-client/node";

const { VIX_URL = "http://localhost:8288", VIX_USERNAME, VIX_PASSWORD = "" } = process.env;
const [picture = "image.jpg", folder = "out"] = process.argv.slice(2);

try {
  const client = createClient({
    baseUrl: VIX_URL,
    auth: VIX_USERNAME ? { username: VIX_USERNAME, password: VIX_PASSWORD } : undefined,
  });
  stopOnSignals(client);
  const run = await removeBackgroundBirefnet(client, { input_image: await fileFromPath(picture) });
  const { files } = await run.result({
    onProgress: ({ percent, state }) => console.log(`${percent.toFixed(0)} % ${state}`),
  });
  const paths = await saveFiles(files, folder);
  files.forEach((file, index) => console.log(`${paths[index]}  ${file.size} bytes`));
  for (const { id } of run.tasks) console.log(`task ${id}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
