import { generateImage } from "ai";
import { createVisionatrix, type ImageMetadata } from "visionatrix-ai-provider";
import { createClient } from "visionatrix-client";
import { flux1Kontext } from "visionatrix-client/flows/flux1_kontext";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";

const { VIX_URL = "http://localhost:8288", VIX_USERNAME, VIX_PASSWORD = "" } = process.env;
const auth = VIX_USERNAME ? { username: VIX_USERNAME, password: VIX_PASSWORD } : undefined;
const visionatrix = createVisionatrix({ client: createClient({ baseUrl: VIX_URL, auth }) });

export interface Picture {
  prompt: string;
  /** Data URL. */
  image: string;
  seed: number | null;
  taskId: number;
  nodeId: number;
}

/** Makes a picture, or varies the picture of an earlier task, whose bytes stay on the server. */
export async function POST(request: Request): Promise<Response> {
  const { prompt, from } = await request.json();
  const maker = visionatrix.image(sdxlLighting);
  const editor = visionatrix.image(flux1Kontext);
  try {
    const { image, providerMetadata } = await generateImage({
      prompt: String(prompt),
      // If the user leaves or stops, the task is cancelled on the server.
      abortSignal: request.signal,
      ...(from
        ? {
            model: editor,
            providerOptions: editor.options({
              input_image: { task_id: Number(from.taskId), node_id: Number(from.nodeId) },
            }),
          }
        : { model: maker, providerOptions: maker.options({ steps_number: "8 steps" }) }),
    });
    const { taskId, nodeId, seed } = providerMetadata.visionatrix?.images[0] as ImageMetadata;
    const url = `data:${image.mediaType};base64,${image.base64}`;
    return Response.json({ prompt, image: url, seed, taskId, nodeId } satisfies Picture);
  } catch (error) {
    return Response.json({ error: (error as Error).message }, { status: 502 });
  }
}
