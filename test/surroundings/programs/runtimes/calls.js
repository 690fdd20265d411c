/** The calls for every runtime: texts, files, a stream of unknown length, a refusal, a stop. */
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";

export async function calls(client) {
  const { files } = await sdxlLighting(client, { prompt: "a" }).result();
  const picture = await files[0].blob();
  let sent;
  const options = { onUploadProgress: (progress) => (sent = progress) };
  const cutout = await removeBackgroundBirefnet(client, { input_image: picture }, options).result();
  const known = sent.loaded === sent.total && sent.loaded > picture.size;
  const bytes = await cutout.files[0].bytes();
  const stream = new Blob([bytes]).stream().pipeThrough(new TransformStream());
  await removeBackgroundBirefnet(client, { input_image: stream }, options).result();
  const unknown = sent.total === undefined && sent.loaded > bytes.length;
  const wrong = { prompt: "a", steps_number: "9" };
  const refused = await sdxlLighting(client, wrong).catch((error) => error.name);
  const stop = new AbortController();
  const stopped = await sdxlLighting(client, { prompt: "a" })
    .result({ signal: stop.signal, onProgress: () => stop.abort() })
    .catch((error) => error.name);
  return [cutout.files[0].mediaType, bytes.length > 100, known, unknown, refused, stopped];
}

export const clientOf = (baseUrl) =>
  createClient({
    baseUrl,
    auth: { username: "ann", password: "secret" },
    poll: { minMs: 10 },
  });
