/** What a file parameter takes, as the server receives it. */
import { createServer, type Server } from "node:http";
import { createReadStream, openAsBlob } from "node:fs";
import { appendFile, mkdtemp, rm, unlink, utimes, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  createClient,
  defineFlow,
  InvalidParamsError,
  plan,
  type Client,
  type FetchUrlOptions,
  type FileInput,
  type ResultFile,
} from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { fileFromPath } from "visionatrix-client/node";
import type { Standin } from "visionatrix-standin";
import { isDisturbed } from "../../src/inputs/disturbed.js";
import { standinWithClient } from "../support/standin.js";

const PNG = Uint8Array.from(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
);

/** A server for one test that does what `handle` says. */
async function serve(handle: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(handle).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "vix-inputs-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const pair = (fetchUrls?: FetchUrlOptions) =>
  standinWithClient({ recordBodies: 4096 }, { ...(fetchUrls && { fetchUrls }) });

/** Sends a file; what the server then has as the task's input. */
async function received(
  { client, standin }: { client: Client; standin: Standin },
  input_image: FileInput<"image">,
): Promise<{ name: string; bytes: Uint8Array }> {
  const run = await removeBackgroundBirefnet(client, { input_image });
  const id = run.tasks[0]?.id;
  const { input_files } = (await run.tasks[0]?.details()) ?? {};
  const response = await fetch(`${standin.url}/vapi/tasks/inputs?task_id=${id}&input_index=0`, {
    headers: { authorization: `Basic ${btoa("ann:secret")}` },
  });
  return {
    name: input_files?.[0]?.file_name ?? "",
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

async function* inPieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** Bytes that are nowhere alike, so that a piece that is missing or doubled shows. */
function patterned(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, at) => (at >> 8) * 31 + at);
}

/** A gate that a test opens. */
function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

/** Gives its first quarter at once, and the rest when the gate opens. */
async function* gated(bytes: Uint8Array, opened: Promise<void>): AsyncGenerator<Uint8Array> {
  const quarter = bytes.length / 4;
  yield bytes.subarray(0, quarter);
  await opened;
  yield* inPieces(bytes.subarray(quarter), quarter);
}

/** Creates a task from the body that it gets, after it was busy once. */
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
      // More than the text around it: some of the file has come.
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

describe("a file parameter", () => {
  it.each<[string, () => FileInput<"image"> | Promise<FileInput<"image">>, string]>([
    ["Blob", () => new Blob([PNG]), "png"],
    ["Blob with a type", () => new Blob([PNG], { type: "image/webp" }), "webp"],
    ["File", () => new File([PNG], "photo.JPG"), "JPG"],
    ["File without extension", () => new File([PNG], "photo"), "png"],
    ["ArrayBuffer", () => PNG.buffer.slice(0), "png"],
    [
      "Uint8Array that is part of a buffer",
      () => new Uint8Array([0, ...PNG, 0]).subarray(1, -1),
      "png",
    ],
    ["DataView", () => new DataView(PNG.buffer), "png"],
    ["Buffer", () => Buffer.from(PNG), "png"],
    ["web stream", () => new Blob([PNG]).stream(), "png"],
    [
      "web stream of the platform's pieces",
      () => Readable.toWeb(Readable.from(inPieces(PNG))) as ReadableStream<Uint8Array>,
      "png",
    ],
    ["Node stream", () => Readable.from(inPieces(PNG)), "png"],
    ["Node stream of a file", () => createReadStream("examples/still-life.jpg"), "jpg"],
    ["async generator", () => inPieces(PNG), "png"],
    ["Response", () => new Response(PNG), "png"],
    [
      "Response with a type",
      () => new Response(PNG, { headers: { "content-type": "image/bmp" } }),
      "bmp",
    ],
    ["data URL", () => `data:image/png;base64,${Buffer.from(PNG).toString("base64")}`, "png"],
    [
      "data URL with parameters",
      () =>
        `data:image/png;name=a,b.png;base64,${Buffer.from(PNG).toString("base64")}`.replace(
          "a,b.png",
          "ab.png",
        ) as `data:${string}`,
      "png",
    ],
    [
      "data URL in percent signs",
      () => `data:,${[...PNG].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")}`,
      "png",
    ],
    ["path", () => fileFromPath("examples/still-life.jpg"), "jpg"],
    ["bytes that nobody knows", () => new Uint8Array([1, 2, 3]), "bin"],
  ])("takes a %s", async (_, make, extension) => {
    const both = await pair();
    const { name, bytes } = await received(both, await make());
    expect(name).toMatch(new RegExp(`_input_image\\.${extension}$`));
    if (extension !== "jpg" && extension !== "bin") expect(bytes).toEqual(PNG);
    else expect(bytes.length).toBeGreaterThan(2);
  });

  it("announces a length that is known, and sends the rest in chunks", async () => {
    const both = await pair();
    await received(both, await fileFromPath("examples/still-life.jpg"));
    await received(both, Readable.from(inPieces(PNG)));
    const [known, unknown] = both.standin.requests
      .filter(({ endpoint }) => endpoint === "create")
      .map(({ headers }) => headers);
    expect(Number(known?.["content-length"])).toBeGreaterThan(1000);
    expect(known?.["transfer-encoding"]).toBeUndefined();
    expect(unknown?.["transfer-encoding"]).toBe("chunked");
  });

  it("takes references to outputs and inputs of earlier tasks", async () => {
    const both = await pair();
    const run = await removeBackgroundBirefnet(both.client, { input_image: PNG });
    const { files } = await run.result();
    const again = await received(both, run.tasks[0]?.inputReference(0) as FileInput<"image">);
    expect(again.bytes).toEqual(PNG);
    const file = files[0];
    if (!file) throw new Error("no file");
    expect((await received(both, file.reference())).bytes).toEqual(await file.bytes());
  });

  it("knows the kind of a reference at compile time where the caller does", async () => {
    const { client } = await pair();
    const { files } = await removeBackgroundBirefnet(client, { input_image: PNG }).result();
    const [file] = files;
    if (!file) throw new Error("no file");
    expect(file.is("image")).toBe(true);
    expect(file.is("video")).toBe(false);
    // As a file of a flow whose outputs are not known.
    const wrong = (file: ResultFile) => {
      if (file.is("video")) {
        const input_image = file.reference();
        // @ts-expect-error a video is no picture
        return removeBackgroundBirefnet(client, { input_image });
      }
      if (file.is("image"))
        return removeBackgroundBirefnet(client, { input_image: file.reference() });
      return undefined;
    };
    expect(wrong).toBeTypeOf("function");
    await expect(
      removeBackgroundBirefnet(client, {
        input_image: { task_id: 1, node_id: 2, kind: "video" as "image" },
      }),
    ).rejects.toThrow("takes image/*, and the reference points at a file of kind video");
  });

  it.each<[string, unknown, RegExp]>([
    ["a path", "photo.jpg", /maybe a path: use `await fileFromPath/],
    ["an address", "https://example.com/a.png", /an address: give `\{ url \}`/],
    ["JSON", '{"task_id":1,"node_id":2}', /give a reference as an object/],
    ["Base64", Buffer.from(PNG).toString("base64"), /put `data:image\/png;base64,`/],
    ["a broken data URL", "data:image/png;base64,%%%", /cannot be decoded/],
    ["an empty data URL", "data:image/png;base64,", /is an empty file/],
    ["an empty Blob", new Blob([]), /is an empty file/],
    [
      "a video",
      new Blob(["x"], { type: "video/mp4" }),
      /takes image\/\*, and this file is video\/mp4/,
    ],
    ["an answer that is an error", new Response("no", { status: 404 }), /status 404/],
    ["another protocol", { url: "file:///etc/passwd" }, /not an http\(s\) address/],
    ["an object", { task_id: 5 }, /neither a file nor a reference/],
    ["a number", 5, /neither a file nor a reference/],
  ])("refuses %s and says what to do", async (_, value, message) => {
    const { client, standin } = await pair();
    const call = removeBackgroundBirefnet(client, { input_image: value as Blob });
    await expect(call).rejects.toThrow(InvalidParamsError);
    await expect(call).rejects.toThrow(message);
    expect(standin.requests).toEqual([]);
  });

  it("refuses a stream that somebody else reads", async () => {
    const { client } = await pair();
    const stream = new Blob([PNG]).stream();
    stream.getReader();
    const answer = new Response(PNG);
    await answer.arrayBuffer();
    for (const input_image of [stream, answer])
      await expect(removeBackgroundBirefnet(client, { input_image })).rejects.toThrow(
        /somebody else/,
      );
  });

  it.each<[string, () => Readable | Promise<FileInput<"image">>]>([
    [
      "Node stream",
      async () => {
        const stream = Readable.from(inPieces(PNG));
        await stream.iterator({ destroyOnReturn: false }).next();
        return stream;
      },
    ],
    [
      "web stream",
      async () => {
        const stream = Readable.toWeb(Readable.from(inPieces(PNG))) as ReadableStream<Uint8Array>;
        const reader = stream.getReader();
        await reader.read();
        reader.releaseLock();
        return stream;
      },
    ],
  ])("refuses a %s whose beginning somebody else has read", async (_, make) => {
    const { client, standin } = await pair();
    const input_image = await make();
    await expect(removeBackgroundBirefnet(client, { input_image })).rejects.toThrow(
      /has read: give a new one/,
    );
    expect(standin.requests).toEqual([]);
  });

  it("knows a web stream that was read also where there is no Node", async () => {
    vi.stubGlobal("process", undefined);
    onTestFinished(() => void vi.unstubAllGlobals());
    const stream = new Blob([PNG]).stream();
    expect(isDisturbed(stream)).toBe(false);
    expect(stream.locked).toBe(false);
    const reader = stream.getReader();
    await reader.read();
    reader.releaseLock();
    expect(isDisturbed(stream)).toBe(true);
  });

  it("says why a file could not be opened, also while another one is looked at", async () => {
    const { client, standin } = await pair();
    const flow = defineFlow<Record<string, unknown>>("two_pictures", [
      { name: "first", type: "file", required: true },
      { name: "second", type: "file", required: true },
    ]);
    const second = createReadStream("/nowhere/missing.png");
    const failed = new Promise<void>((resolve) => second.once("close", resolve));
    const first = Readable.from(
      (async function* () {
        await failed;
        yield PNG;
      })(),
    );
    const call = client.submit(flow, { first, second });
    await expect(call).rejects.toMatchObject({ code: "source_broken", cause: { code: "ENOENT" } });
    await expect(call).rejects.toThrow("`second`");
    const broken = createReadStream("/nowhere/missing.png");
    const again = client.submit(flow, { first: PNG, second: broken });
    await expect(again).rejects.toThrow(/^The stream of `second` broke after 0 bytes: ENOENT/);
    expect(standin.requests).toEqual([]);
  });

  it.each<[string, () => FileInput<"image">, RegExp]>([
    ["is empty", () => Readable.from([]), /ended without a byte/],
    ["gives texts", () => Readable.from(["a", "b"]), /gave a string where bytes/],
    [
      "breaks",
      () =>
        (async function* () {
          yield await Promise.resolve(new Uint8Array(100));
          throw new Error("the cable was cut");
        })(),
      /broke after 100 bytes: the cable was cut/,
    ],
  ])("says what is wrong with a stream that %s", async (_, make, message) => {
    const { client, standin } = await pair();
    await expect(removeBackgroundBirefnet(client, { input_image: make() })).rejects.toThrow(
      message,
    );
    expect(
      await client
        .task(1)
        .details()
        .catch((error: unknown) => (error as { status: number }).status),
    ).toBe(404);
    expect(standin.requests.filter(({ endpoint }) => endpoint === "progress-summary")).toEqual([]);
  });

  it("stops waiting for a stream that brings nothing, and lets go of it", async () => {
    const { client } = await pair();
    const stop = new AbortController();
    const input_image = new PassThrough();
    const call = removeBackgroundBirefnet(client, { input_image }, { signal: stop.signal });
    await vi.waitUntil(() => input_image.listenerCount("end") > 0);
    stop.abort("enough");
    await expect(call).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    expect(input_image.destroyed).toBe(true);
  });
});

describe("a file that changes", () => {
  it.each<[string, (path: string) => Promise<void>, RegExp]>([
    ["grew", (path) => appendFile(path, "x"), /has changed since/],
    ["was written anew", (path) => utimes(path, 1, 1), /has changed since/],
    ["vanished", (path) => unlink(path), /there is no such file/],
  ])("since it was looked at (%s) is an error", async (_, change, message) => {
    const path = join(await folder(), "a.png");
    await writeFile(path, PNG);
    const { client } = await pair();
    const input_image = await fileFromPath(path);
    await change(path);
    await expect(removeBackgroundBirefnet(client, { input_image })).rejects.toThrow(message);
    await expect(client.task(1).details()).rejects.toMatchObject({ status: 404 });
  });

  it.each<[string, (path: string) => Promise<void>, RegExp]>([
    ["grows", (path) => appendFile(path, "x"), /has changed since/],
    ["is cut", (path) => writeFile(path, "short"), /has changed since/],
    ["vanishes", (path) => unlink(path), /vanished while it was read/],
  ])("while it is sent (%s) is an error, and nothing is created", async (_, change, message) => {
    const path = join(await folder(), "a.png");
    await writeFile(path, new Uint8Array(8_000_000));
    const { client } = await pair();
    let changed: Promise<void> | undefined;
    const call = removeBackgroundBirefnet(
      client,
      { input_image: await fileFromPath(path) },
      {
        onUploadProgress: ({ loaded }) => {
          if (loaded > 200_000) changed ??= change(path);
        },
      },
    );
    await expect(call).rejects.toMatchObject({ code: "file_changed" });
    await expect(call).rejects.toThrow(message);
    await changed;
    await expect(client.task(1).details()).rejects.toMatchObject({ status: 404 });
  });

  it.each<[string, (blob: Blob) => Blob]>([
    ["when its kind is looked for", (blob) => blob],
    ["when it is sent", (blob) => new File([blob], "a.png")],
  ])("and was opened as a Blob is an error too, %s", async (_, make) => {
    const path = join(await folder(), "a.png");
    await writeFile(path, PNG);
    const input_image = make(await openAsBlob(path));
    await appendFile(path, "x");
    const { client } = await pair();
    const call = removeBackgroundBirefnet(client, { input_image });
    await expect(call).rejects.toMatchObject({ code: "file_changed" });
    await expect(call).rejects.toThrow("The file of `input_image` cannot be read any more");
  });

  it("is not read before it is sent, and names what is missing", async () => {
    await expect(fileFromPath("/nowhere/a.png")).rejects.toThrow(
      "Cannot read /nowhere/a.png: there is no such file.",
    );
    await expect(fileFromPath(tmpdir())).rejects.toThrow("it is not a file");
  });
});

describe("an upload", () => {
  it("reports what has left", async () => {
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
    await vi.waitUntil(() => loaded > 0);
    // What the system buffers on the way, and no more.
    let before = -1;
    await vi.waitUntil(() => before === (before = loaded), { interval: 100, timeout: 5000 });
    expect(loaded).toBeLessThan(20_000_000);
    stop.abort();
    // Not all has left, so nothing can have been created, and nobody has to be asked.
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

  it("travels once for several tasks", async () => {
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

  it("says what the server said when it refuses", async () => {
    const { client } = await standinWithClient(
      {},
      { auth: { username: "ann", password: "wrong" } },
    );
    await expect(
      removeBackgroundBirefnet(client, { input_image: new Blob([new Uint8Array(2_000_000)]) }),
    ).rejects.toMatchObject({ status: 401 });
  });

  it("waits for the server, not for the source: a slow stream is no time-out", async () => {
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
  const inPage = (): void => {
    vi.stubGlobal("navigator", { userAgent: "Mozilla/5.0" });
    onTestFinished(() => void vi.unstubAllGlobals());
  };

  it("may take longer than the server may", async () => {
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

  it("is let go of when the call is stopped, and nothing was sent", async () => {
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
    await vi.waitUntil(() => reads.mock.calls.length > 0);
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
    await expect(call).rejects.toThrow("broke after 1000 bytes: the cable was cut");
    expect(standin.requests).toEqual([]);
  });
});

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
      /^The stream of `input_image` has been read.*call again with a new stream/,
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
  /** A server of files that never end: more of them is kept than the first bytes only if `size` is large. */
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

  it("is let go of when the server cannot be reached: an address", async () => {
    const { url, left } = await stalling(1000);
    const call = removeBackgroundBirefnet(unreachable(), { input_image: { url } });
    await expect(call).rejects.toMatchObject({ code: "not_reachable" });
    await left;
  });

  it("is let go of when the server cannot be reached: a stream", async () => {
    const { url, left } = await stalling(1000);
    const input_image = await fetch(url);
    const call = removeBackgroundBirefnet(unreachable(), { input_image });
    await expect(call).rejects.toMatchObject({ code: "not_reachable" });
    await left;
    // It cannot be continued, and does not pass for what came of it.
    const again = removeBackgroundBirefnet(unreachable(), { input_image });
    await expect(again).rejects.toMatchObject({ code: "stream_used" });
  });

  it("is let go of when another parameter fails", async () => {
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
    await vi.waitUntil(() => loaded > 2_000_000);
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
    // Each piece comes in a turn of its own, so that both calls wait for it.
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

  it("whose name leads inside is refused when it is resolved", async () => {
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
    ["is missing", (_, response) => response.writeHead(404).end(), {}, /was answered 404/],
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
      /was not done within its timeoutMs/,
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
      // The rest comes when the beginning is on its way to the server.
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
