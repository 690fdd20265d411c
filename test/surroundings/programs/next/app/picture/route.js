/** `GET /picture?prompt=…`: responds with a picture, made through the `fetch` that Next has patched. */
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { client } from "../../client.js";

export async function GET(request) {
  const prompt = new URL(request.url).searchParams.get("prompt");
  const { files } = await sdxlLighting(client(), { prompt }).result({ timeoutMs: 10_000 });
  return new Response(await files[0].stream(), { headers: { "content-type": "image/png" } });
}
