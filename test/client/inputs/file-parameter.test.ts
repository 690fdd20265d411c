/** What a file parameter accepts, what the server receives, and what is rejected. */
import { createReadStream } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  defineFlow,
  InvalidParamsError,
  type FileInput,
  type ResultFile,
} from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { fileFromPath } from "visionatrix-client/node";
import { isDisturbed } from "../../../src/inputs/disturbed.js";
import { PNG, pair, received, inPieces } from "../../support/uploads.js";

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
    // For example, a file of a flow with unknown outputs.
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
        /is locked: give a new one/,
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
      /already read or is locked: give a new one/,
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
    await expect(again).rejects.toThrow(/^The stream of `second` failed after 0 bytes: ENOENT/);
    expect(standin.requests).toEqual([]);
  });

  it.each<[string, () => FileInput<"image">, RegExp]>([
    ["is empty", () => Readable.from([]), /ended without a byte/],
    ["gives texts", () => Readable.from(["a", "b"]), /yielded a string instead of bytes/],
    [
      "breaks",
      () =>
        (async function* () {
          yield await Promise.resolve(new Uint8Array(100));
          throw new Error("the cable was cut");
        })(),
      /failed after 100 bytes: the cable was cut/,
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
    await expect.poll(() => input_image.listenerCount("end") > 0).toBe(true);
    stop.abort("enough");
    await expect(call).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    expect(input_image.destroyed).toBe(true);
  });
});
