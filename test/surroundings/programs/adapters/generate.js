// A program with the AI SDK, using only what is in the packages.
import assert from "node:assert/strict";
import { generateImage } from "ai";
import { createVisionatrix } from "visionatrix-ai-provider";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";

const { VIX_URL: baseUrl, VIX_USERNAME: username, VIX_PASSWORD: password } = process.env;
const client = createClient({ baseUrl, auth: { username, password } });
const { images, warnings, providerMetadata } = await generateImage({
  model: createVisionatrix({ client }).image(sdxlLighting),
  prompt: "a lighthouse at dawn",
  n: 2,
  seed: 7,
});
assert.deepEqual(
  images.map(({ mediaType }) => mediaType),
  ["image/png", "image/png"],
);
assert.deepEqual(warnings, []);
assert.deepEqual(
  providerMetadata.visionatrix.images.map(({ seed }) => seed),
  [7, 8],
);
