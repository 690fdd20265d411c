/** The calls that must work with any `fetch`: a run, an upload, a refusal, a stop. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";

const { VIX_URL, VIX_USERNAME: username, VIX_PASSWORD } = process.env;

const clientWith = (fetch, password) =>
  createClient({
    baseUrl: VIX_URL,
    auth: { username, password },
    fetch,
    poll: { minMs: 5, maxMs: 50 },
    retry: { budgetMs: 5_000 },
  });

export async function calls(fetch) {
  const client = clientWith(fetch, VIX_PASSWORD);
  const { files } = await sdxlLighting(client, { prompt: "a" }).result();
  const bytes = await files[0].bytes();
  assert(bytes.length > 100, "the result came");

  // As bytes, and as a stream of unknown length.
  for (const input_image of [bytes, Readable.from([bytes])]) {
    const cutout = await removeBackgroundBirefnet(client, { input_image }).result();
    assert.equal(cutout.files[0].mediaType, "image/png");
  }

  const refused = clientWith(fetch, "wrong");
  const noEntry = { code: "not_authenticated", status: 401 };
  await assert.rejects(refused.whoami(), noEntry);
  await assert.rejects(Promise.resolve(sdxlLighting(refused, { prompt: "a" })), noEntry);

  const stop = new AbortController();
  const stopped = sdxlLighting(client, { prompt: "a" });
  const waiting = stopped.result({ signal: stop.signal, onProgress: () => stop.abort() });
  await assert.rejects(waiting, { name: "AbortError" });
}
