/** `POST /cutout`: removes the background of the file in a form. */
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { client } from "../../client.js";

export async function POST(request) {
  const input_image = (await request.formData()).get("file");
  const run = removeBackgroundBirefnet(client(), { input_image });
  const { files } = await run.result({ timeoutMs: 10_000 });
  return new Response(await files[0].blob());
}
