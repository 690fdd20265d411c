// Runs two flows, one after the other; the picture between them stays on the server.
// Run it: npx tsx examples/chain.ts "your prompt" [folder]
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { saveFiles, stopOnSignals } from "visionatrix-client/node";

const { VIX_URL = "http://localhost:8288", VIX_USERNAME, VIX_PASSWORD = "" } = process.env;
const [prompt = "a red bicycle", folder = "out"] = process.argv.slice(2);

const client = createClient({
  baseUrl: VIX_URL,
  auth: VIX_USERNAME ? { username: VIX_USERNAME, password: VIX_PASSWORD } : undefined,
});
stopOnSignals(client);

const drawn = await sdxlLighting(client, { prompt }).result();
const cutouts = await Promise.all(
  drawn.files.map((file) =>
    removeBackgroundBirefnet(client, { input_image: file.reference() }).result(),
  ),
);
const files = cutouts.flatMap((cutout) => cutout.files);
for (const path of await saveFiles(files, folder)) console.log(path);
