import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";

test("makes a picture", async () => {
  const client = createClient({ baseUrl: process.env.VIX_URL });
  const { files } = await sdxlLighting(client, { prompt: "a lighthouse at dawn" }).result();
  expect((await files[0].bytes()).length).toBeGreaterThan(100);
});
