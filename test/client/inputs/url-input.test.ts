/** Files given as `{ url }`, fetched by the client and passed on. */
import { type createServer } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createClient, type FetchUrlOptions } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { PNG, serve, pair, received, patterned } from "../../support/uploads.js";

describe("an address", () => {
  const picture = (): Promise<string> =>
    serve((_, response) => response.writeHead(200, { "content-type": "image/png" }).end(PNG));

  it("is fetched by us and passed on", async () => {
    const url = await picture();
    const { name, bytes } = await received(await pair({ allowPrivate: true }), { url });
    expect(bytes).toEqual(PNG);
    expect(name).toMatch(/\.png$/);
  });

  it.each([
    "http://127.0.0.1/a.png",
    "http://2130706433/a.png",
    "http://0x7f.1/a.png",
    "http://[::1]/a.png",
    "http://[::ffff:10.0.0.1]/a.png",
    "http://localhost/a.png",
    "http://169.254.169.254/latest/meta-data/",
    "http://192.168.1.1/a.png",
    "http://printer.local/a.png",
    "http://intranet/a.png",
  ])("of a private network is refused: %s", async (url) => {
    const { client, standin } = await pair();
    await expect(removeBackgroundBirefnet(client, { input_image: { url } })).rejects.toMatchObject({
      code: "url_refused",
    });
    expect(standin.requests).toEqual([]);
  });

  it("whose host name resolves to a private address is refused", async () => {
    const url = (await picture()).replace("127.0.0.1", "pictures.example.com");
    const { default: dns } = await import("node:dns");
    const lookup = vi
      .spyOn(dns, "lookup")
      .mockImplementation(((
        _host: string,
        _options: object,
        done: (error: null, address: { address: string; family: number }[]) => void,
      ) => done(null, [{ address: "127.0.0.1", family: 4 }])) as never);
    onTestFinished(() => lookup.mockRestore());
    const client = createClient({ baseUrl: "http://127.0.0.1:1" });
    await expect(removeBackgroundBirefnet(client, { input_image: { url } })).rejects.toMatchObject({
      code: "url_refused",
    });
    expect(lookup).toHaveBeenCalled();
  });

  it.each<[string, Parameters<typeof createServer>[1], FetchUrlOptions, RegExp]>([
    ["is missing", (_, response) => response.writeHead(404).end(), {}, /returned 404/],
    [
      "is too large",
      (_, response) => response.writeHead(200, { "content-length": 11 }).end("x".repeat(11)),
      { maxBytes: 10 },
      /more than 10 bytes/,
    ],
    [
      "is too large and does not say so",
      (_, response) => {
        response.write("x");
        response.end("x".repeat(200));
      },
      { maxBytes: 100 },
      /more than 100 bytes/,
    ],
    [
      "redirects for ever",
      (request, response) => response.writeHead(302, { location: `/x${request.url}` }).end(),
      {},
      /redirects more than 5 times/,
    ],
    [
      "never answers",
      (request) => request.resume(),
      { timeoutMs: 50 },
      /did not finish within its timeoutMs/,
    ],
  ])("that %s ends in an error", async (_, handle, limits, message) => {
    const url = await serve(handle);
    const { client } = await pair({ allowPrivate: true, ...limits });
    await expect(removeBackgroundBirefnet(client, { input_image: { url } })).rejects.toThrow(
      message,
    );
    await expect(client.task(1).details()).rejects.toMatchObject({ status: 404 });
  });

  it.each<[string, FetchUrlOptions, object]>([
    ["becomes too large", { maxBytes: 100_000 }, { code: "url_too_large" }],
    ["does not end in time", { timeoutMs: 300 }, { name: "TimeoutError", code: "timeout" }],
  ])("that %s while it is sent says so by its code", async (_, limits, error) => {
    const url = await serve((request, response) => {
      response.writeHead(200, { "content-type": "image/png" }).write(patterned(50_000));
      // `more` sends the rest, after the beginning has been uploaded.
      request.on("close", () => response.destroy());
      more = () => void response.write(patterned(100_000));
    });
    let more = (): void => undefined;
    const { client } = await pair({ allowPrivate: true, ...limits });
    const call = removeBackgroundBirefnet(
      client,
      { input_image: { url } },
      { onUploadProgress: ({ loaded }) => loaded > 50_000 && limits.maxBytes && more() },
    );
    await expect(call).rejects.toMatchObject(error);
  });

  it.each<[string, Record<string, string>]>([
    ["cannot be read", { "content-length": "many" }],
    ["is told twice", { "content-length": "5, 5" }],
  ])("or an answer whose length %s is sent in chunks", async (_, headers) => {
    const both = await pair();
    const { bytes } = await received(both, new Response(PNG, { headers }));
    expect(bytes).toEqual(PNG);
    const [create] = both.standin.requests.filter(({ endpoint }) => endpoint === "create");
    expect(create?.headers["content-length"]).toBeUndefined();
  });

  it("or an answer that is not packed and says so keeps its length", async () => {
    const both = await pair();
    const length = String(PNG.length);
    const headers = { "content-length": length, "content-encoding": "identity" };
    expect((await received(both, new Response(PNG, { headers }))).bytes).toEqual(PNG);
    const [create] = both.standin.requests.filter(({ endpoint }) => endpoint === "create");
    expect(Number(create?.headers["content-length"])).toBeGreaterThan(PNG.length);
  });

  it("is checked again after a redirect", async () => {
    const url = await serve((_, response) =>
      response.writeHead(302, { location: "ftp://10.0.0.1/a.png" }).end(),
    );
    const { client } = await pair({ allowPrivate: true });
    await expect(removeBackgroundBirefnet(client, { input_image: { url } })).rejects.toMatchObject({
      code: "url_refused",
    });
  });

  it("is fetched again when the create has to be sent again", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(200, { "content-type": "image/png" }).end(new Uint8Array(2_000_000));
    });
    const { client, standin } = await pair({ allowPrivate: true });
    standin.addFaults({ on: "create", nth: 1, do: "status", status: 503, retryAfter: 0 });
    expect((await removeBackgroundBirefnet(client, { input_image: { url } })).tasks).toHaveLength(
      1,
    );
    expect(asked).toBe(2);
  });
});
