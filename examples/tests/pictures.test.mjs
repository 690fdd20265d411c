// Tests of an application with the stand-in, which needs no GPU and can simulate failures.
// Needs: npm install --save-dev visionatrix-standin. Run: node --test examples/tests/pictures.test.mjs
import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { startStandin } from "visionatrix-standin";

const vix = await startStandin({ speed: "instant" });
let client;
// A client remembers the task ids that it has seen, but after a reset ids start at 1 again.
beforeEach(() => (client = createClient({ baseUrl: vix.url })));
afterEach(async () => {
  await client.close();
  await vix.reset();
});
after(() => vix.close());

/** Replaces the application. */
async function picture(prompt) {
  const { files } = await sdxlLighting(client, { prompt }).result();
  return files[0].bytes();
}

test("gives a picture", async () => {
  assert.equal(Buffer.from(await picture("a cat")).toString("latin1", 1, 4), "PNG");
});

test("makes one picture, although the answer to its request is lost", async () => {
  vix.addFaults({ on: "create", nth: 1, do: "reset-after-accept" });
  await picture("a cat");
  assert.equal(vix.requests.filter(({ endpoint }) => endpoint === "create").length, 1);
});

test("says why a picture failed", async () => {
  vix.addFaults({ do: "fail", error: "CUDA out of memory", nth: 1 });
  await assert.rejects(picture("a cat"), /CUDA out of memory/);
});
