/** Uploads of every kind, and a whole run with its download, in any environment of vitest. */
import { expect, it } from "vitest";
import { VisionatrixError } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { client, hex, kinds, own, png, received, upload } from "./kinds.js";

it.each(Object.keys(kinds))("sends a %s byte for byte", async (kind) => {
  let task;
  try {
    task = await upload(await kinds[kind]());
  } catch (error) {
    if (!own.includes(kind) || !(error instanceof VisionatrixError)) throw error;
    expect(error.code, error.message).toMatch(/^invalid_/);
    return;
  }
  expect(await received(task)).toBe(hex(png()));
});

it("brings back a result", async () => {
  const run = removeBackgroundBirefnet(client, { input_image: png() });
  const { files } = await run.result({ timeoutMs: 10_000 });
  const bytes = await files[0].bytes();
  expect(Buffer.from(bytes.slice(1, 4)).toString()).toBe("PNG");
  expect(await files[0].blob()).toHaveProperty("size", bytes.length);
});
