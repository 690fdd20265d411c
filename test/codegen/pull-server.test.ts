/** What `pull` requests from a server besides its description. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerResponse } from "node:http";
import { readDescription, type FlowModel } from "visionatrix-codegen";
import { startStandin } from "visionatrix-standin";
import { describe, expect, onTestFinished, test } from "vitest";
import { pull, type PullInput, type PullReport } from "../../codegen/src/commands/pull.js";
import { texts } from "./hostile/texts.js";
import { oneFlow, serverDocument, SNAPSHOT } from "./support/documents.js";
import { send, serve, type Seen } from "./support/server.js";
import { tempDir } from "./support/temp.js";

/** A flow as a server lists it. */
function listed(facts: object = {}, input: object = {}): object {
  return {
    name: "paint",
    display_name: " Paint ",
    tags: ["art", "", "art", 7],
    version: "1.0.0",
    hidden: false,
    private: true,
    description: "Prose that is not ours to keep.",
    is_seed_supported: false,
    is_count_supported: false,
    is_translations_supported: false,
    input_params: [
      {
        name: "prompt",
        display_name: "Prompt",
        type: "text",
        optional: true,
        advanced: true,
        hidden: false,
        translatable: true,
        default: "a cat",
        comfy_node_id: { 1: ["inputs", "text"] },
        ...input,
      },
    ],
    ...facts,
  };
}

const WORKFLOW = {
  1: { class_type: "VixUiPrompt", inputs: { text: "a cat" } },
  9: { class_type: "SaveImage", inputs: { images: ["1", 0] } },
};

const prompt = { type: "string", description: "Prompt", default: "a cat" };
const paint = (properties: object = { prompt }): string => oneFlow(properties, { id: "paint" });

interface Answers {
  /** The description for the requested `flows`. */
  description?: (flows: string) => string;
  listing?: unknown;
  details?: (name: string, response: ServerResponse) => void;
}

/** A server with the given responses; undefined means 404. */
async function server({
  description,
  listing,
  details,
}: Answers): Promise<{ url: string; seen: Seen[] }> {
  return serve((request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    if (url.pathname === "/vix/openapi/flows.json") {
      send(response, (description ?? ((): string => paint()))(url.searchParams.get("flows") ?? ""));
    } else if (url.pathname === "/vix/vapi/flows/installed" && listing !== undefined) {
      send(response, typeof listing === "string" ? listing : JSON.stringify(listing));
    } else if (url.pathname === "/vix/vapi/flows/flow-details" && details !== undefined) {
      details(url.searchParams.get("name") ?? "", response);
    } else send(response, '{"detail":"Not found"}', { status: 404 });
  });
}

const workflow = (_name: string, response: ServerResponse): void =>
  send(response, JSON.stringify({ flow: {}, flow_comfy: WORKFLOW }));

const forAdmins = (_name: string, response: ServerResponse): void =>
  send(response, '{"detail":"Admin privilege required"}', { status: 401 });

async function pullFrom(
  url: string,
  out = join(tempDir(), "flows.openapi.json"),
  options: Partial<PullInput> = {},
): Promise<{ out: string; report: PullReport; text: string; flow: FlowModel }> {
  const report = await pull({
    from: `${url}/vix`,
    out,
    env: {},
    timeoutMs: 5_000,
    maxBytes: 32e6,
    ...options,
  });
  const text = readFileSync(out, "utf8");
  const [flow] = readDescription(text).flows;
  if (flow === undefined) throw new Error("no flow");
  return { out, report, text, flow };
}

const FACTS = {
  title: "Paint",
  tags: ["art"],
  version: "1.0.0",
  private: true,
  outputs: [{ node: 9, kind: "image" }],
} as const;

test("names, tags, version and flags from the listing, outputs from the workflow, no prose", async () => {
  const { url } = await server({ listing: [listed()], details: workflow });
  const { flow, report, text } = await pullFrom(url);
  expect(flow).toMatchObject(FACTS);
  expect(flow.parameters).toMatchObject([{ name: "prompt", advanced: true, translatable: true }]);
  expect(flow).not.toHaveProperty("hidden");
  expect(report.asked).toEqual({ stale: [] });
  expect(text).not.toContain("Prose");
});

test("a second pull changes no byte", async () => {
  const { url } = await server({ listing: [listed()], details: workflow });
  const first = await pullFrom(url);
  const second = await pullFrom(url, first.out);
  expect(second.report).toMatchObject({ written: false, changed: [] });
  expect(second.text).toBe(first.text);
});

test("credentials go along", async () => {
  const { url, seen } = await server({ listing: [listed()], details: workflow });
  await pullFrom(url, undefined, { env: { VIX_USERNAME: "u", VIX_PASSWORD: "p" } });
  expect(seen).toHaveLength(3);
  expect(new Set(seen.map(({ headers }) => headers.authorization)).size).toBe(1);
  expect(seen[0]?.headers.authorization).toMatch(/^Basic /);
});

describe("what a server does not provide", () => {
  test("without an admin's rights, outputs stay as in the snapshot; no request is repeated", async () => {
    const admin = await server({ listing: [listed()], details: workflow });
    const { out } = await pullFrom(admin.url);
    const second = { ...listed(), name: "second" };
    const user = await server({
      listing: [listed({ version: "1.0.1" }), second],
      details: forAdmins,
    });
    const { flow, report } = await pullFrom(user.url, out);
    expect(flow).toMatchObject({ ...FACTS, version: "1.0.1" });
    expect(report.asked).toMatchObject({ noWorkflows: "unauthorized" });
    expect(user.seen.filter(({ url }) => url.includes("flow-details"))).toHaveLength(1);
  });

  test.each([
    ["no such endpoint", undefined, "not_found"],
    ["no list", {}, "not_a_listing"],
    ["no JSON", "{", "json_cut"],
    ["a page", "<html>", "json_is_html"],
  ])("of the listing: %s", async (_, listing, code) => {
    const { out } = await pullFrom((await server({ listing: [listed()], details: workflow })).url);
    const { flow, report } = await pullFrom((await server({ listing })).url, out);
    expect(flow).toMatchObject(FACTS);
    expect(flow.parameters[0]).toMatchObject({ advanced: true, translatable: true });
    expect(report).toMatchObject({ written: false, asked: { noListing: code } });
  });

  test("from a document, what the snapshot knew of flows whose parameters did not change", async () => {
    const { out } = await pullFrom((await server({ listing: [listed()], details: workflow })).url);
    const same = await serve((_, response) => send(response, paint()));
    const from = `${same.url}/doc.json`;
    expect((await pullFrom("", out, { from })).flow).toMatchObject(FACTS);
    const other = await serve((_, response) =>
      send(response, paint({ prompt: { ...prompt, default: "a dog" } })),
    );
    const { flow } = await pullFrom("", out, { from: `${other.url}/doc.json` });
    expect(Object.keys(flow)).toEqual(["id", "parameters"]);
    expect(flow.parameters[0]).not.toHaveProperty("advanced");
  });

  test("of one workflow leaves the others", async () => {
    const names = ["a", "b", "c"];
    const document = serverDocument({
      flows: names.map((id) => ({ ...(readDescription(paint()).flows[0] as FlowModel), id })),
    });
    const { url } = await server({
      description: () => document,
      listing: names.map((name) => ({ ...listed(), name })),
      details: (name, response) => {
        if (name === "a") send(response, "{}", { status: 404 });
        else if (name === "b") send(response, "not JSON");
        else workflow(name, response);
      },
    });
    const { text, report } = await pullFrom(url);
    expect(readDescription(text).flows.map(({ outputs }) => outputs)).toEqual([
      undefined,
      undefined,
      FACTS.outputs,
    ]);
    expect(report.asked).toEqual({ stale: [] });
  });
});

describe("a file with a default", () => {
  const file = {
    anyOf: [{ type: "string", format: "binary" }, { type: "string" }],
    contentMediaType: "image/*",
    description: "Photo",
    default: "sample.png",
  };
  const input = (optional: boolean): object => ({
    name: "photo",
    display_name: "Photo",
    type: "image",
    optional,
    default: "sample.png",
  });

  test.each([true, false])(
    "is required where the listing says so: optional %s",
    async (optional) => {
      const { url } = await server({
        description: () => paint({ photo: file }),
        listing: [listed({ input_params: [input(optional)] })],
      });
      const { flow, out, report } = await pullFrom(url);
      expect(flow.parameters).toMatchObject([{ name: "photo", required: !optional }]);
      expect(report.asked?.stale).toEqual([]);
      // A description alone does not show whether the file is required, so it changes nothing.
      const { flow: later } = await pullFrom(
        (await server({ description: () => paint({ photo: file }) })).url,
        out,
      );
      expect(later.parameters).toMatchObject([{ name: "photo", required: !optional }]);
    },
  );
});

describe("a stale schema", () => {
  const NEW = { prompt, size: { type: "string", description: "Size" } };
  const listing = [
    listed({
      version: "2.0.0",
      input_params: [
        ...(listed() as { input_params: object[] }).input_params,
        { name: "size", display_name: "Size", type: "text", optional: true, default: "" },
      ],
    }),
  ];
  const OFTEN_ASKED = new Set(["*", "paint"]);

  test("is requested again, in a list of names that the server never saw", async () => {
    const { url, seen } = await server({
      listing,
      description: (flows) => (OFTEN_ASKED.has(flows) ? paint() : paint(NEW)),
    });
    const { flow, report, out } = await pullFrom(url);
    expect(flow.parameters.map(({ name }) => name)).toEqual(["prompt", "size"]);
    expect(flow.version).toBe("2.0.0");
    expect(report.asked?.stale).toEqual([]);
    await pullFrom(url, out);
    const asked = seen.map((request) => request.url).filter((each) => each.includes("openapi"));
    expect(asked).toHaveLength(6);
    expect(asked[1]).toMatch(/\?flows=anew_[0-9a-f]{32}$/);
    expect(asked[2]).toMatch(/\?flows=paint,anew_[0-9a-f]{32}$/);
    expect(new Set(asked).size).toBe(5);
  });

  test("of a replaced flow is not kept by the server", async () => {
    const document = JSON.parse(paint()) as { paths: object };
    const { paths } = JSON.parse(oneFlow({ words: prompt }, { id: "other" })) as { paths: object };
    const flows = { ...document, paths: { ...document.paths, ...paths } };
    const standin = await startStandin({ workers: 0, flows });
    onTestFinished(() => standin.close());
    const out = join(tempDir(), "flows.openapi.json");
    const last = async (): Promise<string | undefined> => {
      await pull({ from: standin.url, out, env: {}, timeoutMs: 5_000, maxBytes: 32e6 });
      const { flows: read } = readDescription(readFileSync(out, "utf8"));
      return read.find(({ id }) => id === "paint")?.parameters.at(-1)?.name;
    };
    expect(await last()).toBe("prompt");
    await fetch(`${standin.url}/vapi/flows/clone-flow`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        original_flow_name: "other",
        new_name: "paint",
        metadata: { display_name: "Paint" },
      }),
    });
    expect(await last()).toBe("words");
  });

  test("that stays is reported, and gets no version that it does not have", async () => {
    const { url } = await server({ listing });
    const { flow, report } = await pullFrom(url);
    expect(report.asked?.stale).toEqual(["paint"]);
    expect(flow.title).toBe("Paint");
    expect(flow.version).toBeUndefined();
  });

  test("that lacks a new flow gets it", async () => {
    const { url } = await server({
      listing: [listed(), { ...listed(), name: "new" }],
      description: (flows) => (flows === "*" ? paint() : oneFlow({ prompt }, { id: "new" })),
    });
    const { report, text } = await pullFrom(url);
    expect(report).toMatchObject({ flows: 2, added: ["new", "paint"], asked: { stale: [] } });
    expect(text).toContain("/vapi/tasks/create/new");
  });

  test("is not asked for where all agree", async () => {
    const { url, seen } = await server({ listing: [listed()] });
    await pullFrom(url);
    expect(seen.filter((request) => request.url.includes("openapi"))).toHaveLength(1);
  });
});

test("hostile texts in the listing are kept as texts or left out", async () => {
  for (const { name } of texts.slice(0, 40)) {
    const text = `*/ ${name} \u0000\u202e\u2028"'\``;
    const { url } = await server({
      listing: [
        listed({ display_name: text, tags: [text, "\ud800", "x".repeat(5_000)], version: {} }),
        { name: "__proto__", input_params: 7 },
        { name: 7 },
        null,
      ],
      details: (_name, response) =>
        send(response, `{"flow_comfy":{"__proto__":{"class_type":"SaveImage"},"9":[]}}`),
    });
    const { flow, text: snapshot } = await pullFrom(url);
    expect(flow.title).toBe(text);
    expect(flow.tags).toEqual([text]);
    expect(flow.version).toBeUndefined();
    expect(flow.outputs).toBeUndefined();
    // eslint-disable-next-line no-control-regex -- what must not stand there
    expect(snapshot).not.toMatch(/[\u0000-\u0009\u202e\u2028]/);
  }
});

test("a server with the public flows tells what the committed snapshot holds", async () => {
  const standin = await startStandin();
  onTestFinished(() => standin.close());
  const out = join(tempDir(), "flows.openapi.json");
  const report = await pull({ from: standin.url, out, env: {}, timeoutMs: 20_000, maxBytes: 32e6 });
  expect(report.asked).toEqual({ stale: [] });
  // The stand-in's workflows are invented.
  const withoutOutputs = (text: string): object[] =>
    readDescription(text).flows.map((flow) => ({ ...flow, outputs: undefined }));
  expect(withoutOutputs(readFileSync(out, "utf8"))).toEqual(withoutOutputs(SNAPSHOT));
});
