/** A custom `fetch`: the arguments it gets, and responses that only behave like a `Response`. */
import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createClient, type Fetch } from "visionatrix-client";
import { removeBackgroundBirefnet } from "visionatrix-client/flows/remove_background_birefnet";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { standinWithClient } from "../support/standin.js";

interface Init {
  method?: string;
  headers?: HeadersInit;
  body?: unknown;
  signal?: AbortSignal | null;
}

/** A complete response, before it is wrapped. */
interface Raw {
  status: number;
  headers: Headers;
  bytes: Buffer;
}

/** Sends a request without any class of the platform. */
async function carry(url: string, { method, headers, body, signal }: Init = {}): Promise<Raw> {
  const asked = httpRequest(url, {
    method: method ?? "GET",
    headers: Object.fromEntries(new Headers(headers)),
    ...(signal && { signal }),
  });
  const answered = new Promise<Raw>((resolve, reject) => {
    asked.on("error", reject).on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject).on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: new Headers(answer.headers as Record<string, string>),
          bytes: Buffer.concat(chunks),
        }),
      );
    });
  });
  if (body == null) asked.end();
  else if (typeof body === "string" || body instanceof Uint8Array) asked.end(body);
  else if (body instanceof FormData) throw new Error("A form of ours is no form of theirs.");
  else Readable.from(body as AsyncIterable<Uint8Array>).pipe(asked);
  return answered;
}

const ANSWERS: Record<string, (raw: Raw) => object> = {
  "a plain object with a web stream": ({ status, headers, bytes }) => ({
    status,
    ok: status < 300,
    headers: { get: (name: string) => headers.get(name) },
    body: status === 204 ? null : new Blob([Uint8Array.from(bytes)]).stream(),
    text: () => Promise.resolve(bytes.toString()),
    arrayBuffer: () => Promise.resolve(Uint8Array.from(bytes).buffer),
  }),
  "a plain object with a stream of Node, as node-fetch has": ({ status, headers, bytes }) => ({
    status,
    ok: status < 300,
    headers: { get: (name: string) => headers.get(name) },
    body: status === 204 ? null : Readable.from([bytes]),
    text: () => Promise.resolve(bytes.toString()),
    arrayBuffer: () => Promise.resolve(Uint8Array.from(bytes).buffer),
  }),
  "a plain object without a stream": ({ status, headers, bytes }) => ({
    status,
    ok: status < 300,
    headers: { get: (name: string) => headers.get(name) },
    text: () => Promise.resolve(bytes.toString()),
    arrayBuffer: () => Promise.resolve(Uint8Array.from(bytes).buffer),
  }),
};

const fetchWith = (dress: (raw: Raw) => object): Fetch =>
  (async (url: unknown, init?: Init) => {
    if (typeof url !== "string") throw new TypeError(`Failed to parse URL from ${String(url)}`);
    return dress(await carry(url, init));
  }) as unknown as Fetch;

describe.each(Object.entries(ANSWERS))("a fetch that gives %s", (_, dress) => {
  it("makes a picture and cuts it out", async () => {
    const { client } = await standinWithClient(
      {},
      { fetch: fetchWith(dress), retry: { budgetMs: 2_000 } },
    );
    const { files } = await sdxlLighting(client, { prompt: "a" }).result();
    const bytes = await files[0]!.bytes();
    expect(bytes.length).toBeGreaterThan(100);
    for (const input_image of [bytes, new Blob([Uint8Array.from(bytes)]), Readable.from([bytes])]) {
      const cutout = await removeBackgroundBirefnet(client, { input_image }).result();
      expect(cutout.files[0]!.mediaType).toBe("image/png");
    }
  });

  it("passes errors of the server on", async () => {
    const { standin } = await standinWithClient();
    const client = createClient({
      baseUrl: standin.url,
      auth: { username: "ann", password: "wrong" },
      fetch: fetchWith(dress),
      retry: { budgetMs: 2_000 },
    });
    await expect(client.whoami()).rejects.toMatchObject({ code: "not_authenticated" });
    await expect(sdxlLighting(client, { prompt: "a" })).rejects.toMatchObject({ status: 401 });
  });
});

it("fetch is called with an address and plain settings", async () => {
  const calls: [unknown, Init | undefined][] = [];
  const spy = (async (url: string, init?: Init) => {
    calls.push([url, init]);
    return fetch(url, init as RequestInit);
  }) as unknown as Fetch;
  const { client } = await standinWithClient({}, { fetch: spy });
  const { files } = await sdxlLighting(client, { prompt: "a" }).result();
  await removeBackgroundBirefnet(client, { input_image: await files[0]!.bytes() }).result();
  for (const [url, init] of calls) {
    expect(typeof url).toBe("string");
    expect(init?.body).not.toBeInstanceOf(FormData);
  }
});

it("a TypeError of a fetch means a lost connection, and is reported with its message", async () => {
  const fetch: Fetch = () => Promise.reject(new TypeError("input is not for me"));
  const { client } = await standinWithClient({}, { fetch });
  await expect(client.whoami()).rejects.toThrow("input is not for me");
});

describe.each<[string, unknown]>([
  ["gives nothing", () => Promise.resolve(undefined)],
  ["gives a text", () => Promise.resolve("<html>")],
])("a fetch that %s", (_, fetch) => {
  it.each(["whoami", "create"])(
    "is named as the option to look at, at once: %s",
    { timeout: 3_000 },
    async (call) => {
      const { client } = await standinWithClient({}, { fetch: fetch as Fetch });
      const called =
        call === "whoami" ? client.whoami() : sdxlLighting(client, { prompt: "a" }).result();
      const error = await Promise.resolve(called).then(
        () => undefined,
        (reason: unknown) => reason as { code: string; message: string },
      );
      expect(error?.code).not.toMatch(/connection_lost|not_reachable|submit_uncertain/);
      expect(error?.message).toMatch(/\bfetch\b/);
    },
  );
});
