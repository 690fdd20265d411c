// Reaches the server through an HTTP proxy. Needs: npm install undici
// Run: HTTPS_PROXY=http://proxy.example:3128 node proxy.mjs "a lighthouse at dawn"
import { fetch, ProxyAgent } from "undici";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { saveFiles } from "visionatrix-client/node";

const { VIX_URL, VIX_USERNAME, VIX_PASSWORD, HTTPS_PROXY } = process.env;
const dispatcher = new ProxyAgent({ uri: HTTPS_PROXY, proxyTunnel: true });

const client = createClient({
  baseUrl: VIX_URL,
  auth: { username: VIX_USERNAME, password: VIX_PASSWORD },
  fetch: (url, init) => fetch(url, { ...init, dispatcher }),
});

const prompt = process.argv[2] ?? "a lighthouse at dawn";
const { files } = await sdxlLighting(client, { prompt }).result();
console.log(await saveFiles(files, "out"));
await dispatcher.close();
