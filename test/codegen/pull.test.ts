import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CodegenError } from "visionatrix-codegen";
import { describe, expect, test } from "vitest";
import { pull, type PullInput, type PullReport } from "../../codegen/src/commands/pull.js";
import { DESCRIBED, oneFlow, PUBLIC_FLOWS, serverDocument, SNAPSHOT } from "./support/documents.js";
import { send, serve as serveAll, type Seen } from "./support/server.js";
import { tempDir } from "./support/temp.js";

const DOCUMENT = serverDocument(PUBLIC_FLOWS, { baseEndpoints: true });
const ONE = oneFlow({ prompt: { type: "string" } });
const SECRET = { VIX_USERNAME: "jörg", VIX_PASSWORD: "pässword" };

/** A server that has nothing but a description; `seen` holds the requests for it. */
async function serve(
  handle: Parameters<typeof serveAll>[0],
): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const { url } = await serveAll((request, response) => {
    if (request.url?.includes("/vapi/flows/") === true) {
      send(response, "{}", { status: 404 });
      return;
    }
    seen.push({ url: request.url ?? "", headers: request.headers });
    handle(request, response);
  });
  return { url, seen };
}

/** Pulls into a new folder, or into the given one. */
function pullFrom(
  from: string,
  options: Partial<PullInput> = {},
): { out: string; report: Promise<PullReport> } {
  const out = options.out ?? join(tempDir(), "specs", "flows.openapi.json");
  return {
    out,
    report: pull({ from, out, env: {}, timeoutMs: 5_000, maxBytes: 32e6, ...options }),
  };
}

async function failure(promise: Promise<unknown>): Promise<CodegenError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CodegenError);
  return error as CodegenError;
}

describe("sources", () => {
  test("a server's base URL: asks for all flows, drops other endpoints", async () => {
    const { url, seen } = await serve((_, response) => send(response, DOCUMENT));
    const { out, report } = pullFrom(`${url}/`);
    expect(await report).toMatchObject({ flows: 52, written: true, changed: [], removed: [] });
    expect(readFileSync(out, "utf8")).toBe(DESCRIBED);
    expect(seen.map((request) => request.url)).toEqual(["/openapi/flows.json?flows=*"]);
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  test("a base URL below a path, with only some flows", async () => {
    const { url, seen } = await serve((_, response) => send(response, DOCUMENT));
    const { report } = pullFrom(`${url}/vix`, { flows: ["sdxl_lighting", "supir_upscaler"] });
    expect(await report).toMatchObject({ flows: 2, added: ["sdxl_lighting", "supir_upscaler"] });
    expect(seen[0]?.url).toBe("/vix/openapi/flows.json?flows=sdxl_lighting,supir_upscaler");
  });

  test("credentials go to a server, in UTF-8, and not to a document", async () => {
    const { url, seen } = await serve((_, response) => send(response, ONE));
    await pullFrom(url, { env: SECRET }).report;
    await pullFrom(`${url}/flows.json`, { env: SECRET }).report;
    expect(Buffer.from(seen[0]?.headers.authorization?.slice(6) ?? "", "base64").toString()).toBe(
      "jörg:pässword",
    );
    expect(seen[1]?.headers.authorization).toBeUndefined();
  });

  test("the address of a server's description is that server", async () => {
    const { url, seen } = await serve((_, response) => send(response, ONE));
    await pullFrom(`${url}/openapi/flows.json?flows=*&skip_not_installed=false`, { env: SECRET })
      .report;
    expect(seen[0]?.url).toBe("/openapi/flows.json?flows=*&skip_not_installed=false");
    expect(seen[0]?.headers.authorization).toBeDefined();
  });

  test("a file", async () => {
    const dir = tempDir();
    writeFileSync(join(dir, "a.json"), DOCUMENT);
    const { out, report } = pullFrom(join(dir, "a.json"));
    await report;
    expect(readFileSync(out, "utf8")).toBe(DESCRIBED);
  });

  test("standard input", async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(ONE.slice(0, 20));
      await Promise.resolve();
      yield Buffer.from(ONE.slice(20));
    }
    expect(await pullFrom("-", { stdin: chunks() }).report).toMatchObject({ flows: 1 });
  });

  test.each([
    ["ftp://host/x", "source_invalid"],
    ["file:///etc/passwd", "source_invalid"],
    ["http://user:secret@host/", "source_invalid"],
    ["http://", "source_invalid"],
    ["/no/such/file", "file_unreadable"],
    [".", "file_unreadable"],
  ])("%s is refused", async (from, code) => {
    const error = await failure(pullFrom(from).report);
    expect(error.code).toBe(code);
    expect(JSON.stringify(error)).not.toContain("secret");
  });

  test("half of the credentials is refused", async () => {
    const error = await failure(
      pullFrom("http://127.0.0.1:9", { env: { VIX_USERNAME: "x" } }).report,
    );
    expect(error.code).toBe("credentials_incomplete");
  });
});

describe("every way to fail has its own code and leaves the snapshot as it was", () => {
  type Handler = Parameters<typeof serve>[0];
  const cases: readonly (readonly [
    name: string,
    code: string,
    handle: Handler,
    options?: Partial<PullInput>,
  ])[] = [
    [
      "401 as a server says it",
      "unauthorized",
      (_, r) => r.writeHead(401, { "www-authenticate": "Basic" }).end("Not authenticated"),
    ],
    ["403", "unauthorized", (_, r) => send(r, "{}", { status: 403 })],
    ["404", "not_found", (_, r) => send(r, '{"detail":"Not Found"}', { status: 404 })],
    ["500", "http_status", (_, r) => send(r, "Internal Server Error", { status: 500 })],
    ["503", "http_status", (_, r) => send(r, "", { status: 503 })],
    ["204", "json_empty", (_, r) => r.writeHead(204).end()],
    [
      "HTML with 200",
      "json_is_html",
      (_, r) =>
        send(r, "<!DOCTYPE html><title>Sign in</title>", {
          headers: { "content-type": "text/html" },
        }),
    ],
    ["cut JSON", "json_cut", (_, r) => send(r, DOCUMENT.slice(0, 5_000))],
    [
      "a connection that breaks off",
      "transfer_cut",
      (_, r) => {
        r.writeHead(200, { "content-length": "100000" });
        r.write(DOCUMENT.slice(0, 500), () => r.destroy());
      },
    ],
    ["a connection that is closed at once", "transfer_cut", (request) => request.socket.destroy()],
    [
      "bytes that are no UTF-8",
      "not_utf8",
      (_, r) => r.writeHead(200).end(Buffer.from([0x7b, 0xff, 0xfe])),
    ],
    ["no answer", "timeout", () => undefined, { timeoutMs: 100 }],
    [
      "an answer that drips",
      "timeout",
      (_, r) => void r.writeHead(200).write("{"),
      { timeoutMs: 100 },
    ],
    [
      "a document that says it is too large",
      "too_large",
      (_, r) => r.writeHead(200, { "content-length": "60000000" }).write("{"),
    ],
    [
      "a document that turns out too large",
      "too_large",
      (_, r) => r.writeHead(200).end(DOCUMENT),
      { maxBytes: 10_000 },
    ],
    [
      "a redirect, with credentials",
      "redirect_refused",
      (_, r) => r.writeHead(302, { location: "/elsewhere" }).end(),
      { env: SECRET },
    ],
    [
      "a redirect to a file",
      "redirect_refused",
      (_, r) => r.writeHead(302, { location: "file:///etc/passwd" }).end(),
    ],
    [
      "a redirect to itself",
      "redirect_loop",
      (_, r) => r.writeHead(302, { location: "/openapi/flows.json" }).end(),
    ],
    ["not OpenAPI", "not_openapi", (_, r) => send(r, '{"hello":"world"}')],
    [
      "no flows",
      "no_flows",
      (_, r) => send(r, serverDocument({ flows: [] }, { baseEndpoints: true })),
    ],
    [
      "FastAPI's own document",
      "no_flows",
      (_, r) => send(r, '{"openapi":"3.1.0","info":{"title":"FastAPI"},"paths":{}}'),
    ],
    [
      "a dangling $ref",
      "ref_dangling",
      (_, r) => send(r, DOCUMENT.replace('"TaskRun_sdxl_lighting":', '"TaskRun_other":')),
    ],
    [
      "a shape that nobody knows",
      "schema_unknown",
      (_, r) => send(r, ONE.replace('"string"', '"tensor"')),
    ],
    ["a flow that is not there", "flow_unknown", (_, r) => send(r, ONE), { flows: ["my_flwo"] }],
  ];

  test.each(cases.map(([name, code, handle, options]) => ({ name, code, handle, options })))(
    "$name: $code",
    async ({ code, handle, options }) => {
      const { url } = await serve(handle);
      const out = join(tempDir(), "flows.openapi.json");
      writeFileSync(out, SNAPSHOT);
      const before = statSync(out, { bigint: true });
      const error = await failure(pullFrom(url, { out, ...options }).report);
      expect(error.code).toBe(code);
      expect(error.message).not.toBe("");
      expect(error.hint).toMatch(/[.?]$/);
      expect(readFileSync(out, "utf8")).toBe(SNAPSHOT);
      expect(statSync(out, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
      expect(statSync(out, { bigint: true }).ino).toBe(before.ino);
    },
  );

  test("a refused connection, an unknown host: unreachable", async () => {
    const { url } = await serve(() => undefined);
    const port = Number(new URL(url).port);
    // Nothing listens on this port under another loopback address.
    expect((await failure(pullFrom(`http://127.0.0.2:${port}`).report)).code).toBe("unreachable");
    expect((await failure(pullFrom("http://no-such-host.invalid").report)).code).toBe(
      "unreachable",
    );
  });

  test("the error says where in the document, what was there, and what to do", async () => {
    const { url } = await serve((_, response) =>
      send(response, ONE.replace('"string"', '"tensor"')),
    );
    expect(await failure(pullFrom(url).report)).toMatchObject({
      code: "schema_unknown",
      pointer:
        "/paths/~1vapi~1tasks~1create~1my_flow/put/requestBody/content/multipart~1form-data/schema/properties/prompt/type",
      value: '"tensor"',
    });
  });

  test("FastAPI's own document gets a hint of its own", async () => {
    const { url } = await serve((_, r) =>
      send(r, '{"openapi":"3.1.0","info":{"title":"FastAPI"},"paths":{}}'),
    );
    expect((await failure(pullFrom(`${url}/openapi.json`).report)).hint).toContain("base URL");
  });

  test("a snapshot that cannot be written", async () => {
    const dir = tempDir();
    writeFileSync(join(dir, "file"), "");
    writeFileSync(join(dir, "a.json"), ONE);
    const error = await failure(
      pullFrom(join(dir, "a.json"), { out: join(dir, "file", "x.json") }).report,
    );
    expect(error.code).toBe("output_unwritable");
  });

  test("a folder in the place of the snapshot leaves no litter", async () => {
    const dir = tempDir();
    writeFileSync(join(dir, "a.json"), ONE);
    mkdirSync(join(dir, "out.json"));
    const error = await failure(
      pullFrom(join(dir, "a.json"), { out: join(dir, "out.json") }).report,
    );
    expect(error.code).toBe("output_unwritable");
    expect(existsSync(join(dir, "out.json"))).toBe(true);
  });
});

describe("redirects", () => {
  test("are followed without credentials", async () => {
    const { url } = await serve((request, response) =>
      request.url === "/here.json"
        ? response.writeHead(301, { location: "/there" }).end()
        : send(response, ONE),
    );
    expect(await pullFrom(`${url}/here.json`).report).toMatchObject({ flows: 1 });
  });

  test("never carry credentials to another server", async () => {
    const other = await serve((_, response) => send(response, ONE));
    const { url } = await serve((_, response) =>
      response.writeHead(307, { location: `${other.url}/x` }).end(),
    );
    const error = await failure(pullFrom(url, { env: SECRET }).report);
    expect(error).toMatchObject({
      code: "redirect_refused",
      value: JSON.stringify(`${other.url}/x`),
    });
    expect(other.seen).toEqual([]);
  });
});

describe("an unchanged description", () => {
  test("changes no byte and no time", async () => {
    const { url } = await serve((_, response) => send(response, DOCUMENT));
    const { out, report } = pullFrom(url);
    await report;
    const before = statSync(out, { bigint: true });
    expect(await pullFrom(url, { out }).report).toEqual({
      flows: 52,
      written: false,
      added: [],
      changed: [],
      removed: [],
      asked: { noListing: "not_found", stale: [] },
    });
    expect(statSync(out, { bigint: true }).mtimeNs).toBe(before.mtimeNs);
  });

  test("is asked for with ETag and Last-Modified, and 304 is enough", async () => {
    const { url, seen } = await serve((request, response) => {
      if (request.headers["if-none-match"] === '"v1"') response.writeHead(304).end();
      else
        send(response, ONE, {
          headers: { etag: '"v1"', "last-modified": "Sat, 01 Nov 2025 00:00:00 GMT" },
        });
    });
    const { out, report } = pullFrom(url);
    await report;
    expect(await pullFrom(url, { out }).report).toMatchObject({ flows: 1, written: false });
    expect(seen[0]?.headers["if-none-match"]).toBeUndefined();
    expect(seen[1]?.headers["if-none-match"]).toBe('"v1"');
    expect(seen[1]?.headers["if-modified-since"]).toBe("Sat, 01 Nov 2025 00:00:00 GMT");
  });

  test("is asked for in full when the snapshot is another, or the flows are others", async () => {
    const { url, seen } = await serve((_, response) =>
      send(response, ONE, { headers: { etag: '"v1"' } }),
    );
    const { out, report } = pullFrom(url);
    await report;
    await pullFrom(url, { out, flows: ["my_flow"] }).report;
    writeFileSync(out, SNAPSHOT);
    await pullFrom(url, { out }).report;
    expect(seen.map(({ headers }) => headers["if-none-match"])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(readFileSync(out, "utf8")).toContain("my_flow");
  });
});

test("the report names what came, changed and went", async () => {
  const dir = tempDir();
  const before = { flows: PUBLIC_FLOWS.flows.slice(0, 3) };
  const [first, second, third] = before.flows;
  if (first === undefined || second === undefined || third === undefined)
    throw new Error("three flows");
  const after = {
    flows: [
      first,
      { ...second, parameters: second.parameters.slice(1) },
      { ...third, id: "new_flow" },
    ],
  };
  writeFileSync(join(dir, "a.json"), serverDocument(before));
  writeFileSync(join(dir, "b.json"), serverDocument(after));
  const { out, report } = pullFrom(join(dir, "a.json"));
  await report;
  expect(await pullFrom(join(dir, "b.json"), { out }).report).toEqual({
    flows: 3,
    written: true,
    added: ["new_flow"],
    changed: [second.id],
    removed: [third.id],
  });
});

test("one bad flow can be left out", async () => {
  const dir = tempDir();
  const document = serverDocument({ flows: PUBLIC_FLOWS.flows.slice(0, 2) });
  const [good, bad] = PUBLIC_FLOWS.flows;
  writeFileSync(
    join(dir, "a.json"),
    document.replace(`"TaskRun_${bad?.id}": {`, `"TaskRun_${bad?.id}": {"oneOf":[],`),
  );
  expect((await failure(pullFrom(join(dir, "a.json")).report)).code).toBe("schema_unknown");
  expect(await pullFrom(join(dir, "a.json"), { flows: [good?.id ?? ""] }).report).toMatchObject({
    flows: 1,
  });
});

test("a slow response is reported while it lasts", async () => {
  const told: number[] = [];
  const { url } = await serve((_, response) => {
    response.writeHead(200).write(ONE.slice(0, 10));
    // The response ends after the client has reported it.
    const end = setInterval(() => {
      if (!told.includes(10)) return;
      clearInterval(end);
      response.end(ONE.slice(10));
    }, 10);
  });
  await pullFrom(url, { slowMs: 20, onSlow: (_, bytes) => told.push(bytes) }).report;
  // On a busy machine, the client may report the wait before a byte has arrived.
  expect(told).toContain(10);
});
