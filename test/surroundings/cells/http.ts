/** Other ways to send requests: other `fetch` functions, a proxy, a client certificate, mocks. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { startConnectProxy } from "../../support/connect-proxy.js";
import { ends, type Cell } from "../support/cell.js";
import { startTlsServer } from "../support/tls-server.js";

const FETCHES = "test/surroundings/programs/fetches";
const EXAMPLES = "examples/http";

function lacksOpenssl(): string | undefined {
  try {
    execFileSync("openssl", ["version"]);
    return undefined;
  } catch {
    return "there is no openssl to make certificates with";
  }
}

export const http: readonly Cell[] = [
  {
    name: "fetch of npm undici 7, with an Agent and bare",
    program: FETCHES,
    peers: ["undici"],
    quick: true,
    check: ends("undici.js"),
  },
  {
    name: "fetch of node-fetch 3",
    program: FETCHES,
    peers: ["node-fetch"],
    quick: true,
    check: ends("node-fetch.js"),
  },
  {
    name: "ProxyAgent of undici 7, through a CONNECT proxy",
    program: EXAMPLES,
    peers: ["undici"],
    quick: true,
    check: async ({ node, run, standin }) => {
      const proxy = await startConnectProxy();
      try {
        const printed = await run(node, ["proxy.mjs"], { HTTPS_PROXY: proxy.url });
        assert.match(printed, /1_9_00001\.png/);
        assert.deepEqual(new Set(proxy.tunnels), new Set([new URL(standin.url).host]));
      } finally {
        await proxy.close();
      }
      return undefined;
    },
  },
  {
    name: "client certificate by an Agent of undici 7",
    program: EXAMPLES,
    peers: ["undici"],
    quick: true,
    cannot: lacksOpenssl(),
    check: async ({ node, run, standin, folder }) => {
      const server = await startTlsServer(standin.url, folder);
      try {
        const printed = await run(node, ["client-certificate.mjs"], { VIX_URL: server.url });
        assert.match(printed, /1_9_00001\.png/);
      } finally {
        server.close();
      }
      return undefined;
    },
  },
  {
    name: "msw 2 under vitest, mocking and passing through",
    program: EXAMPLES,
    peers: ["msw", "vitest"],
    packages: ["visionatrix-client", "visionatrix-standin"],
    check: async ({ node, run, folder }) => {
      await run(node, [join(folder, "../node_modules/vitest/vitest.mjs"), "run", "--root", "."]);
      return undefined;
    },
  },
];
