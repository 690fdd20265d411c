// A route handler of Next.js: pages of the site use `createClient({ baseUrl: "/api/vix" })`.
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { createProxy } from "visionatrix-client/proxy";

const { VIX_URL = "http://localhost:8288", VIX_USERNAME, VIX_PASSWORD = "" } = process.env;

// Replaces the sessions of a real site: cookie to user.
const sessions = new Map([["session-of-ann", "ann"]]);

const proxy = createProxy({
  client: createClient({
    baseUrl: VIX_URL,
    ...(VIX_USERNAME && { auth: { username: VIX_USERNAME, password: VIX_PASSWORD } }),
  }),
  flows: [sdxlLighting],
  owner: (request) => sessions.get(/session=([\w-]+)/.exec(request.headers.get("cookie"))?.[1]),
  // At least 32 bytes, the same in all instances and across restarts: openssl rand -hex 32
  secret: process.env.VIX_PROXY_SECRET,
});

export const dynamic = "force-dynamic";
export { proxy as DELETE, proxy as GET, proxy as POST, proxy as PUT };
