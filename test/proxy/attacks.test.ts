/**
 * Attacks on the proxy. Each is refused, leaves no task that the attacker may not have, and is logged without
 * any part of the request.
 */
import { beforeAll, afterAll, describe, expect, it, onTestFinished } from "vitest";
import { sdxlLighting } from "visionatrix-client/flows";
import {
  askBytes,
  askRaw,
  BOUNDARY,
  creates,
  file,
  form,
  FORM_HEADERS,
  pageHeaders,
  PASSWORD,
  SECRET,
  startSite,
  type Part,
  type Site,
} from "./support.js";

const TEXTS = "/vapi/tasks/create/sdxl_lighting";
const FILES = "/vapi/tasks/create/remove_background_birefnet";
const prompt: Part = ["prompt", "a lighthouse"];
/** Part of the attackers' texts; no log may contain it. */
const CANARY = "canary-4711";

/** Checks that an attack is refused, and that the tasks on the server stay the same. */
async function refused(
  site: Site,
  status: number | readonly number[],
  attack: () => Promise<{ status: number; text: string }>,
  code: RegExp = /refused with \d+: \w+/,
): Promise<string> {
  const before = await tasksOnServer(site);
  const logged = site.log.length;
  const answer = await attack();
  expect([status].flat()).toContain(answer.status);
  expect(await tasksOnServer(site)).toEqual(before);
  const { detail } = JSON.parse(answer.text) as { detail: string };
  expect(detail).toMatch(/^\S.*[.!?]$/s);
  const lines = site.log.slice(logged).filter((line) => line.startsWith("proxy:"));
  expect(lines.join("\n")).toMatch(code);
  checkSecrets(site, answer.text);
  return detail;
}

function checkSecrets(site: Site, text: string): void {
  for (const secret of [PASSWORD, SECRET, site.standin.url, new URL(site.standin.url).host])
    expect(text).not.toContain(secret);
  const log = site.log.join("\n");
  for (const secret of [PASSWORD, SECRET, CANARY, "-token", "lighthouse"])
    expect(log).not.toContain(secret);
}

async function tasksOnServer({ standin }: Site): Promise<unknown> {
  const response = await fetch(`${standin.url}/vapi/tasks/progress-summary?group_scope=0`, {
    headers: { authorization: `Basic ${btoa(`site:${PASSWORD}`)}` },
  });
  const tasks = (await response.json()) as Record<string, { input_params: object }>;
  const changed = standin.requests.filter(({ method }) => method === "DELETE" || method === "POST");
  return [Object.entries(tasks).map(([id, task]) => [id, task.input_params]), changed.length];
}

/** One site for attacks that must not change anything, with a task of Ann's and a task without an owner. */
describe("attacks", () => {
  let site: Site;
  let anns: number;
  let nobodys: number;
  const finishers: (() => unknown)[] = [];

  beforeAll(async () => {
    site = await startSite({}, {}, (finish) => void finishers.push(finish));
    const run = await sdxlLighting(site.page("ann"), { prompt: "hers", seed: 1 });
    await run.result();
    anns = run.tasks[0]!.id;
    const made = await fetch(`${site.standin.url}${TEXTS}`, {
      method: "PUT",
      headers: { authorization: `Basic ${btoa(`site:${PASSWORD}`)}`, ...FORM_HEADERS },
      body: form([prompt, ["webhook_headers", JSON.stringify({ "x-vix-owner": "ann" })]]),
    });
    nobodys = ((await made.json()) as { tasks_ids: number[] }).tasks_ids[0]!;
  });
  afterAll(async () => {
    for (const finish of finishers) await finish();
  });

  const put = (path: string, body: string, headers: Record<string, string> = {}, user = "bob") =>
    site.ask(user, "PUT", path, { headers: { ...FORM_HEADERS, ...headers }, body });

  describe("on tasks of others", () => {
    it.each<[string, string, (id: number) => string]>([
      ["reads", "GET", (id) => `/vapi/tasks/progress/${id}`],
      ["reads the result of", "GET", (id) => `/vapi/tasks/results?task_id=${id}&node_id=9`],
      ["cancels", "DELETE", (id) => `/vapi/tasks/queue/${id}`],
      ["deletes", "DELETE", (id) => `/vapi/tasks/task?task_id=${id}`],
      ["restarts", "POST", (id) => `/vapi/tasks/restart?task_id=${id}`],
      ["restarts by force", "POST", (id) => `/vapi/tasks/restart?task_id=${id}&force=true`],
    ])("%s one", async (_, method, path) => {
      for (const id of [anns, nobodys, 999_999]) {
        const detail = await refused(site, 404, () => site.ask("bob", method, path(id)));
        // The response is the same for another user's task and for one that never existed.
        expect(detail).toBe(`Task \`${id}\` was not found.`);
      }
    });

    it.each<[string, (id: number) => object]>([
      ["an output", (id) => ({ task_id: id, node_id: 9 })],
      ["an input", (id) => ({ task_id: id, input_index: 0 })],
    ])("takes %s by reference", async (_, reference) => {
      for (const id of [anns, nobodys, 999_999])
        await refused(site, 404, () =>
          put(FILES, form([["input_image", JSON.stringify(reference(id))]])),
        );
    });

    it("lists none of them", async () => {
      const { text } = await site.ask("bob", "GET", "/vapi/tasks/progress-summary?group_scope=0");
      expect(JSON.parse(text)).toEqual({});
      const own = await site.ask("ann", "GET", "/vapi/tasks/progress-summary?group_scope=0");
      expect(Object.keys(JSON.parse(own.text) as object)).toEqual([String(anns)]);
    });

    it.each([
      ...["-1", "0", "01", "1.0", "1e0", "0x1", "+1", "%31", "1%00", "1;2", "1,2", "null", "NaN"],
      ...["9999999999999999999", "1/../2", "١"],
    ])("names one by %s", async (id) => {
      await refused(site, [404, 422], () =>
        site.ask("ann", "GET", `/vapi/tasks/results?task_id=${encodeURIComponent(id)}&node_id=9`),
      );
      await refused(site, 404, () =>
        askRaw(site, "GET", `/api/vix/vapi/tasks/progress/${encodeURI(id)}`),
      );
    });
  });

  describe("on endpoints", () => {
    it.each([
      ["GET", "/vapi/workers/info"],
      ["GET", "/vapi/tasks/progress"],
      ["GET", "/vapi/tasks/inputs?task_id=1&input_index=0"],
      ["DELETE", "/vapi/tasks/queue?name=sdxl_lighting"],
      ["DELETE", "/vapi/tasks/clear?name=sdxl_lighting"],
      ["PUT", "/vapi/tasks/create-sync/sdxl_lighting"],
      ["POST", "/vapi/tasks/next"],
      ["PUT", "/vapi/tasks/progress"],
      ["PUT", "/vapi/tasks/results"],
      ["DELETE", "/vapi/tasks/lock?task_id=1"],
      ["PUT", "/vapi/tasks/update?task_id=1"],
      ["GET", "/vapi/settings/get?key=vae_cpu"],
      ["GET", "/vapi/settings/get_all"],
      ["POST", "/vapi/settings/global"],
      ["GET", "/vapi/users/all"],
      ["GET", "/vapi/federation/instances"],
      ["POST", "/vapi/other/proxy"],
      ["GET", "/vapi/other/proxy?url=http://169.254.169.254/"],
      ["POST", "/vapi/tasks/translate-prompt"],
      ["GET", "/vapi/models"],
      ["PUT", "/vapi/flows/flow?name=sdxl_lighting"],
      ["DELETE", "/vapi/flows/flow?name=sdxl_lighting"],
      ["GET", "/vapi/flows/not-installed"],
      ["GET", "/openapi.json"],
      ["GET", "/openapi/flows.json"],
      ["GET", "/docs"],
      ["GET", "/comfy/prompt"],
      ["GET", "/"],
      ["GET", "/vapi"],
      ["GET", "/vapi/"],
      ["POST", "/vapi/tasks/create/sdxl_lighting"],
      ["GET", "/vapi/tasks/create/sdxl_lighting"],
      ["HEAD", "/vapi/other/whoami"],
      ["OPTIONS", "/vapi/other/whoami"],
      ["PATCH", "/vapi/tasks/restart?task_id=1"],
      ["POST", "/vapi/tasks/queue/1"],
    ])("asks %s %s", async (method, path) => {
      const logged = site.log.length;
      const answer = await site.ask("ann", method, path);
      expect(answer.status).toBe(404);
      expect(site.log.slice(logged).join()).toContain("refused with 404: no_such_endpoint");
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    });

    it.each([
      "/api/vix/vapi/tasks/../workers/info",
      "/api/vix/vapi/tasks/progress-summary/../../workers/info",
      "/api/vix/vapi/tasks/create/../../other/whoami",
      "/api/vix/vapi/%2e%2e/vapi/other/whoami",
      "/api/vix/vapi/tasks%2f..%2fother/whoami",
      "/api/vix/vapi/other%2fwhoami",
      "/api/vix/vapi/other%2Fwhoami",
      "/api/vix/vapi/other/%77hoami",
      "/api/vix/vapi//other/whoami",
      "/api/vix//vapi/other/whoami",
      "/api/vix/vapi/other//whoami",
      "/api/vix/vapi/other/whoami/",
      "/api/vix/vapi/./other/whoami",
      "/api/vix/VAPI/other/whoami",
      "/api/vix/vapi/Other/whoami",
      "/api/vix/vapi/other/WHOAMI",
      "/api/vix/vapi/other\\whoami",
      "/api/vix/vapi/other/whoami;x=1",
      "/api/vix/vapi/other/whoami%00",
      "/api/vix/vapi/other/whoami#x",
      "/api/vix/vapi/other/whoami?a=1?b=2",
      "http://elsewhere.example/vapi//other/whoami",
      "/api/vix/%76api/other/whoami",
      "/api/vix/vapi/tasks/progress/1/results",
    ])("hides one behind %s", async (target) => {
      await refused(site, 404, () => askRaw(site, "GET", target));
    });

    it.each([
      "unknown_flow",
      "SDXL_LIGHTING",
      "sdxl_lighting%20",
      "..",
      "%2e%2e",
      "sdxl_lighting/x",
    ])("creates a task of %s", async (flow) => {
      const headers = { ...pageHeaders("ann"), ...FORM_HEADERS };
      await refused(site, 404, () =>
        askRaw(site, "PUT", `/api/vix/vapi/tasks/create/${flow}`, headers),
      );
    });

    it("creates a task of an installed flow that this site does not offer", async () => {
      await refused(site, 404, () => put("/vapi/tasks/create/ace_step", form([prompt])));
    });

    it.each([
      "task_id=1&task_id=2&node_id=9",
      "task_id=1&node_id=9&node_id=10",
      "task_id=1&node_id=9&extra=1",
      "task_id=1&node_id=-1",
      "task_id=1&node_id=9&batch_index=-1",
      "task_id=1&node_id=9&batch_index=-2",
      "task_id=1",
      "node_id=9",
      "task_id[]=1&node_id=9",
      "task_id=1%26node_id=9",
    ])("asks for a result by %s", async (query) => {
      await refused(site, [404, 422], () => site.ask("ann", "GET", `/vapi/tasks/results?${query}`));
    });
  });

  describe("from elsewhere", () => {
    const cancel = (headers: Record<string, string>) =>
      askRaw(site, "DELETE", `/api/vix/vapi/tasks/task?task_id=${anns}`, {
        cookie: "session=ann-token",
        ...headers,
      });

    it.each<[string, Record<string, string>]>([
      ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
      ["another host of the site", { "sec-fetch-site": "same-site" }],
      ["an address that was typed", { "sec-fetch-site": "none" }],
      ["a browser that tells nothing", {}],
      ["another origin, in an old browser", { origin: "https://evil.example" }],
      ["a file or a sandbox", { origin: "null" }],
      ["another port", { origin: "http://127.0.0.1:1" }],
      ["a name that begins alike", { origin: "http://127.0.0.1.evil.example" }],
      ["a name in the user's place", { origin: "http://127.0.0.1@evil.example" }],
    ])("deletes from %s", async (_, headers) => {
      await refused(site, 403, () => cancel(headers), /other_origin/);
    });

    it("creates by a form of another site, which needs no preflight", async () => {
      await refused(site, 403, () =>
        put(TEXTS, form([prompt]), { "sec-fetch-site": "cross-site" }, "ann"),
      );
    });
  });

  describe("without signing in", () => {
    it.each(["GET /vapi/other/whoami", "GET /vapi/flows/installed", "GET /vapi/tasks/progress/1"])(
      "%s",
      async (call) => {
        const [method = "", path = ""] = call.split(" ");
        const detail = await refused(
          site,
          401,
          () => site.ask(undefined, method, path),
          /no_owner/,
        );
        expect(detail).toBe("Sign in to this site first.");
      },
    );

    it("creates", async () => {
      await refused(site, 401, () =>
        site.ask(undefined, "PUT", TEXTS, { headers: FORM_HEADERS, body: form([prompt]) }),
      );
    });

    it.each([
      { "x-vix-owner": "ann" },
      { "x-forwarded-user": "ann" },
      { authorization: `Basic ${btoa(`site:${PASSWORD}`)}` },
      { cookie: "session=ann" },
      { cookie: "xsession=ann-token" },
    ])("and with headers of one's own", async (headers) => {
      await refused(site, 401, () =>
        askRaw(site, "GET", `/api/vix/vapi/tasks/progress/${anns}`, {
          "sec-fetch-site": "same-origin",
          ...(headers as unknown as Record<string, string>),
        }),
      );
    });

    it("is not asked for the server's password", async () => {
      const { headers } = await site.ask(undefined, "GET", "/vapi/other/whoami");
      expect(headers.get("www-authenticate")).toBeNull();
    });
  });

  describe("by parameters", () => {
    it.each<[string, Part]>([
      ["a webhook", ["webhook_url", "http://169.254.169.254/"]],
      ["headers of a webhook", ["webhook_headers", '{"x-transport-uds":"/run/docker.sock"}']],
      ["a forged owner", ["webhook_headers", '{"x-vix-owner":"ann","x-client-ref":"a"}']],
      ["a forged create", ["webhook_headers", '{"x-vix-create":"a","x-client-ref":"a"}']],
      ["headers in an array", ["webhook_headers", "[]"]],
      ["headers that are no JSON", ["webhook_headers", "{"]],
      ["a marker that is an object", ["webhook_headers", '{"x-client-ref":{"a":1}}']],
      ["a marker with line breaks", ["webhook_headers", '{"x-client-ref":"a\\r\\nx: 1"}']],
      ["a priority", ["priority", "15"]],
      ["a group", ["group_scope", "255"]],
      ["a parent", ["child_task", "1"]],
      ["prompts of a language model", ["surprise_me", "1"]],
      ["a hundred tasks", ["count", "100"]],
      ["one task too many", ["count", "5"]],
      ["no tasks", ["count", "0"]],
      ["fewer than none", ["count", "-1"]],
      ["a count in another spelling", ["count", "1_000"]],
      ["a count with a plus", ["count", "+1"]],
      ["a count with blanks", ["count", " 4 "]],
      ["a count with an exponent", ["count", "1e3"]],
      ["a count beyond all numbers", ["count", "9".repeat(400)]],
      ["a count that is empty", ["count", ""]],
      ["a count of letters of another script", ["count", "٤"]],
      ["a parameter that is not there", ["ckpt_name", CANARY]],
      ["a name of objects'", ["__proto__", CANARY]],
      ["a choice that is none", ["steps_number", CANARY]],
    ])("sets %s", async (_, part) => {
      await refused(site, 422, () => put(TEXTS, form([prompt, part])));
    });

    it("leaves out what is required", async () => {
      expect(await refused(site, 422, () => put(TEXTS, form([])))).toContain("required");
      expect(await refused(site, 422, () => put(FILES, form([])))).toContain("required");
    });

    it.each([
      '{"remote_url":"http://169.254.169.254/","type":"nextcloud"}',
      '{"task_id":1,"node_id":9,"remote_url":"http://10.0.0.1/","type":"nextcloud"}',
      '{"task_id":1}',
      '{"task_id":"1","node_id":9}',
      '{"task_id":1,"node_id":"9"}',
      '{"task_id":1,"node_id":9,"input_index":0}',
      '{"task_id":1.5,"node_id":9}',
      '{"task_id":true,"node_id":9}',
      '{"task_id":-1,"node_id":9}',
      '{"task_id":1,"input_index":-1}',
      '{"task_id":1,"node_id":null}',
      '{"task_id":1,"node_id":9,"x":1}',
      '["task_id"]',
      '"task_id"',
      "1",
      "",
      "../../etc/passwd",
      "data:image/png;base64,AAAA",
    ])("refers to %s", async (reference) => {
      await refused(site, 422, () => put(FILES, form([["input_image", reference]])));
    });

    it("writes one key of a reference twice", async () => {
      // Whatever the order of the keys, the proxy checks what it sends.
      await refused(site, 404, () =>
        put(FILES, form([["input_image", `{"task_id":999,"task_id":${anns},"node_id":9}`]])),
      );
    });
  });

  describe("by forms", () => {
    const whole = form([prompt]);
    it.each<[string, string, string]>([
      ["text before the boundary", TEXTS, `x${whole}`],
      ["a line break before the boundary", TEXTS, `\r\n${whole}`],
      ["no last boundary", TEXTS, form([prompt], "")],
      ["a last boundary cut short", TEXTS, form([prompt], `--${BOUNDARY}-`)],
      ["something behind its end", TEXTS, `${whole}${whole}`],
      ["line feeds alone", TEXTS, whole.replaceAll("\r\n", "\n")],
      ["another boundary", TEXTS, whole.replaceAll(BOUNDARY, "----other")],
      ["nothing", TEXTS, ""],
      ["bytes that are no form", TEXTS, "\0\x01\x02"],
      ["a part without a name", TEXTS, form([{ head: "Content-Disposition: form-data" }])],
      ["a part without a disposition", TEXTS, form([{ head: "Content-Type: text/plain" }])],
      [
        "a disposition in small letters",
        TEXTS,
        form([{ head: 'content-disposition: form-data; name="prompt"', body: "a" }]),
      ],
      [
        "a name that is escaped",
        TEXTS,
        form([{ head: 'Content-Disposition: form-data; name="a\\"; name=\\"prompt"', body: "a" }]),
      ],
      [
        "two names",
        TEXTS,
        form([
          { head: 'Content-Disposition: form-data; name="prompt"; name="webhook_url"', body: "a" },
        ]),
      ],
      [
        "a name in another coding",
        TEXTS,
        form([{ head: "Content-Disposition: form-data; name*=utf-8''prompt", body: "a" }]),
      ],
      [
        "a header more",
        TEXTS,
        form([
          {
            head: 'Content-Disposition: form-data; name="prompt"\r\nContent-Transfer-Encoding: base64',
            body: "YQ==",
          },
        ]),
      ],
      [
        "a folded header",
        TEXTS,
        form([{ head: 'Content-Disposition: form-data;\r\n name="prompt"', body: "a" }]),
      ],
      [
        "headers without end",
        TEXTS,
        form([{ head: `Content-Disposition: form-data; name="${"a".repeat(4000)}"` }]),
      ],
      ["a text as a file", TEXTS, form([file("prompt")])],
      ["a key twice", TEXTS, form([prompt, prompt])],
      [
        "a key twice, one as a file",
        FILES,
        form([["input_image", '{"task_id":1,"node_id":9}'], file("input_image")]),
      ],
      ["a file twice", FILES, form([file("input_image"), file("input_image")])],
      ["a file that the flow does not take", FILES, form([file("other_image")])],
      [
        "a file that the flow does not take, behind one that it does",
        FILES,
        form([file("input_image"), file("other")]),
      ],
      ["a text behind a file", FILES, form([file("input_image"), ["priority", "15"]])],
      [
        "a webhook behind a file",
        FILES,
        form([file("input_image"), ["webhook_url", "http://10.0.0.1"]]),
      ],
      ["a file that does not end", FILES, form([file("input_image")], "")],
      ["a file without a name", FILES, form([file("input_image", "x", "")])],
      ["a file with a path as its name", FILES, form([file("input_image", "x", "../../x.png")])],
      ["a file with a backslash in its name", FILES, form([file("input_image", "x", "..\\x.png")])],
      [
        "a file whose name ends in a quote",
        FILES,
        form([file("input_image", "x", 'a.png"; x="b')]),
      ],
      [
        "a boundary behind a bare line feed",
        FILES,
        form([
          [
            "webhook_headers",
            `{}\n--${BOUNDARY}\nContent-Disposition: form-data; name="webhook_url"\n\nhttp://10.0.0.1/`,
          ],
          file("input_image"),
        ]),
      ],
    ])("with %s", async (_, path, body) => {
      await refused(site, [400, 422, 404], () => put(path, body));
    });

    it("with a text that is not UTF-8", async () => {
      const [before = "", after = ""] = form([["prompt", "|"]]).split("|");
      const body = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
      await refused(site, 400, () =>
        site.ask("bob", "PUT", TEXTS, { headers: FORM_HEADERS, body }),
      );
    });

    it.each([
      "application/json",
      "application/x-www-form-urlencoded",
      "text/plain",
      "Multipart/Form-Data; boundary=----a-page",
      "multipart/form-data",
      "multipart/form-data; boundary=",
      "multipart/form-data; boundary=----a-page; boundary=x",
      'multipart/form-data; boundary="----a-page"; charset=utf-7',
      `multipart/form-data; boundary=${"a".repeat(71)}`,
      "multipart/mixed; boundary=----a-page",
    ])("of the type %s", async (type) => {
      await refused(site, 415, () => put(TEXTS, whole, { "content-type": type }));
    });

    it("that are compressed", async () => {
      await refused(site, 415, () => put(TEXTS, whole, { "content-encoding": "gzip" }));
    });

    it("with a text longer than the server takes", async () => {
      await refused(site, 413, () => put(TEXTS, form([["prompt", "a".repeat(1024 * 1024 + 1)]])));
    });
  });

  describe("by headers", () => {
    it("sends none of a page's own to the server", async () => {
      const headers = {
        ...FORM_HEADERS,
        authorization: `Bearer ${CANARY}`,
        "x-worker-id": CANARY,
        "x-worker-unload-models": "1",
        "x-federated-task": "1",
        "x-forwarded-for": CANARY,
        forwarded: CANARY,
      };
      const { status } = await site.ask("carl", "PUT", TEXTS, { headers, body: form([prompt]) });
      expect(status).toBe(200);
      const sent = creates(site.standin).at(-1)!.headers;
      expect(JSON.stringify(sent)).not.toContain(CANARY);
      for (const name of ["cookie", "x-worker-id", "x-federated-task", "x-forwarded-for"])
        expect(sent[name]).toBeUndefined();
    });

    it.each([
      "bytes=0-1,3-4",
      "bytes=0-0,",
      "bytes=--1",
      "bytes=",
      "lines=0-1",
      "bytes=a-b",
      `bytes=0-${"9".repeat(40)}`,
    ])("asks for the range %s", async (range) => {
      await refused(site, 416, () =>
        site.ask("ann", "GET", `/vapi/tasks/results?task_id=${anns}&node_id=9`, {
          headers: { range },
        }),
      );
    });

    it.each([
      ["two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n"],
      ["a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"],
      ["chunks in disguise", "Transfer-Encoding: xchunked\r\n"],
      ["a header without a name", ": x\r\n"],
      ["a folded header", "X-A: b\r\n\tc\r\n"],
      ["a blank before the colon", "Content-Length : 5\r\n"],
    ])("smuggles by %s", async (_, lines) => {
      const before = await tasksOnServer(site);
      const answer = await askBytes(
        site,
        `PUT /api/vix${TEXTS} HTTP/1.1\r\nHost: x\r\nCookie: session=ann-token\r\nSec-Fetch-Site: same-origin\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\n${lines}\r\nhello`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(await tasksOnServer(site)).toEqual(before);
    });

    it("takes no request with an invalid host", async () => {
      const answer = await askBytes(
        site,
        "GET /api/vix/vapi/other/whoami HTTP/1.1\r\nHost: a b\r\nSec-Fetch-Site: same-origin\r\n\r\n",
      );
      expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    });
  });

  it("logs no secret in all of this", () => {
    checkSecrets(site, "");
    expect(site.log.filter((line) => line.includes("refused with")).length).toBeGreaterThan(200);
  });
});

describe("attacks on the limits", () => {
  it("announces a body that is too large", async () => {
    const site = await startSite({ limits: { bodyBytes: 1000 } });
    const body = form([["prompt", "a".repeat(1000)]]);
    await refused(site, 413, () => site.ask("ann", "PUT", TEXTS, { headers: FORM_HEADERS, body }));
    expect(creates(site.standin)).toEqual([]);
  });

  it("sends an endless body, and the server gets no whole form", async () => {
    const site = await startSite({ limits: { bodyBytes: 1024 * 1024 } });
    let sent = 0;
    const head = new TextEncoder().encode(form([file("input_image", "")], "").slice(0, -2));
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === 0) controller.enqueue(head);
        controller.enqueue(new Uint8Array(64 * 1024).fill(65));
        sent += 64 * 1024;
        if (sent > 64 * 1024 * 1024) controller.close();
      },
    });
    await refused(site, 413, () =>
      site.ask("ann", "PUT", FILES, { headers: FORM_HEADERS, body: endless }),
    );
  });

  it("has more unfinished tasks than it may, also by calls at once", async () => {
    const site = await startSite({}, { workers: 0 });
    const create = (user: string, count: string) =>
      site.ask(user, "PUT", TEXTS, {
        headers: FORM_HEADERS,
        body: form([prompt, ["count", count]]),
      });
    const answers = await Promise.all(Array.from({ length: 8 }, () => create("ann", "1")));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
    expect(answers.find(({ status }) => status === 409)?.detail).toContain("At most 3");
    await refused(site, 409, () => create("ann", "1"));
    expect((await create("bob", "3")).status).toBe(200);
    // Waiting would not help.
    await refused(site, 422, () => create("carl", "4"), /not_allowed/);
    expect((await create("carl", "4")).detail).toMatch(/`count` may be at most 3 [^:]*\.$/);
    // Another instance, without this one's memory, counts the same.
    const other = await startSite({}, {}, onTestFinished, site);
    await refused(other, 409, () =>
      other.ask("ann", "PUT", TEXTS, { headers: FORM_HEADERS, body: form([prompt]) }),
    );
    // A cancelled task makes room for another.
    const [id] = Object.keys(
      JSON.parse((await site.ask("ann", "GET", "/vapi/tasks/progress-summary")).text) as object,
    );
    expect((await site.ask("ann", "DELETE", `/vapi/tasks/queue/${id}`)).status).toBe(204);
    expect((await create("ann", "1")).status).toBe(200);
  });

  it("asks too often", async () => {
    const site = await startSite({
      limits: { rate: ({ owner }) => (owner === "ann" ? 1500 : undefined) },
    });
    await refused(site, 429, () => site.ask("ann", "GET", "/vapi/other/whoami"), /too_often/);
    const { headers } = await site.ask("ann", "GET", "/vapi/other/whoami");
    expect(headers.get("retry-after")).toBe("2");
    expect((await site.ask("bob", "GET", "/vapi/other/whoami")).status).toBe(200);
  });

  it("continues after signing out", async () => {
    const sessions = new Set(["ann"]);
    const site = await startSite({
      owner: (request) => {
        const user = /session=(\w+)-token/.exec(request.headers.get("cookie") ?? "")?.[1] ?? "";
        return sessions.has(user) ? user : undefined;
      },
    });
    const run = await sdxlLighting(site.page("ann"), { prompt: "x" });
    await run.result();
    sessions.delete("ann");
    const { id } = run.tasks[0]!;
    for (const [method, path] of [
      ["GET", `/vapi/tasks/progress/${id}`],
      ["GET", `/vapi/tasks/results?task_id=${id}&node_id=9`],
      ["DELETE", `/vapi/tasks/task?task_id=${id}`],
      ["POST", `/vapi/tasks/restart?task_id=${id}`],
    ] as const)
      await refused(site, 401, () => site.ask("ann", method, path), /no_owner/);
  });

  it("has a site that cannot identify the caller", async () => {
    const site = await startSite({
      owner: () => {
        throw new Error(CANARY);
      },
    });
    const { status, text } = await site.ask("ann", "GET", "/vapi/other/whoami");
    expect(status).toBe(500);
    expect(text).not.toContain(CANARY);
    checkSecrets(site, text);
  });

  it("uses a task that was marked with another secret", async () => {
    const site = await startSite();
    const run = await sdxlLighting(site.page("ann"), { prompt: "x" });
    await run.result();
    const other = await startSite(
      { secret: `${SECRET} of another site` },
      {},
      onTestFinished,
      site,
    );
    const answer = await other.ask("ann", "GET", `/vapi/tasks/progress/${run.tasks[0]!.id}`);
    expect(answer.status).toBe(404);
    const same = await startSite({}, {}, onTestFinished, site);
    const again = await same.ask("ann", "GET", `/vapi/tasks/progress/${run.tasks[0]!.id}`);
    expect(again.status).toBe(200);
  });
});
