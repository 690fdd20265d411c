/** Typical use of the packages; compiled by many compilers, and run. */
import { createClient, type ClientOptions, type Progress } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { supirUpscaler } from "visionatrix-client/flows/supir_upscaler";
import { fileFromPath, saveFiles } from "visionatrix-client/node";

const options: ClientOptions = { baseUrl: "http://127.0.0.1:1", fetch: globalThis.fetch };

export async function pictures(path: string): Promise<string[]> {
  const client = createClient(options);
  const onProgress = (progress: Progress): void => console.log(progress.percent.toFixed());
  const run = await removeBackgroundBirefnet(client, { input_image: await fileFromPath(path) });
  const { files } = await run.result({ onProgress, timeoutMs: 1_000 });
  await supirUpscaler(client, { image_to_upscale: files[0]!.reference() });
  // @ts-expect-error: not a choice
  await sdxlLighting(client, { prompt: "a", steps_number: "9 steps" });
  // @ts-expect-error: prompt is required
  await sdxlLighting(client, {});
  return saveFiles(files, "out");
}

console.log(sdxlLighting.id, typeof saveFiles, createClient(options).baseUrl);
