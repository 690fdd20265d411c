/** Wrong arguments, also from plain JavaScript: rejected with the value given, and what to do. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";
import { saveFiles } from "visionatrix-client/node";
import { startStandin, type Standin } from "visionatrix-standin";

let vix: Standin;
beforeAll(async () => {
  vix = await startStandin({ speed: "instant" });
});
afterAll(() => vix.close());

const client = (options: object = {}) =>
  createClient({ baseUrl: vix.url, retry: { budgetMs: 2_000 }, ...options });

/** The error of a call, whether it throws or rejects; a number if it succeeds. */
async function errorOf(call: () => unknown) {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error as { code?: string; message: string };
  }
}

describe("baseUrl", () => {
  it.each<[string, (url: string) => unknown, RegExp]>([
    ["a bare #", (url) => `${url}/#`, /#/],
    ["a page's address", (url) => `${url}/#/workflows`, /#/],
    ["a bare ?", (url) => `${url}/?`, /\?/],
    ["a query", (url) => `${url}/?a=1`, /a=1/],
    ["/vapi at its end", (url) => `${url}/vapi`, /\/vapi/],
    ["no scheme", (url) => url.replace("http://", ""), /http:\/\/127/],
    ["localhost and a port only", () => "localhost:9999", /http:\/\/localhost:9999/],
    ["another scheme", (url) => url.replace("http", "ftp"), /ftp:/],
    ["nothing", () => undefined, /undefined/],
    ["null", () => null, /it is null/],
    ["a scheme alone", () => "http://", /"http:\/\/" is not a valid address/],
    ["a scheme without its colon", () => "http//a", /not a valid address/],
    ["a space", () => "http://a b", /not a valid address/],
    ["an impossible port", () => "http://a:99999", /not a valid address/],
  ])("with %s is taken as meant, or quoted", async (_, make, quoted) => {
    const baseUrl = make(vix.url);
    const error = await errorOf(() => client({ baseUrl }).whoami());
    if (!error) return;
    expect(error.code).toBe("invalid_option");
    expect(error.message).toMatch(quoted);
  });

  it.each(["ftp://user:geheim@h", "user:ge@heim@h", "http://user:ge/heim@h:99999"])(
    "never quotes a password: %s",
    async (baseUrl) => {
      const error = await errorOf(() => client({ baseUrl }).whoami());
      expect(error?.code).toBe("invalid_option");
      expect(error?.message).not.toMatch(/geheim|heim/);
    },
  );

  it("with a number is quoted", async () => {
    const error = await errorOf(() => client({ baseUrl: 9999 }));
    expect(error?.message).toMatch(/9999/);
  });

  it("with credentials inside is refused, and they are not shown", async () => {
    const baseUrl = vix.url.replace("//", "//ann:secret@");
    const error = await errorOf(() => client({ baseUrl }));
    expect(error?.message).toMatch(/auth/);
    expect(error?.message).not.toContain("secret");
  });

  it("with https to a plain http port says so", async () => {
    const https = client({ baseUrl: vix.url.replace("http", "https") });
    expect((await errorOf(() => https.whoami()))?.message).toMatch(/http:\/\//);
  });
});

/** Headers that HTTP cannot carry. */
const BAD_HEADERS: [name: string, value: string | undefined][] = [
  ["x-user", "名"],
  ["x-user", "a\nb"],
  ["x worker", "1"],
  ["", "1"],
  ["x-user", undefined],
];

describe("headers", () => {
  it.each(BAD_HEADERS)(
    "of a client that HTTP cannot carry are named: %j: %j",
    async (name, value) => {
      const error = await errorOf(() => client({ headers: { [name]: value } }));
      expect(error?.code).toBe("invalid_option");
      expect(error?.message).toContain(name);
    },
  );

  it.each(BAD_HEADERS)("of a call are named: %j: %j", async (name, value) => {
    const headers = { [name]: value };
    const error = await errorOf(() =>
      sdxlLighting(client(), { prompt: "a" }, { headers } as never),
    );
    expect(error?.code).toBe("invalid_option");
    expect(error?.message).toContain(name);
  });
});

describe("other options", () => {
  it.each<[string, object, RegExp]>([
    ["auth as a text", { auth: "ann:secret" }, /auth/],
    ["a fetch that is none", { fetch: {} }, /fetch/],
    ["a middleware that is no list", { middleware: () => undefined }, /middleware/],
    ["a negative budget", { retry: { budgetMs: -1 } }, /budgetMs/],
    ["a budget in words", { retry: { budgetMs: "1 min" } }, /budgetMs/],
    ["a pause that is none", { poll: { minMs: NaN } }, /minMs/],
    ["another spelling", { baseURL: "http://localhost" }, /baseUrl/],
    ["a misspelt part", { poll: { outage: 5 } }, /outageMs/],
    ["a logger that cannot warn", { logger: {} }, /logger/],
  ])("are checked: %s", async (_, options, named) => {
    const error = await errorOf(() => client(options));
    expect(error?.code).toBe("invalid_option");
    expect(error?.message).toMatch(named);
    expect(error?.message).not.toContain("secret");
  });

  it.each<[string, object, RegExp]>([
    ["auth without a password", { auth: { username: "ann" } }, /password/],
    ["a shortest pause above the longest", { poll: { minMs: 5_000, maxMs: 10 } }, /minMs/],
  ])("are checked together: %s", async (_, options, named) => {
    const error = await errorOf(() => client(options));
    expect(error?.code).toBe("invalid_option");
    expect(error?.message).toMatch(named);
  });

  it.each<[string, object, RegExp]>([
    ["a time-out in words", { timeoutMs: "10s" }, /timeoutMs/],
    ["a signal that is none", { signal: new AbortController() }, /signal/],
    ["another spelling", { timeout: 5 }, /timeoutMs/],
    ["a callback that is none", { onUploadProgress: true }, /onUploadProgress/],
  ])("of a call are checked: %s", async (_, options, named) => {
    const before = vix.requests.length;
    const error = await errorOf(() => sdxlLighting(client(), { prompt: "a" }, options));
    expect(error?.code).toBe("invalid_option");
    expect(error?.message).toMatch(named);
    expect(vix.requests).toHaveLength(before);
  });
});

describe("calls with a likely mistake", () => {
  it("a flow without a client", async () => {
    const error = await errorOf(() => sdxlLighting({ prompt: "a" } as never, undefined as never));
    expect(error?.code).toBe("invalid_option");
    expect(error?.message).toMatch(/client/);
  });

  it("saveFiles with a result instead of its files", async () => {
    const result = await sdxlLighting(client(), { prompt: "a" }).result();
    const error = await errorOf(() => saveFiles(result as never, "out"));
    expect(error?.code).toBe("invalid_option");
    expect(error?.message).toMatch(/files/);
  });

  it("saveFiles with a collision that is none", async () => {
    const { files } = await sdxlLighting(client(), { prompt: "a" }).result();
    const error = await errorOf(() => saveFiles(files, "out", { collision: "replace" as never }));
    expect(error?.code).toBe("invalid_option");
    expect(error?.message).toMatch(/overwrite/);
  });

  it("a count of 100,000, which one typing error makes", async () => {
    const before = vix.requests.length;
    const error = await errorOf(() =>
      sdxlLighting(client(), { prompt: "a", count: 100_000 }, { signal: AbortSignal.timeout(500) }),
    );
    expect(error?.code).toBe("invalid_params");
    expect(error?.message).toMatch(/allowLargeCount/);
    expect(vix.requests).toHaveLength(before);
  });

  it("webhook_headers as the text that they are on the wire", async () => {
    const webhook_headers = '{"x-mine":"1"}';
    const run = await sdxlLighting(client(), { prompt: "a", webhook_headers });
    expect(run.tasks).toHaveLength(1);
  });
});
