/** Access to `vix ui`: only with its token or password, and only from its own page. */
import { request } from "node:http";
import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { startStandin } from "visionatrix-standin";
import { isKnownHost, strangerIn } from "../../src/cli/ui/access.js";
import { folder, vix } from "../cli/support.js";
import { startApp, type App } from "./support.js";
import { PATIENCE_MS } from "../support/patience.js";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One request with any headers; `fetch` would not send all of them. */
function ask(
  app: App,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  body = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port: app.port, path, method, headers, agent: false },
      (response) => {
        let text = "";
        response.on("data", (piece: Buffer) => (text += piece.toString()));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

async function start(args: string[] = [], env: Record<string, string> = {}): Promise<App> {
  const standin = await startStandin({ speed: "instant" });
  onTestFinished(() => standin.close());
  return startApp(standin.url, { args, env });
}

/** The cookie that the server returns for the token. */
async function letIn(app: App): Promise<string> {
  const { headers } = await ask(app, `/${new URL(app.address).search}`);
  return String(headers["set-cookie"]).split(";")[0] ?? "";
}

const API = "/api/vix/vapi/other/whoami";

describe("the door of vix ui", () => {
  let app: App;
  const endings: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const standin = await startStandin({ speed: "instant" });
    endings.push(() => standin.close());
    app = await startApp(standin.url, {}, (finish) => void endings.unshift(finish));
  });
  afterAll(async () => {
    for (const end of endings) await end();
  });

  it("exchanges the token for a cookie that no other site gets sent, and cleans the address", async () => {
    const { status, headers } = await ask(app, `/${new URL(app.address).search}`);
    expect(status).toBe(303);
    expect(headers["location"]).toBe("/");
    expect(String(headers["set-cookie"])).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    const cookie = await letIn(app);
    expect(cookie).not.toContain(new URL(app.address).searchParams.get("token"));
    const page = await ask(app, "/", { cookie });
    expect(page.status).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(
      /default-src 'none'.*script-src 'self'/,
    );
    expect((await ask(app, API, { cookie })).status).toBe(200);
  });

  it.each([
    ["no token", {}, "/"],
    ["a wrong token", {}, "/?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ["an empty token", {}, "/?token="],
    ["a wrong cookie", { cookie: "vix-ui-1=x; vix-ui=x" }, "/"],
    ["no cookie for the proxy", {}, API],
    ["no cookie for a file of the page", {}, "/index.html"],
  ])("stays closed for %s", async (_, headers, path) => {
    const { status, text } = await ask(app, path, headers);
    expect(status).toBe(401);
    expect(text).not.toContain("script");
  });

  it.each([
    ["another name that leads here", { host: "evil.example:PORT" }],
    ["another port", { host: "127.0.0.1:1" }],
    ["no port", { host: "localhost" }],
    ["a name that begins like one of ours", { host: "localhost.evil.example:PORT" }],
    ["an address of the network", { host: "192.168.1.2:PORT" }],
    ["a page of another site", { origin: "https://evil.example" }],
    ["a page of another port", { origin: "http://127.0.0.1:1" }],
    ["a page without an origin", { origin: "null" }],
    ["a page of another site, without its name", { "sec-fetch-site": "cross-site" }],
    ["a page of another port, without its name", { "sec-fetch-site": "same-site" }],
  ])("refuses %s, also with the cookie and the token", async (_, given) => {
    const cookie = await letIn(app);
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value.replace("PORT", `${app.port}`)]),
    );
    for (const path of [API, "/", `/${new URL(app.address).search}`]) {
      const answer = await ask(app, path, { cookie, ...headers });
      expect(answer.status).toBe(403);
      expect(answer.headers["set-cookie"]).toBeUndefined();
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  it("lets a link of another site show the page, and nothing else", () => {
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    const of = (path: string, dest: string, method = "GET") =>
      strangerIn(
        { method, path, headers: { host: "localhost:8", "sec-fetch-dest": dest, ...link } },
        8,
        new Set(),
        false,
      );
    expect(of("/", "document")).toBeUndefined();
    expect(of("/", "iframe")).toBe("origin");
    expect(of("/", "document", "POST")).toBe("origin");
    expect(of("/api/vix/vapi/tasks/results", "document")).toBe("origin");
  });

  it("compares host names exactly, not by their look", () => {
    const known = (host: string | undefined, network = false): boolean =>
      isKnownHost(host, 80, new Set(["gpu-box"]), network);
    expect(
      ["127.0.0.1", "localhost", "LOCALHOST:80", "[::1]", "gpu-box"].filter((h) => !known(h)),
    ).toEqual([]);
    const strange = [
      "",
      undefined,
      "10.0.0.7",
      "gpu-box:81",
      "a@localhost",
      "localhost:80:80",
      "localhost.",
      "gpu-box.evil",
    ];
    expect(strange.filter((h) => known(h))).toEqual([]);
    expect(["10.0.0.7", "[fe80::1]"].filter((h) => !known(h, true))).toEqual([]);
    expect(["10.0.0.7.evil", "0x0a.evil"].filter((h) => known(h, true))).toEqual([]);
  });

  it("keeps its secret readable by its owner only, and recognises its tasks later", async () => {
    const standin = await startStandin({ speed: "instant" });
    onTestFinished(() => standin.close());
    const config = await folder();
    await mkdir(join(config, "vix"), { recursive: true });
    const first = await startApp(standin.url, { config });
    const path = join(config, "vix", "ui-secret");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const secret = await readFile(path, "utf8");
    expect(first.output()).not.toContain(secret.trim());
    await first.stop();
    await chmod(path, 0o644);
    await startApp(standin.url, { config });
    expect(await readFile(path, "utf8")).toBe(secret);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("does not open the network without a password", async () => {
    const none = await vix(["ui", "--no-open", "--host", "0.0.0.0"], {
      env: { VIX_URL: "http://x" },
    });
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("set a password");
    const short = await vix(["ui", "--no-open", "--host", "0.0.0.0"], {
      env: { VIX_URL: "http://x", VIX_UI_PASSWORD: "short" },
    });
    expect(short.code).toBe(1);
    expect(short.stderr).toContain("8 characters");
  });

  it("asks the network for the password, and listens only to this machine by default", async () => {
    const file = join(await folder(), "password");
    await writeFile(file, "open sesame, please\n");
    const app = await start(["--host", "0.0.0.0", "--page-password-file", file]);
    const closed = await ask(app, "/");
    expect([closed.status, closed.text.includes('type="password"')]).toEqual([401, true]);
    expect(app.output()).not.toContain("sesame");
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const wrong = await ask(app, "/login", form, "POST", "password=open+sesame");
    expect([wrong.status, wrong.headers["set-cookie"]]).toEqual([401, undefined]);
    const origin = { ...form, origin: "http://evil.example" };
    expect((await ask(app, "/login", origin, "POST", "password=x")).status).toBe(403);
    const right = await ask(app, "/login", form, "POST", "password=open+sesame%2C+please");
    expect(right.status).toBe(303);
    const cookie = String(right.headers["set-cookie"]).split(";")[0] ?? "";
    expect((await ask(app, API, { cookie })).status).toBe(200);

    // A client that disconnects in the middle of a form does no harm.
    const half = connect(app.port, "127.0.0.1");
    half.write(
      `POST /login HTTP/1.1\r\nhost: localhost:${app.port}\r\ncontent-length: 99\r\n\r\nhalf`,
    );
    // Once this is answered, the half form has arrived as well.
    await ask(app, "/");
    half.resetAndDestroy();
    const many = Array.from({ length: 12 }, () => ask(app, "/login", form, "POST", "password=x"));
    const statuses = (await Promise.all(many)).map(({ status }) => status);
    expect([...new Set(statuses)].sort()).toEqual([401, 429]);
    expect((await ask(app, API, { cookie })).status).toBe(200);

    const local = await start();
    const other = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .find(({ internal, family }) => !internal && family === "IPv4");
    if (other)
      await expect(fetch(`http://${other.address}:${local.port}/`)).rejects.toThrow("fetch failed");
    expect((await ask(local, "/login", form, "POST", "password=")).status).toBe(404);
  });

  it("says which port is taken, and ends by Ctrl-C", async () => {
    const own = await start();
    const { code, stderr } = await vix(["ui", "--no-open", "--port", `${own.port}`], {
      env: { VIX_URL: "http://x" },
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`Port ${own.port}`)]);
    expect(await own.stop()).toBe(130);
  });

  it.skipIf(process.platform !== "linux")(
    "opens the browser with a token that is good once, since others can see it",
    async () => {
      const bin = await folder();
      const seen = join(bin, "opened");
      const opener = `#!/bin/sh\nprintf %s "$1" > ${seen}.part && mv ${seen}.part ${seen}\n`;
      await writeFile(join(bin, "xdg-open"), opener, { mode: 0o755 });
      const env = { PATH: `${bin}:${process.env["PATH"]}` };
      const own = await start(["--open"], env);
      const address = await vi.waitFor(() => readFile(seen, "utf8"), PATIENCE_MS);
      expect(address).not.toBe(own.address);
      const path = `/${new URL(address).search}`;
      expect((await ask(own, path)).status).toBe(303);
      expect((await ask(own, path)).status).toBe(401);
    },
  );
});
