/** Sources that can be read once, are slow or stall. */
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createClient, defineFlow, plan, type FileInput } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import {
  PNG,
  serve,
  pair,
  received,
  inPieces,
  patterned,
  gate,
  gated,
} from "../../support/uploads.js";

/** A server that is busy once, and then creates a task. */
async function busyOnce(arrived: (tries: number) => void): Promise<{
  url: string;
  bodies: Buffer[];
}> {
  const bodies: Buffer[] = [];
  let tries = 0;
  const url = await serve((request, response) => {
    if (request.method !== "PUT") return response.writeHead(404).end();
    tries++;
    if (tries === 1) return response.writeHead(503, { "retry-after": "0" }).end();
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      // More than the rest of the form: part of the file has arrived.
      if (size > 1000) arrived(tries);
    });
    request.on("end", () => {
      bodies.push(Buffer.concat(chunks));
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ tasks_ids: [1] }));
    });
    return undefined;
  });
  return { url, bodies };
}

describe("a one-shot stream", () => {
  it("may bring all of it at once", async () => {
    const data = patterned(3_000_000);
    const { bytes } = await received(await pair(), Readable.from([data]));
    expect(Buffer.compare(bytes, data)).toBe(0);
  });

  it("is sent again when little of it was read", async () => {
    const { client, standin } = await pair();
    standin.addFaults({ on: "create", nth: 1, do: "status", status: 503, retryAfter: 0 });
    const run = await removeBackgroundBirefnet(client, {
      input_image: Readable.from(inPieces(PNG)),
    });
    expect(run.tasks).toHaveLength(1);
  });

  it("is asked for again when its bytes are gone", async () => {
    const { client, standin } = await pair();
    standin.addFaults({ on: "create", nth: 1, do: "status", status: 503, retryAfter: 0 });
    const input_image = Readable.from(inPieces(new Uint8Array(3_000_000), 100_000));
    const call = removeBackgroundBirefnet(client, { input_image });
    await expect(call).rejects.toMatchObject({ code: "stream_used" });
    await expect(call).rejects.toThrow(
      /^The stream of `input_image` was already read.*call again with a new stream/,
    );
  });

  it("is asked for again when the create was lost and created nothing", async () => {
    const { client, standin } = await pair();
    standin.addFaults({ on: "create", nth: 1, do: "reset-after-body" });
    const input_image = Readable.from(inPieces(new Uint8Array(3_000_000), 100_000));
    await expect(removeBackgroundBirefnet(client, { input_image })).rejects.toMatchObject({
      code: "stream_used",
    });
  });

  it("needs nothing when the create was lost and had created", async () => {
    const { client, standin } = await pair();
    standin.addFaults({ on: "create", nth: 1, do: "reset-after-accept" });
    const input_image = Readable.from(inPieces(new Uint8Array(3_000_000), 100_000));
    expect((await removeBackgroundBirefnet(client, { input_image })).tasks).toHaveLength(1);
  });
});

describe("a source that is slower than a server that is busy", () => {
  const data = patterned(200_000);

  it.each<[string, (opened: Promise<void>) => Promise<FileInput<"image">>]>([
    ["a stream", (opened) => Promise.resolve(Readable.from(gated(data, opened)))],
    [
      "an address",
      async (opened) => ({
        url: await serve((_, response) => void Readable.from(gated(data, opened)).pipe(response)),
      }),
    ],
  ])("arrives whole in the second try: %s", async (_, make) => {
    const rest = gate();
    const { url, bodies } = await busyOnce(rest.open);
    const client = createClient({ baseUrl: url, fetchUrls: { allowPrivate: true } });
    const run = await removeBackgroundBirefnet(client, { input_image: await make(rest.opened) });
    expect(run.tasks).toHaveLength(1);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]?.includes(Buffer.from(data.buffer))).toBe(true);
  });
});

describe("a source that stalls", () => {
  /** A server with endless files. The client keeps more than their first bytes only if `size` is large. */
  async function stalling(size: number): Promise<{ url: string; left: Promise<void> }> {
    const { open, opened } = gate();
    const url = await serve((_, response) => {
      response.on("close", open);
      response.writeHead(200, { "content-type": "image/png" }).write(patterned(size));
    });
    return { url, left: opened };
  }
  const unreachable = () =>
    createClient({
      baseUrl: "http://127.0.0.1:1",
      fetchUrls: { allowPrivate: true },
      retry: { budgetMs: 1 },
    });

  it("is released when the server cannot be reached: an address", async () => {
    const { url, left } = await stalling(1000);
    const call = removeBackgroundBirefnet(unreachable(), { input_image: { url } });
    await expect(call).rejects.toMatchObject({ code: "not_reachable" });
    await left;
  });

  it("is released when the server cannot be reached: a stream", async () => {
    const { url, left } = await stalling(1000);
    const input_image = await fetch(url);
    const call = removeBackgroundBirefnet(unreachable(), { input_image });
    await expect(call).rejects.toMatchObject({ code: "not_reachable" });
    await left;
    // The stream cannot be continued, and what is left of it must not pass for the whole file.
    const again = removeBackgroundBirefnet(unreachable(), { input_image });
    await expect(again).rejects.toMatchObject({ code: "stream_used" });
  });

  it("is released when another parameter fails", async () => {
    const { url, left } = await stalling(1000);
    const flow = defineFlow<Record<string, unknown>>("two_pictures", [
      { name: "first", type: "file", required: true },
      { name: "second", type: "file", required: true },
    ]);
    const call = unreachable().submit(flow, { first: { url }, second: Readable.from([]) });
    await expect(call).rejects.toMatchObject({ code: "empty_file" });
    await left;
  });

  it.each<[string, (url: string) => Promise<FileInput<"image">>]>([
    ["an address", (url) => Promise.resolve({ url })],
    ["an answer", (url) => fetch(url)],
    ["a Node stream", async (url) => Readable.fromWeb((await fetch(url)).body as never)],
  ])("is let go of when the call is stopped while it is sent: %s", async (_, make) => {
    const { url, left } = await stalling(2_000_000);
    const { client } = await pair({ allowPrivate: true });
    const stop = new AbortController();
    let loaded = 0;
    const call = removeBackgroundBirefnet(
      client,
      { input_image: await make(url) },
      { signal: stop.signal, onUploadProgress: (progress) => (loaded = progress.loaded) },
    );
    await expect.poll(() => loaded > 2_000_000).toBe(true);
    stop.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError", cancelled: "yes" });
    await left;
  });

  it("can be sent by a call after it was planned", async () => {
    const both = await pair();
    const input_image = Readable.from(inPieces(PNG));
    await plan(removeBackgroundBirefnet, { input_image });
    expect((await received(both, input_image)).bytes).toEqual(PNG);
  });
});

describe("a stream in two calls at once", () => {
  const both = async (size: number) => {
    const data = patterned(size);
    const { client, standin } = await pair();
    // Each piece arrives in its own turn of the event loop, so both calls wait for it.
    const input_image = (async function* () {
      for await (const piece of inPieces(data, 20_000)) {
        await new Promise(setImmediate);
        yield piece;
      }
    })();
    const calls = [1, 2].map(() => received({ client, standin }, input_image));
    return { data, outcomes: await Promise.allSettled(calls) };
  };

  it("arrives whole in both where it is small", async () => {
    const { data, outcomes } = await both(400_000);
    for (const outcome of outcomes)
      expect(outcome.status === "fulfilled" && Buffer.compare(outcome.value.bytes, data)).toBe(0);
  });

  it("arrives whole in one and is refused in the other where it is large", async () => {
    const { data, outcomes } = await both(4_000_000);
    const [whole] = outcomes.filter((outcome) => outcome.status === "fulfilled");
    const [refused] = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(whole && Buffer.compare(whole.value.bytes, data)).toBe(0);
    expect(refused?.reason).toMatchObject({ code: "stream_used" });
  });
});
