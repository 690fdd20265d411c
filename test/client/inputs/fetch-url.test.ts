/** Files given as `{ url }`: which addresses are requested, and which responses are accepted. */
import dns from "node:dns";
import http, { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSocketServer, type AddressInfo, type Server } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isPrivateHost } from "../../../src/inputs/private-address.js";
import { systemClock } from "../../../src/time/clock.js";
import { fetchUrl, type FetchUrlOptions } from "../../../src/inputs/fetch-url.js";

const HOST = "pictures.example.com";

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A server that responds with exactly these bytes, and leaves the connection open. */
function serveBytes(answer: string): Promise<number> {
  return listen(
    createSocketServer((socket) => {
      onTestFinished(() => void socket.destroy());
      socket.on("error", () => undefined).once("data", () => socket.write(answer));
    }),
  );
}

async function serve(handle: RequestListener): Promise<number> {
  const server = createServer(handle);
  onTestFinished(() => server.closeAllConnections());
  return listen(server);
}

/** Makes a public host name pass the check, and then connects it to this machine. */
function namesLeadHere(): void {
  type Done = (error: Error | null, addresses?: { address: string; family: number }[]) => void;
  type Lookup = (host: string, options: object, done: Done) => void;
  const resolve = dns.lookup as Lookup;
  const lookup = vi
    .spyOn(dns, "lookup")
    .mockImplementation(((host, options, done) =>
      host === HOST
        ? done(null, [{ address: "8.8.8.8", family: 4 }])
        : resolve(host, options, done)) as Lookup as never);
  const original = http.get;
  const get = vi.spyOn(http, "get").mockImplementation(((
    url: URL,
    options: { lookup: Lookup },
    answered: (message: IncomingMessage) => void,
  ) => {
    const here: Lookup = (host, how, done) =>
      options.lookup(host, how, (error) =>
        error ? done(error) : done(null, [{ address: "127.0.0.1", family: 4 }]),
      );
    return original(url, { ...options, lookup: here as never }, answered);
  }) as never);
  onTestFinished(() => {
    lookup.mockRestore();
    get.mockRestore();
  });
}

async function read(url: string, options?: FetchUrlOptions): Promise<string> {
  const { source } = await fetchUrl(systemClock, new URL(url), options);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of source.chunks()) text += decoder.decode(chunk, { stream: true });
  return text;
}

/** Both ways to fetch: with a check of each connection, and without one, by `fetch`. */
const PATHS: [string, (port: number) => string, FetchUrlOptions][] = [
  ["checked", (port) => `${HOST}:${port}`, {}],
  ["unchecked", (port) => `127.0.0.1:${port}`, { allowPrivate: true }],
];

describe.each(PATHS)("an address that is %s", (_, hostAt, options) => {
  it.each([
    ["999 Request denied", /returned 999|could not be fetched/],
    ["600 Odd", /returned 600|could not be fetched/],
    ["204 No Content", /returned 204/],
    ["304 Not Modified", /returned 304/],
  ])("is an error for the caller when it answers %s", async (status, message) => {
    namesLeadHere();
    const host = hostAt(await serveBytes(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`));
    await expect(read(`http://${host}/a.png`, options)).rejects.toMatchObject({
      code: "url_failed",
      message: expect.stringMatching(message) as string,
    });
  });

  it("is an error when it wants another protocol", async () => {
    namesLeadHere();
    const answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
    const host = hostAt(await serveBytes(answer));
    await expect(read(`http://${host}/a.png`, options)).rejects.toMatchObject({
      code: "url_failed",
    });
  });

  it("is an error when the connection closes before an answer", async () => {
    namesLeadHere();
    const host = hostAt(await listen(createSocketServer((socket) => void socket.end())));
    await expect(read(`http://${host}/a.png`, options)).rejects.toMatchObject({
      code: "url_failed",
    });
  });

  it("gets its user and password as a header, as long as redirects stay there", async () => {
    namesLeadHere();
    const seen: [string, string | undefined][] = [];
    const other = hostAt(
      await serve((request, response) => {
        seen.push(["other", request.headers.authorization]);
        response.end("the file");
      }),
    );
    const first = hostAt(
      await serve((request, response) => {
        seen.push([`first${request.url}`, request.headers.authorization]);
        const location = request.url === "/a" ? "/b" : `http://x:y@${other}/c`;
        response.writeHead(302, { location }).end();
      }),
    );
    expect(await read(`http://ann:p%C3%A4ss%25@${first}/a`, options)).toBe("the file");
    const basic = `Basic ${Buffer.from("ann:päss%").toString("base64")}`;
    expect(seen).toEqual([
      ["first/a", basic],
      ["first/b", basic],
      ["other", undefined],
    ]);
  });

  it.each<[string, RequestListener, FetchUrlOptions]>([
    ["is missing", (_, response) => response.writeHead(404).end(), {}],
    ["hangs up", (request) => request.socket.destroy(), {}],
    ["never answers", (request) => request.resume(), { timeoutMs: 50 }],
    ["is too large", (_, response) => response.end("x".repeat(20)), { maxBytes: 10 }],
    ["redirects for ever", (_, response) => response.writeHead(302, { location: "" }).end(), {}],
    [
      "redirects to nothing",
      (_, response) => response.writeHead(302, { location: "http://[SECRET" }).end(),
      {},
    ],
    [
      "redirects to another protocol",
      (_, response) => response.writeHead(302, { location: "ftp://h/x?SECRET" }).end(),
      {},
    ],
    [
      "breaks",
      (_, response) => {
        response.writeHead(200, { "content-length": 20 });
        response.write("x", () => response.destroy());
      },
      {},
    ],
  ])("keeps its secrets out of errors when it %s", async (_what, handle, limits) => {
    namesLeadHere();
    const url = `http://SECRET:SECRET@${hostAt(await serve(handle))}/a.png?X-Amz-Signature=SECRET`;
    const error = await read(url, { ...options, ...limits }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const { inspect } = await import("node:util");
    expect(inspect(error, { depth: 10 })).not.toContain("SECRET");
  });

  it.each(["identity", "aws-chunked", "Identity, aws-chunked"])(
    "may name the encoding %s, which changes no byte",
    async (encoding) => {
      namesLeadHere();
      const host = hostAt(
        await serve((_request, response) =>
          response.writeHead(200, { "content-encoding": encoding }).end("the file"),
        ),
      );
      expect(await read(`http://${host}/a.png`, options)).toBe("the file");
    },
  );
});

describe("an address that is checked", () => {
  it("is refused when it packs the file though it was asked not to", async () => {
    namesLeadHere();
    const port = await serve((_, response) =>
      response.writeHead(200, { "content-encoding": "aws-chunked, br" }).end("packed"),
    );
    await expect(read(`http://${HOST}:${port}/a.png`)).rejects.toThrow(
      "returned 200 compressed (aws-chunked, br), not a file.",
    );
  });
});

describe("the addresses of the public internet", () => {
  it.each([
    "127.0.0.1",
    "192.88.99.1",
    "100.100.100.200",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    // The local prefix of NAT64. In this layout, the address in the middle is 169.254.169.254.
    "[64:ff9b:1:a9fe:a9:fe00:808:808]",
    "[64:ff9b:1::808:808]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "localhost.localdomain",
    "nas.home",
    "wiki.corp",
    "wiki.corp.",
    "wiki.",
    "router.lan",
    "router.home.arpa",
  ])("have not %s among them", (host) => {
    expect(isPrivateHost(new URL(`http://${host}/`).hostname)).toBe(true);
  });

  it.each([
    "8.8.8.8",
    "192.88.98.1",
    "[2606:4700::1111]",
    "[64:ff9b::808:808]",
    "home.example.com",
  ])("have %s among them", (host) => {
    expect(isPrivateHost(new URL(`http://${host}/`).hostname)).toBe(false);
  });
});
