// Shows a client certificate to a server that asks for one. Needs: npm install undici
// Run: node client-certificate.mjs, with ca.pem, client.pem and client.key beside it
import { readFileSync } from "node:fs";
import { Agent, fetch } from "undici";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { saveFiles } from "visionatrix-client/node";

const { VIX_URL, VIX_USERNAME, VIX_PASSWORD } = process.env;
const dispatcher = new Agent({
  connect: {
    ca: readFileSync("ca.pem"),
    cert: readFileSync("client.pem"),
    key: readFileSync("client.key"),
  },
});

const client = createClient({
  baseUrl: VIX_URL,
  auth: { username: VIX_USERNAME, password: VIX_PASSWORD },
  fetch: (url, init) => fetch(url, { ...init, dispatcher }),
});

const { files } = await sdxlLighting(client, { prompt: "a lighthouse at dawn" }).result();
console.log(await saveFiles(files, "out"));
await dispatcher.close();
