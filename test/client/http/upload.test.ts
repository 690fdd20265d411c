/** Uploads of forms with files: progress, back pressure, refusals, platforms that cannot stream. */
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { defineFlow } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { standinWithClient } from "../../support/standin.js";
import { PNG, serve, pair, received, inPieces, patterned, gate } from "../../support/uploads.js";

describe("an upload", () => {
  it("reports how much was sent", async () => {
    const { client } = await pair();
    const seen: { loaded: number; total: number | undefined }[] = [];
    const bytes = new Uint8Array(3_000_000);
    await removeBackgroundBirefnet(
      client,
      { input_image: new File([bytes], "a.png") },
      { onUploadProgress: (progress) => seen.push(progress) },
    );
    const last = seen.at(-1);
    expect(last?.loaded).toBe(last?.total);
    expect(last?.loaded).toBeGreaterThan(bytes.length);
    expect(seen.map(({ loaded }) => loaded)).toEqual(
      seen.map(({ loaded }) => loaded).sort((a, b) => a - b),
    );
    expect(seen.length).toBeGreaterThan(10);
  });

  it("does not run ahead of a server that does not read", async () => {
    const url = await serve((request) => request.pause());
    const { client } = await standinWithClient({}, { baseUrl: url });
    const stop = new AbortController();
    let loaded = 0;
    const call = removeBackgroundBirefnet(
      client,
      { input_image: new Blob([new Uint8Array(100_000_000)]) },
      { signal: stop.signal, onUploadProgress: (progress) => (loaded = progress.loaded) },
    );
    await expect.poll(() => loaded > 0).toBe(true);
    // Only as much is sent as the system buffers.
    let before = -1;
    await expect.poll(() => before === (before = loaded), { interval: 100 }).toBe(true);
    expect(loaded).toBeLessThan(20_000_000);
    stop.abort();
    // The body is incomplete, so no task can exist, and no request is needed to find out.
    await expect(call).rejects.toMatchObject({ name: "AbortError", cancelled: "yes" });
  });

  it("ends with the error of its own progress callback", async () => {
    const { client } = await pair();
    const input_image = new Blob([new Uint8Array(500_000)]);
    const onUploadProgress = () => {
      throw new RangeError("mine");
    };
    await expect(
      removeBackgroundBirefnet(client, { input_image }, { onUploadProgress }),
    ).rejects.toThrow(RangeError);
  });

  it("is sent once for several tasks", async () => {
    const { client, standin } = await pair();
    const flow = defineFlow<Record<string, unknown>>("remove_background_birefnet", [
      "count",
      { name: "input_image", type: "file", required: true, accept: "image/*" },
    ]);
    const run = await client.submit(flow, { input_image: PNG, count: 3 });
    expect(run.tasks).toHaveLength(3);
    expect(standin.requests.filter(({ endpoint }) => endpoint === "create")).toHaveLength(1);
  });

  it("refuses redirects, names where they lead, and sends the file once", async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.method} ${request.headers.authorization ?? ""}`);
      request
        .resume()
        .on("end", () =>
          response.writeHead(307, { location: `https://gpu.example.com${request.url}` }).end(),
        );
    });
    const { client } = await standinWithClient({}, { baseUrl: url });
    const call = removeBackgroundBirefnet(client, { input_image: PNG });
    await expect(call).rejects.toMatchObject({ code: "redirected" });
    await expect(call).rejects.toThrow(/redirects to https:\/\/gpu\.example\.com\/vapi/);
    const auth = `Basic ${btoa("ann:secret")}`;
    expect(seen).toEqual([`PUT ${auth}`, `GET ${auth}`]);
  });

  it("quotes the server's message when it refuses", async () => {
    const { client } = await standinWithClient(
      {},
      { auth: { username: "ann", password: "wrong" } },
    );
    await expect(
      removeBackgroundBirefnet(client, { input_image: new Blob([new Uint8Array(2_000_000)]) }),
    ).rejects.toMatchObject({ status: 401 });
  });

  it("limits the time of the server, not of the source: a slow stream is no time-out", async () => {
    const { client } = await standinWithClient({}, { retry: { budgetMs: 300 } });
    async function* slow(): AsyncGenerator<Uint8Array> {
      for (let piece = 0; piece < 4; piece++) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        yield new Uint8Array(70).fill(piece);
      }
    }
    const run = await removeBackgroundBirefnet(client, { input_image: slow() });
    expect(run.tasks).toHaveLength(1);
  });
});

describe("in a browser, which cannot stream what it sends, a stream", () => {
  /** A `Request` as in browsers: it drops a given `content-length`. */
  class BrowserRequest extends Request {
    constructor(url: string, init?: RequestInit) {
      super(url, init);
      this.headers.delete("content-length");
    }
  }
  const inPage = (): void => {
    vi.stubGlobal("Request", BrowserRequest);
    onTestFinished(() => void vi.unstubAllGlobals());
  };

  it("may take longer than the time limit for the server", async () => {
    const { client, standin } = await standinWithClient({}, { retry: { budgetMs: 300 } });
    inPage();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield PNG;
      await new Promise((resolve) => setTimeout(resolve, 400));
      yield PNG;
    }
    const run = await removeBackgroundBirefnet(client, { input_image: slow() });
    expect(run.tasks).toHaveLength(1);
    expect(standin.requests.filter(({ endpoint }) => endpoint === "create")).toHaveLength(1);
  });

  it("arrives whole where it is large", async () => {
    const both = await pair();
    inPage();
    const data = patterned(20_000_000);
    const { bytes } = await received(both, Readable.from(inPieces(data, 300_000)));
    expect(Buffer.compare(bytes, data)).toBe(0);
  });

  it("is released when the call is stopped and nothing was sent", async () => {
    const { client, standin } = await pair();
    inPage();
    const stop = new AbortController();
    const { open, opened } = gate();
    const input_image = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(PNG),
      cancel: open,
    });
    const reads = vi.spyOn(input_image, "getReader");
    const call = removeBackgroundBirefnet(client, { input_image }, { signal: stop.signal });
    await expect.poll(() => reads.mock.calls.length > 0).toBe(true);
    stop.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await opened;
    expect(standin.requests).toEqual([]);
  });

  it("that breaks says why", async () => {
    const { client, standin } = await pair();
    inPage();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(patterned(1000));
      throw new Error("the cable was cut");
    }
    const call = removeBackgroundBirefnet(client, { input_image: broken() });
    await expect(call).rejects.toMatchObject({ code: "source_broken" });
    await expect(call).rejects.toThrow("failed after 1000 bytes: the cable was cut");
    expect(standin.requests).toEqual([]);
  });
});
