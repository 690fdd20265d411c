/** Serves the page and its proxy, so that the page does not need the server's address. */
import { randomBytes } from "node:crypto";
import { createClient } from "visionatrix-client";
import { removeBackgroundBirefnet, sdxlLighting } from "visionatrix-client/flows";
import { createProxy } from "visionatrix-client/proxy";
import { defineConfig, type PreviewServer, type ViteDevServer } from "vite";

const { VIX_URL = "http://localhost:8288", VIX_USERNAME, VIX_PASSWORD = "" } = process.env;
const auth = VIX_USERNAME ? { username: VIX_USERNAME, password: VIX_PASSWORD } : undefined;

const proxy = createProxy({
  client: createClient({ baseUrl: VIX_URL, ...(auth && { auth }) }),
  flows: [sdxlLighting, removeBackgroundBirefnet],
  // Vite listens only to this machine. A real site returns the user of the session.
  owner: () => "me",
  secret: randomBytes(32),
});

const mount = ({ middlewares }: ViteDevServer | PreviewServer): void =>
  void middlewares.use("/api/vix", (request, response) => void proxy.node(request, response));

export default defineConfig({
  plugins: [{ name: "proxy", configureServer: mount, configurePreviewServer: mount }],
});
