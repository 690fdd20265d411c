/** What a file parameter rejects before anything is sent, and with which messages. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { InvalidParamsError, type FileInput } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { brokenFileRule } from "../../../src/inputs/file-rules.js";
import { standinWithClient } from "../../support/standin.js";

const typed = (type: string) => new Response("x", { headers: { "content-type": type } });

async function refusal(value: unknown): Promise<string> {
  const { client, standin } = await standinWithClient();
  const call = removeBackgroundBirefnet(client, { input_image: value as FileInput<"image"> });
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InvalidParamsError);
  expect(standin.requests).toEqual([]);
  return (error as Error).message;
}

describe("a file of another kind", () => {
  it.each<[string, unknown, string]>([
    ["data URL", "data:video/mp4;base64,AAAA", "takes image/*, and this file is video/mp4"],
    ["answer", typed("Video/MP4; codecs=avc1"), "takes image/*, and this file is video/mp4"],
    ["Blob", new Blob(["x"], { type: "audio/wav" }), "takes image/*, and this file is audio/wav"],
    ["File by its name", new File(["x"], "clip.MP4"), "takes image/*, and this file is video/mp4"],
    ["page in place of it", typed("text/html; charset=utf-8"), "an error or a sign-in page"],
    ["page in a data URL", "data:text/html,<p>", "an error or a sign-in page"],
  ])("is refused as a %s", async (_, value, message) => {
    expect(await refusal(value)).toContain(message);
  });

  it.each<[string, unknown]>([
    ["data URL without a type", "data:;base64,AAAA"],
    ["picture in a data URL", "data:IMAGE/png;base64,AAAA"],
    ["answer of no known type", typed("application/octet-stream")],
    ["answer without a type", new Response(new Uint8Array(1))],
    ["File of no known name", new File(["x"], "clip.xyz")],
    ["File whose type is wrong in its name alone", new File(["x"], "a.mp4", { type: "image/png" })],
  ])("is not seen in a %s", (_, value) => {
    expect(brokenFileRule({ name: "a", type: "file", accept: "image/*" }, value)).toBeUndefined();
  });

  it("is looked for only where a parameter says what it takes", () => {
    for (const value of [typed("text/html"), typed("video/mp4")])
      expect(brokenFileRule({ name: "a", type: "file" }, value)).toBeUndefined();
    const text = { name: "a", type: "file", accept: "text/*" } as const;
    expect(brokenFileRule(text, typed("text/html"))).toBeUndefined();
  });
});

describe("an object with a `url` that is not `{ url }` alone", () => {
  it("is not fetched without the method and headers of a request", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end("x");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.png`;
    const request = new Request(url, { headers: { authorization: "Bearer x" } });
    expect(await refusal(request)).toContain("give its response, `await fetch(request)`");
    expect(await refusal({ url, method: "POST" })).toContain("`{ url }` would drop its method");
    expect(asked).toBe(0);
  });
});

describe("a mistake in place of a file", () => {
  it.each<[string, unknown, string]>([
    ["a URL", new URL("https://example.com/a.png"), "give `{ url: address }`"],
    ["the URL of a file", new URL("file:///a.png"), "give `await fileFromPath(address)`"],
    ["the text of such a URL", "file:///a.png", "use `await fileFromPath(new URL(address))`"],
    ["the URL of a Blob", new URL("blob:https://example.com/1"), "fetch(address)).blob()"],
    ["the text of such a URL", "blob:https://example.com/1", "fetch(address)).blob()"],
    ["such a URL to be fetched", { url: "blob:https://example.com/1" }, "fetch(address)).blob()"],
    ["a promise", Promise.resolve(new Blob(["x"])), "is a promise: `await` it"],
  ])("is told what to give: %s", async (_, value, message) => {
    expect(await refusal(value)).toContain(message);
  });

  it("is told what to give: a file of an earlier run", async () => {
    const { client } = await standinWithClient();
    const { files } = await sdxlLighting(client, { prompt: "a cat" }).result();
    expect(await refusal(files[0])).toContain("give its `reference()`, or `await file.blob()`");
  });
});
