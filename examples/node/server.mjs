// A site on Node's own http.
// Run: VIX_URL=http://gpu-box:8288 node examples/node/server.mjs
import { createServer } from "node:http";
import { port, proxy, receiver, sendEvents } from "./site.mjs";

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://site");
  if (pathname.startsWith("/api/vix/")) proxy.node(request, response);
  else if (pathname.startsWith("/hooks/")) receiver.node(request, response);
  else if (pathname === "/pictures") sendEvents(searchParams.get("prompt"), response);
  else response.writeHead(404).end();
}).listen(port, "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${port}`));
