/** The proxy's decisions, each in isolation. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows";
import { createProxy, type ProxyOptions } from "visionatrix-client/proxy";
import { callerOf } from "../../src/proxy/caller.js";
import { checkFields } from "../../src/proxy/fields.js";
import { FormReader } from "../../src/proxy/form-reader.js";
import { checkOrigin } from "../../src/proxy/origin.js";
import { createMarks } from "../../src/proxy/ownership.js";
import { resultHeaders } from "../../src/proxy/result-headers.js";
import { safeText } from "../../src/proxy/texts.js";
import { advance, VirtualClock } from "../client/submit/virtual-clock.js";
import { BOUNDARY, file, form, SECRET } from "./support.js";

/** Reads a form that arrives in pieces of these lengths, repeatedly. */
async function read(body: Uint8Array, lengths: readonly number[]) {
  let at = 0;
  let turn = 0;
  const reader = new FormReader(() => {
    if (at >= body.length) return Promise.resolve(undefined);
    const piece = body.subarray(at, at + lengths[turn++ % lengths.length]!);
    at += piece.length;
    return Promise.resolve(piece);
  }, BOUNDARY);
  const head = await reader.texts();
  const { consumed } = reader;
  const files: string[] = [];
  const pieces: Uint8Array[] = [];
  let ended = 0;
  if (head.firstFile !== undefined)
    for await (const piece of reader.files(
      (name) => files.push(name),
      () => ended++,
    ))
      pieces.push(piece.slice());
  return { ...head, consumed, files, ended, rest: Buffer.concat(pieces) };
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
/** Bytes with many beginnings of boundaries. */
const content = fc
  .array(
    fc.oneof(
      fc.constantFrom("\r", "\n", "\r\n", "\r\n--", "--", `\r\n--${BOUNDARY.slice(0, -1)}`),
      fc.string({ maxLength: 10 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join("").replaceAll(BOUNDARY, ""));

describe("FormReader", () => {
  it("reads the same however the form comes, and files byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { maxLength: 3 }),
        fc.array(content, { maxLength: 3 }),
        lengths,
        async (texts, files, pieces) => {
          const fields = texts.map((text, index) => [`text${index}`, text] as const);
          const body = Buffer.from(
            form([...fields, ...files.map((text, index) => file(`file${index}`, text))]),
          );
          const got = await read(body, pieces);
          expect(got.texts).toEqual(fields);
          expect(got.files).toEqual(files.map((_, index) => `file${index}`));
          expect(got.ended).toBe(files.length > 0 ? 1 : 0);
          if (files.length > 0) expect(body.subarray(got.consumed).equals(got.rest)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("never passes a truncated form on as a complete one", async () => {
    const body = Buffer.from(form([["a", "text"], file("b", "bytes"), file("c", "more")]));
    for (let length = 0; length < body.length - 2; length++) {
      const outcome = await read(body.subarray(0, length), [7]).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ status: 400, code: "bad_form" });
    }
  });

  it("refuses or reads a form changed anywhere, and never crashes", async () => {
    const whole = Buffer.from(form([["a", "text"], file("b", "bytes")]));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 0, max: 255 }),
        async (at, byte) => {
          const body = Buffer.from(whole);
          body[at] = byte;
          const outcome = (await read(body, [11]).catch((error: unknown) => error)) as object;
          expect("code" in outcome ? outcome.code : "read").toMatch(/^(bad_form|read)$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads a long text in tiny pieces in time that grows with its length", async () => {
    const body = Buffer.from(form([["a", "x".repeat(400_000)]]));
    expect((await read(body, [1])).texts[0]![1]).toHaveLength(400_000);
  });
});

describe("checkOrigin", () => {
  const allowed = (headers: Record<string, string>, origins?: string[]): boolean => {
    try {
      checkOrigin(new Headers(headers), "site.example:8080", origins);
      return true;
    } catch {
      return false;
    }
  };
  it.each<[boolean, Record<string, string>, string[]?]>([
    [true, { "sec-fetch-site": "same-origin" }],
    [true, { origin: "http://site.example:8080" }],
    [true, { origin: "https://SITE.example:8080" }],
    [false, { origin: "https://site.example" }],
    [false, { origin: "https://site.example:8080", "sec-fetch-site": "cross-site" }],
    [true, { origin: "https://a.example", "sec-fetch-site": "cross-site" }, ["https://a.example"]],
    [false, { origin: "https://b.example" }, ["https://a.example"]],
    [false, { "sec-fetch-site": "same-origin" }, ["https://a.example"]],
    [false, {}, ["https://a.example"]],
  ])("%s for %j", (expected, headers, origins) => {
    expect(allowed(headers, origins)).toBe(expected);
  });
});

describe("safeText", () => {
  it.each([
    ["cannot identify image file '/srv/my files/in/5_image.png'\n", /srv|files/],
    ["No such file: C:\\Users\\vix\\out.png", /Users|vix/],
    ["Cannot connect to host 10.0.0.7:8188 ssl:default", /10\.0/],
    ["GET http://gpu-box.lan:8288/vapi failed", /gpu-box/],
    ["at localhost:8288", /8288/],
    ["open /opt/x failed", /opt/],
    ["No such file: /home/ann smith/vix/models/a.safetensors", /ann|smith|vix|models/],
    ["open /srv/a b c d/e.png, then", /srv|a b|e\.png/],
    ["File C:\\Users\\Ann Smith\\vix\\x.bin missing", /Users|Ann|Smith|x\.bin/],
    ["error at ../../home/ann/models/x", /home|ann/],
    ["getaddrinfo ENOTFOUND gpu-box.lan", /gpu/],
    ["getaddrinfo ENOTFOUND gpu-1.rack2", /gpu|rack/],
    ["cannot connect to gpu-box.internal.", /gpu|internal/],
    ["models\\checkpoints\\secret.ckpt", /models|secret/],
    ["not in ['models/secret.ckpt']", /models|secret/],
    ["~ann/x/y", /ann/],
    ["fe80::1%eth0 refused", /fe80|eth/],
    ["[::1]:8188 refused", /::1|8188/],
    ["2001:db8:0:0:0:0:0:1 refused", /2001/],
    ['File "/home/ann/it\'s/x.py", line 3', /home|ann|it's|x\.py/],
    ["path=/home/ann/x input:/home/ann/y", /home|ann/],
    ["\\\\nas\\share\\x", /nas|share/],
    ["mail of vix@gpu-box", /gpu/],
    ["file:///home/ann/x and more", /home|ann/],
  ])("%j", (text, secret) => {
    expect(safeText(text)).not.toMatch(secret);
    expect(safeText(text)).toContain("…");
  });

  it("shows nothing secret where a long text is cut", () => {
    // Hidden paths leave room for the end of the text that is read.
    const paths = `/${"x".repeat(98)} `.repeat(19);
    for (let length = 0; length < 100; length++)
      expect(safeText(`${paths}${"y".repeat(length)} gpu-box.lan /home/ann`)).not.toMatch(
        /gpu-box\.?l?a?$|gpu-box\.lan|home/,
      );
  });

  it.each([
    "Task `5` was not found.",
    "Missing result for task=`1` and node=`9`.",
    "and/or 1.5",
    "Value 3 not in list: choose image/png, N/A or 1/2 at 1.5 it/s",
    "Expected a tensor of torch.float16 (not int); see note 2.",
  ])("leaves %j as it is", (text) => {
    expect(safeText(text)).toBe(text);
  });
});

describe("resultHeaders", () => {
  it("lets no page, cookie or path through", () => {
    const headers = resultHeaders(
      new Headers({
        "content-type": "text/html",
        "set-cookie": "a=b",
        "content-disposition": 'inline; filename="../../x.html"',
        "x-path": "/srv",
        server: "uvicorn",
      }),
    );
    expect(headers["content-type"]).toBe("application/octet-stream");
    expect(headers["content-disposition"]).toBe("attachment");
    expect(JSON.stringify(headers)).not.toMatch(/srv|uvicorn|a=b|x\.html/);
  });
});

describe("checkFields", () => {
  const fields = (name: string, value: string) =>
    checkFields(
      sdxlLighting,
      [
        ["prompt", "x"],
        [name, value],
      ],
      false,
      4,
    );

  it.each([
    ["seed", "1.0", "1"],
    ["seed", "2.000", "2"],
    ["seed", "-0", "0"],
    ["count", "3.0", "3"],
    ["seed", "9007199254740991", "9007199254740991"],
  ])("forwards %s=%s as %s", (name, value, sent) => {
    expect(fields(name, value).texts).toContainEqual([name, sent]);
  });

  it.each([
    "1.5",
    "1.00000000000000000001",
    "1e3",
    "04",
    " 4",
    "0x4",
    "１",
    "9007199254740993",
    "",
  ])("refuses %j for a whole number", (value) => {
    for (const name of ["seed", "count"])
      expect(() => fields(name, value)).toThrow(
        expect.objectContaining({ status: 422, code: "bad_parameter" }) as Error,
      );
  });
});

describe("callerOf", () => {
  const request = new Request("http://site.example/");
  const called = async (owner: ProxyOptions["owner"], clock = new VirtualClock(() => 0)) => {
    const log: string[] = [];
    const note = (message: string): void => void log.push(message);
    const logger = { debug: note, info: note, warn: note, error: note };
    const asked = callerOf(request, owner, clock, logger).catch((error: unknown) => error);
    await advance(clock, 60_000);
    return { outcome: await asked, log };
  };

  it.each([" ", "\n", String(undefined), String(null), "[object Object]", String(NaN)])(
    "takes %j for nobody, and logs it",
    async (name) => {
      const { outcome, log } = await called(() => name);
      expect(outcome).toMatchObject({ status: 401, code: "no_owner" });
      expect(log).toEqual([expect.stringContaining("`owner` returned a text that names nobody")]);
    },
  );

  it("accepts any other name, and silently treats nothing as nobody", async () => {
    expect(await called(() => "ann")).toEqual({ outcome: "ann", log: [] });
    expect(await called(() => Promise.resolve("0"))).toEqual({ outcome: "0", log: [] });
    expect((await called(() => undefined)).log).toEqual([]);
    expect((await called(() => "")).outcome).toMatchObject({ code: "no_owner" });
  });

  it("gives up a function that never returns", async () => {
    const { outcome, log } = await called(() => new Promise<never>(() => undefined));
    expect(outcome).toMatchObject({ status: 500, code: "owner_failed" });
    expect(log).toEqual([expect.stringContaining("in time")]);
  });
});

describe("createMarks", () => {
  it("marks owners apart, and alike in all instances", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (a, b) => {
        const [one, two] = [createMarks(SECRET), createMarks(Buffer.from(SECRET))];
        expect((await one(a)) === (await two(b))).toBe(a === b);
        expect(await one(a)).not.toContain(a.length > 3 ? a : "owner");
      }),
      { numRuns: 50 },
    );
  });
});

describe("createProxy", () => {
  const client = createClient({ baseUrl: "http://127.0.0.1:1" });
  const options = { client, flows: [sdxlLighting], owner: () => "ann", secret: SECRET };
  it.each<[string, object]>([
    ["`client`", { client: {} }],
    ["`flows`", { flows: undefined }],
    ["`flows`", { flows: ["sdxl_lighting"] }],
    ["`owner`", { owner: undefined }],
    ["`owner`", { owner: "ann" }],
    ["`secret`", { secret: undefined }],
    ["`secret`", { secret: "a".repeat(31) }],
    ["`client`", { client: null }],
    ["`limits`", { limits: null }],
    ["`limits`", { limits: "3" }],
    ["`limits.count`", { limits: { count: 0 } }],
    ["`limits.count`", { limits: { count: "4" } }],
    ["`limits.count`", { limits: { count: null } }],
    ["`limits.count`", { limits: { count: NaN } }],
    ["`limits.unfinished`", { limits: { unfinished: 1.5 } }],
    ["`limits.bodyBytes`", { limits: { bodyBytes: -1 } }],
    ["did you mean `limits.count`", { limits: { cuont: 3 } }],
    ["`limits.rate`", { limits: { rate: 5 } }],
    ["`origins`", { origins: ["example.com"] }],
    ["`origins`", { origins: ["https://example.com/"] }],
    ["`group`", { group: 256 }],
    ["`webhook`", { webhook: {} }],
    ["`onwer`", { onwer: () => "ann" }],
  ])("names %s in %j", (name, change) => {
    const given = { ...options, ...change } as ProxyOptions;
    expect(() => createProxy(given)).toThrow(
      expect.objectContaining({
        code: "invalid_option",
        message: expect.stringContaining(name) as string,
      }) as Error,
    );
  });

  it("takes what it needs", () => {
    expect(createProxy(options)).toBeTypeOf("function");
    expect(createProxy({ ...options, limits: { count: Infinity } })).toBeTypeOf("function");
  });
});
