import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  DescriptionError,
  ListenError,
  OptionError,
  startStandin,
  type StandinOptions,
} from "visionatrix-standin";
import { ask, basic, multipart } from "../conformance/wire.js";
import { create, details, ended, FILE_FLOW, get, outcome, put, start } from "./support.js";

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "standin-test-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const BINARY = { type: "string", format: "binary" };
const NEW_BINARY = { type: "string", contentMediaType: "application/octet-stream" };

function description(properties: object, required: string[] = [], id = "my_flow"): object {
  return {
    openapi: "3.1.0",
    info: { title: "x", version: "1" },
    paths: {
      "/vapi/tasks/progress": { get: {} },
      [`/vapi/tasks/create/${id}`]: {
        put: {
          requestBody: {
            content: { "multipart/form-data": { schema: { $ref: "#/components/schemas/Form" } } },
          },
        },
      },
    },
    components: { schemas: { Form: { type: "object", properties, required } } },
  };
}

describe("private flows", () => {
  it.each([
    ["format", { anyOf: [BINARY, { type: "string" }], contentMediaType: "image/*" }],
    ["contentMediaType", { anyOf: [NEW_BINARY, { type: "string" }], contentMediaType: "image/*" }],
    ["a plain binary", { ...BINARY, contentMediaType: "image/*" }],
  ])("reads a file in the spelling %s", async (_name, photo) => {
    const vix = await start({ workers: 0, flows: description({ photo }, ["photo"]) });
    const missing = await put(vix, [["x", "y"]], "my_flow");
    expect(missing.text).toContain("The parameter 'photo' is required, but missing.");
    await create(vix, [["photo", { filename: "a.png", bytes: "x" }]], "my_flow");
  });

  it("reads texts, choices, booleans and numbers", async () => {
    const flows = description({
      seed: { type: "integer", default: 1 },
      words: { type: "string" },
      mode: { type: "string", enum: ["a", "b"], default: "a" },
      fast: { type: "boolean", default: false },
      steps: { type: "integer", minimum: 1, maximum: 9 },
      strength: { type: "number", minimum: 0, maximum: 1, multipleOf: 0.1 },
    });
    const vix = await start({ workers: 0, flows });
    const status = async (name: string, value: string): Promise<string | number> =>
      outcome(put(vix, [[name, value]], "my_flow"));
    expect(await status("mode", "b")).toBe(200);
    expect(await status("mode", "c")).toBe(500);
    expect(await status("fast", "maybe")).toBe(500);
    expect(await status("steps", "3")).toBe(200);
    expect(await status("strength", "0.35")).toBe(200);
    expect(await status("strength", "x")).toBe(400);
    const [flow] = (await get(vix, "/vapi/flows/installed")).json() as {
      input_params: { type: string }[];
    }[];
    expect(flow?.input_params.map(({ type }) => type)).toEqual([
      "text",
      "list",
      "bool",
      "range",
      "range",
    ]);
  });

  it("reads what a stand-in says of itself, in both spellings, and says the same again", async () => {
    for (const binary of ["format", "contentMediaType"] as const) {
      const first = await start({ workers: 0, binary });
      const document = (await get(first, "/openapi/flows.json?flows=*")).json() as object;
      expect(JSON.stringify(document)).toContain(
        binary === "format" ? '"format":"binary"' : "octet-stream",
      );
      const second = await start({ workers: 0, binary, flows: document });
      expect((await get(second, "/openapi/flows.json?flows=*")).json()).toEqual(document);
    }
  });

  it("makes the kind of file that a private flow's name suggests, or what it is told", async () => {
    const guessed = await start({ workers: 0, flows: description({ words: {} }, [], "my_audio") });
    expect((await put(guessed, [["x", "y"]], "my_audio")).text).toContain('"type":"audio"');
    const told = await start({
      workers: 0,
      flows: description({ words: {} }),
      outputs: { my_flow: [{ node: 5, type: "text" }] },
    });
    expect((await put(told, [["x", "y"]], "my_flow")).text).toContain(
      '"comfy_node_id":5,"type":"text"',
    );
  });

  it("survives hostile names", async () => {
    const properties = JSON.parse(
      '{"__proto__":{"type":"string"},"constructor":{"type":"string"}}',
    ) as object;
    const vix = await start({
      workers: 0,
      flows: description(properties, ["__proto__"], "__proto__"),
    });
    const [id = 0] = await create(
      vix,
      [
        ["constructor", "c"],
        ["__proto__", "p"],
      ],
      "__proto__",
    );
    const answer = await get(vix, `/vapi/tasks/progress/${id}`);
    expect(answer.text).toContain('"input_params":{"__proto__":"p","constructor":"c"}');
  });

  it.each<[string, object, RegExp]>([
    ["no paths", { openapi: "3.1.0" }, /not an OpenAPI document/],
    ["no flow", { paths: { "/x": {} } }, /has no flow/],
    [
      "a dangling reference",
      description({ a: { $ref: "#/nowhere" } }),
      /refers to "#\/nowhere", which does not exist/,
    ],
    ["a reference to a file", description({ a: { $ref: "other.json" } }), /outside the document/],
    [
      "a reference to itself",
      description({ a: { $ref: "#/components/schemas/Form/properties/a" } }),
      /refers to itself/,
    ],
  ])("refuses a description with %s", async (_name, flows, words) => {
    await expect(startStandin({ flows })).rejects.toThrow(DescriptionError);
    await expect(startStandin({ flows })).rejects.toThrow(words);
  });

  it("names the file that it cannot read", async () => {
    const path = join(folder(), "flows.json");
    await expect(startStandin({ flows: path })).rejects.toThrow(`${path} (ENOENT)`);
    writeFileSync(path, "<html>");
    await expect(startStandin({ flows: path })).rejects.toThrow(`${path} is not JSON`);
  });
});

describe("options", () => {
  it.each<[StandinOptions, RegExp]>([
    [{ port: 70_000 }, /the port must be 0 to 65535; it is 70000/],
    [{ auth: "nocolon" }, /auth must be "user:password"/],
    [{ auth: {} }, /at least one user/],
    [{ speed: 0 }, /speed must be "instant" or a number above 0/],
    [{ workers: -1 }, /number of workers/],
    [{ duration: -5 }, /duration/],
    [{ steps: 0 }, /steps/],
    [{ maxPictureSide: 0 }, /longest side/],
    [{ control: "nope" }, /control path/],
  ])("refuses %j in one sentence", async (options, words) => {
    await expect(startStandin(options)).rejects.toThrow(OptionError);
    await expect(startStandin(options)).rejects.toThrow(words);
  });

  it("says which port is taken", async () => {
    const vix = await start();
    const again = startStandin({ port: vix.port });
    await expect(again).rejects.toThrow(ListenError);
    await expect(again).rejects.toThrow(`127.0.0.1:${vix.port} is already in use`);
  });

  it("is closed by await using, and can be closed twice", async () => {
    const vix = await startStandin();
    await vix[Symbol.asyncDispose]();
    await vix.close();
    expect(await outcome(get(vix, "/"))).toBe("ECONNREFUSED");
  });

  it("closes an idle connection on request, but not one in use", async () => {
    const vix = await start({ keepAliveMs: 500 });
    const socket = connect(vix.port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    let answers = 0;
    const ask = (): unknown => socket.write("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.on("connect", ask);
    socket.on("data", (chunk) => {
      if (!chunk.toString("latin1").startsWith("HTTP/1.1 200")) return;
      answers += 1;
      // Longer than the time-out in total, but each pause is shorter.
      if (answers < 6) setTimeout(ask, 150);
    });
    await new Promise((resolve) => socket.on("close", resolve));
    expect(answers).toBe(6);
    expect(vix.requests.map(({ connection }) => connection)).toEqual(new Array(6).fill(1));
  });

  it("refuses to move a clock that is real", async () => {
    const vix = await start();
    expect(() => vix.clock).toThrow(/start it with clock: "virtual"/);
  });

  it("knows several users, each with tasks of their own", async () => {
    const vix = await start({
      workers: 0,
      auth: { ann: "1", bob: { password: "2", fullName: "Bob B." } },
    });
    const as = (user: string, password: string, path: string): ReturnType<typeof ask> =>
      ask(vix.url, "GET", path, { headers: { authorization: basic(user, password) } });
    expect((await as("bob", "2", "/vapi/other/whoami")).json()).toMatchObject({
      full_name: "Bob B.",
    });
    expect((await as("ann", "2", "/vapi/other/whoami")).status).toBe(401);
  });

  it("never lets in a user of the database whose password is beyond ASCII", async () => {
    const vix = await start({ auth: { ann: "pässwörd", bob: "plain" } });
    const status = async (user: string, password: string): Promise<number> => {
      const headers = { authorization: basic(user, password) };
      return (await ask(vix.url, "GET", "/vapi/other/whoami", { headers })).status;
    };
    expect(await status("ann", "pässwörd")).toBe(401);
    expect(await status("bob", "plain")).toBe(200);
  });

  it("takes a password beyond ASCII for the one admin, in UTF-8", async () => {
    const vix = await start({ auth: "me:pässwörd:x" });
    const headers = { authorization: basic("me", "pässwörd:x") };
    expect((await ask(vix.url, "GET", "/vapi/other/whoami", { headers })).status).toBe(200);
  });
});

describe("fake timers of a test", () => {
  it("do not stop the stand-in", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const vix = await start({ speed: 100 });
    const [id = 0] = await create(vix);
    expect(await ended(vix, id)).toMatchObject({ progress: 100 });
  });
});

describe("large uploads", () => {
  it("go to a temporary folder that is removed in the end", async () => {
    const temporary = folder();
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const vix = await startStandin({ workers: 0 });
    const bytes = Buffer.alloc(3_000_000, "0123456789");
    await create(vix, [["input_image", { filename: "a.png", bytes }]], FILE_FLOW);
    const back = await get(vix, "/vapi/tasks/inputs?task_id=1&input_index=0");
    expect(back.bytes.equals(bytes)).toBe(true);
    const files = readdirSync(temporary, { recursive: true, encoding: "utf8" });
    expect(files).toContainEqual(expect.stringMatching(/^visionatrix-standin-\w+.1\.bin$/));
    await vix.close();
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("are accepted in full when the client leaves right after the last byte", async () => {
    const vix = await start({ workers: 0 });
    const { headers, body } = multipart([
      ["prompt", "x"],
      ["count", "200"],
    ]);
    const socket = connect(vix.port, "127.0.0.1", () => {
      socket.write(
        `PUT /vapi/tasks/create/sdxl_lighting HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n` +
          `Content-Type: ${headers["content-type"] ?? ""}\r\n\r\n`,
      );
      socket.write(body, () => socket.destroy());
    });
    await new Promise((resolve) => socket.on("close", resolve));
    let count = 0;
    while (count < 200) {
      count = Object.keys((await get(vix, "/vapi/tasks/progress-summary")).json() as object).length;
    }
    expect(count).toBe(200);
  });

  it("create nothing when the client goes away in the middle", async () => {
    const vix = await start({ workers: 0 });
    const stop = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(
          new TextEncoder().encode('--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nx'),
        );
        if (vix.requests.length > 0) stop.abort();
        return new Promise((resolve) => setImmediate(resolve));
      },
    });
    const sending = fetch(`${vix.url}/vapi/tasks/create/sdxl_lighting`, {
      method: "PUT",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body,
      signal: stop.signal,
      duplex: "half",
    } as RequestInit);
    await expect(sending).rejects.toThrow();
    while (vix.requests[0]?.fate === "open") await new Promise((resolve) => setImmediate(resolve));
    expect(vix.requests[0]?.fate).toBe("client-gone");
    expect((await get(vix, "/vapi/tasks/progress-summary")).text).toBe("{}");
  });
});

describe("a data folder", () => {
  it("keeps tasks, files and ids across restarts", async () => {
    const data = folder();
    const first = await startStandin({ speed: "instant", maxPictureSide: 32, data });
    const [id = 0] = await create(first, [
      ["prompt", "ü"],
      ["seed", "18446744073709551615"],
    ]);
    await ended(first, id);
    const before = (await get(first, `/vapi/tasks/progress/${id}`)).text;
    const picture = (await get(first, `/vapi/tasks/results?task_id=${id}&node_id=9`)).bytes;
    const [gone = 0] = await create(first);
    await ended(first, gone);
    await ask(first.url, "DELETE", `/vapi/tasks/task?task_id=${gone}`);
    await first.close();

    const second = await start({ workers: 0, data });
    const withoutStart = (text: string): string => text.replace(/"created_at":"[^"]+"/, "");
    expect(withoutStart((await get(second, `/vapi/tasks/progress/${id}`)).text)).toBe(
      withoutStart(before),
    );
    const again = await get(second, `/vapi/tasks/results?task_id=${id}&node_id=9`);
    expect(again.bytes.equals(picture)).toBe(true);
    expect(await outcome(get(second, `/vapi/tasks/progress/${gone}`))).toBe(404);
    expect((await create(second))[0]).toBeGreaterThan(gone);
  });

  it("leaves running tasks locked when it is closed, until a forced restart", async () => {
    const data = folder();
    const first = await startStandin({ clock: "virtual", data });
    const [id = 0] = await create(first);
    await first.clock.advance(1000);
    expect((await details(first, id)).locked_at).not.toBeNull();
    await first.close();
    const second = await start({ speed: "instant", data });
    const [other = 0] = await create(second);
    await ended(second, other);
    expect((await details(second, id)).locked_at).not.toBeNull();
    await ask(second.url, "POST", `/vapi/tasks/restart?task_id=${id}&force=true`);
    expect(await ended(second, id)).toMatchObject({ progress: 100 });
  });

  it("forgets half a line that a kill left behind", async () => {
    const data = folder();
    const first = await startStandin({ workers: 0, data });
    await create(first);
    await first.close();
    const path = join(data, "tasks.jsonl");
    writeFileSync(path, `${readFileSync(path, "utf8")}{"op":"put","id":2,"task":{"id"`);
    const second = await start({ workers: 0, data });
    expect(
      Object.keys((await get(second, "/vapi/tasks/progress-summary")).json() as object),
    ).toEqual(["1"]);
  });

  it("shares one file among the tasks of a call, and removes it with the last", async () => {
    const data = folder();
    const vix = await start({ workers: 0, data });
    const file = { filename: "a.png", bytes: "0123456789" };
    const ids = await create(
      vix,
      [
        ["input_image", file],
        ["count", "3"],
      ],
      FILE_FLOW,
    );
    const files = join(data, "files");
    expect(readdirSync(files)).toHaveLength(1);
    for (const id of ids) await ask(vix.url, "DELETE", `/vapi/tasks/task?task_id=${id}`);
    while (readdirSync(files).length > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

const BIN = fileURLToPath(new URL("../../standin/bin/visionatrix-standin.js", import.meta.url));

/** Runs the command to its end. */
function command(...flags: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, ...flags]);
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

describe("the command", () => {
  it("says that it is a stand-in, serves, and stops on SIGTERM", async () => {
    const child = spawn(process.execPath, [
      BIN,
      "--port",
      "0",
      "--auth",
      "admin:admin",
      "--workers",
      "0",
    ]);
    onTestFinished(() => void child.kill("SIGKILL"));
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (lines.length === 3) break;
    }
    expect(lines.join("\n")).toMatch(/not a Visionatrix server.*no AI images/);
    const url = /http:\S+/.exec(lines[0] ?? "")?.[0] ?? "";
    expect((await ask(url, "GET", "/vapi/other/whoami")).status).toBe(401);
    const closed = new Promise((resolve) => child.on("close", resolve));
    child.kill("SIGTERM");
    expect(await closed).toBe(0);
  });

  it("shows examples", async () => {
    const { code, out } = await command("--help");
    expect(code).toBe(0);
    expect(out).toContain("Examples:");
    expect(out).toContain("--auth admin:admin");
  });

  it.each([
    [["--port", "99999"], /the port must be 0 to 65535/],
    [["--port", "many"], /must be a number/],
    [["--flows", "nowhere.json"], /cannot read the flows file nowhere.json \(ENOENT\)/],
    [["--auth", "admin"], /auth must be "user:password"/],
    [["--speed", "0"], /the speed must be/],
    [["--data", BIN], /the data folder .* cannot be used \(EEXIST|ENOTDIR\)/],
    [["--colour"], /unknown option '--colour'/],
  ])("ends %j with one sentence and code 1", async (flags, words) => {
    const { code, err } = await command(...flags);
    expect(code).toBe(1);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/\n\s+at /);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});
