/** A run with an upload and a download, for Node and for pages. Reports the outcome. */
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";

// Bundlers replace `process.env`.
const { env } = globalThis.process ?? {};

async function outcome() {
  const client = createClient({
    baseUrl: globalThis.VIX_URL ?? env.VIX_URL,
    auth: { username: "ann", password: "secret" },
  });
  const { files } = await sdxlLighting(client, { prompt: "a" }).result();
  const input_image = await files[0].blob();
  const cutout = await removeBackgroundBirefnet(client, { input_image }).result();
  const refused = await sdxlLighting(client, {}).catch((error) => error.name);
  return `${cutout.files[0].mediaType} ${refused}`;
}

const said = await outcome().catch((error) => `${error.name}: ${error.message}`);
console.log(said);
if (globalThis.document) globalThis.document.title = said;
