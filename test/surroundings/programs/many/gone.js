/**
 * The client's files vanish while it runs, as after a deploy: calls still work, and errors are still clear.
 */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createClient, VisionatrixError } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";

const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));
rmSync("node_modules/visionatrix-client/dist", { recursive: true });

const { VIX_URL, VIX_USERNAME: username, VIX_PASSWORD: password } = process.env;
const retry = { budgetMs: 3_000 };
const client = createClient({ baseUrl: VIX_URL, auth: { username, password }, retry });
const stranger = createClient({ baseUrl: VIX_URL, auth: { username, password: "x" }, retry });
const nobody = createClient({ baseUrl: "http://127.0.0.1:1", retry });
const codeOf = async (call) => {
  const late = new Promise((resolve) => setTimeout(resolve, 8_000, "no end").unref());
  const code = call().then(
    () => "fine",
    (error) => (error instanceof VisionatrixError ? error.code : `raw ${error.code ?? error}`),
  );
  return Promise.race([code, late]);
};
const picture = () => sdxlLighting(client, { prompt: "a" }).result();
const wrong = [];
const check = async (expected, call) => {
  const code = await codeOf(call);
  if (code !== expected) wrong.push(`${expected}: ${code}`);
};

await check("invalid_params", async () => sdxlLighting(client, { promt: "a" }));
await check("fine", async () => (await picture()).files[0].bytes());
await check("fine", async () => {
  const input_image = await (await picture()).files[0].blob();
  return removeBackgroundBirefnet(client, { input_image }).result();
});
await check("fine", () => client.whoami());
await check("not_authenticated", () => stranger.whoami());
await check("not_reachable", () => nobody.whoami());
await check("task_not_found", () => client.task(4711).details());
await check("task_failed", () => sdxlLighting(client, { prompt: "fails" }).result());
assert.deepEqual(wrong, []);
assert.deepEqual(unhandled, []);
