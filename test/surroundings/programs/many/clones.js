/** A thousand runs with a layer that clones every response and forgets the clone: nothing leaks. */
import assert from "node:assert/strict";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";

const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

const { VIX_URL, VIX_USERNAME: username, VIX_PASSWORD: password } = process.env;
const client = createClient({
  baseUrl: VIX_URL,
  auth: { username, password },
  poll: { minMs: 5, maxMs: 50 },
  fetch: async (...args) => {
    const answer = await fetch(...args);
    answer.clone();
    return answer;
  },
});

async function runs(count) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) {
      const { files } = await sdxlLighting(client, { prompt: "a" }).result();
      await files[0].bytes();
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  globalThis.gc();
  return process.memoryUsage();
}

const warm = await runs(200);
const after = await runs(800);
const grown = (after.heapUsed + after.external - warm.heapUsed - warm.external) / 1e6;
assert(grown < 20, `the memory grew by ${grown.toFixed(1)} MB in 800 runs`);
assert.deepEqual(unhandled, []);
