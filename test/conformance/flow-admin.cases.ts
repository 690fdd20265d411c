/** Sections 8.1 and 2: flows that are added, removed and changed, and how descriptions show this. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { INSTALL_MS } from "./setups.js";
import { FLOW, type Json, type Target } from "./target.js";

const REPLACES = "a real server would have to download models, or would lose a flow";
const SPOILS = "no flow of a real server is spoiled for a test";

const METADATA = {
  display_name: "Mine",
  description: "What it does.",
  license: "MIT",
  required_memory_gb: 6.5,
  version: "3.0",
};

async function detail(
  target: Target,
  request: readonly [method: string, path: string, body?: Json],
  status: number,
  text: string,
): Promise<void> {
  const [method, path, body] = request;
  const answer = await target.json(method, path, body);
  expect(answer.json()).toEqual({ detail: text });
  expect(answer.status).toBe(status);
}

async function listed(target: Target, name: string): Promise<Json | undefined> {
  const flows = (await target.get("/vapi/flows/installed")).json() as Json[];
  return flows.find((one) => one["name"] === name);
}

async function installation(target: Target, name: string): Promise<Json | undefined> {
  const all = (await target.get("/vapi/flows/install-progress")).json() as Json[];
  return all.find((one) => one["name"] === name);
}

/** Names of a flow's parameters in a description; undefined if the description does not contain the flow. */
async function described(
  target: Target,
  query: string,
  flow: string,
): Promise<string[] | undefined> {
  const document = (await target.get(`/openapi/flows.json?${query}`)).json() as {
    components: { schemas: Record<string, { properties: Json }> };
  };
  const schema = document.components.schemas[`TaskRun_${flow}`];
  return schema && Object.keys(schema.properties);
}

const clone = (from: string, to: string, metadata: Json = METADATA): Json => ({
  original_flow_name: from,
  new_name: to,
  metadata,
});

const installing: readonly Case[] = [
  {
    section: "8.1",
    name: "is without a flow while it is installed, shows how far that is, and refuses a second time",
    setup: "installing",
    standinOnly: REPLACES,
    run: async (target) => {
      const path = `/vapi/flows/flow?name=${FLOW.toUpperCase()}`;
      expect((await target.send("POST", path)).status).toBe(204);
      await target.standin.clock.advance(INSTALL_MS / 2);
      const { progress } = (await installation(target, FLOW)) as { progress: number };
      expect(progress).toBeGreaterThan(0);
      expect(progress).toBeLessThanOrEqual(99);
      expect((await target.create(FLOW, [["prompt", "x"]])).status).toBe(404);
      const busy = "Installation of this flow is already in progress.";
      await detail(target, ["POST", path], 409, busy);
      await detail(target, ["POST", "/vapi/flows/clone-flow", clone("flux1_dev", FLOW)], 409, busy);
      await target.standin.clock.advance(INSTALL_MS);
      expect(await installation(target, FLOW)).toMatchObject({ progress: 100, error: "" });
      expect((await target.create(FLOW, [["prompt", "x"]])).status).toBe(200);
    },
  },
  {
    section: "8.1",
    name: "answers 204 to removing a flow that is not there",
    run: async (target) => {
      const answer = await target.send("DELETE", "/vapi/flows/flow?name=no_such_flow");
      expect(answer.status).toBe(204);
    },
  },
  {
    section: "8.1",
    name: "leaves the queued tasks of a flow that is removed",
    setup: "spare",
    standinOnly: REPLACES,
    run: async (target) => {
      const id = await target.task([], "two_outputs");
      await target.send("DELETE", "/vapi/flows/flow?name=two_outputs");
      expect(await target.details(id)).toMatchObject({ progress: 0, error: "" });
      await target.send("POST", "/vapi/flows/flow?name=two_outputs");
    },
  },
  {
    section: "8.1",
    name: "forgets the record of an installation, whose name it takes to the letter",
    setup: "spare",
    standinOnly: REPLACES,
    run: async (target) => {
      const path = "/vapi/flows/install-progress?name=";
      await detail(target, ["DELETE", `${path}NEEDS_PHOTO`], 404, "Can't find `NEEDS_PHOTO`.");
      expect((await target.send("DELETE", `${path}needs_photo`)).status).toBe(204);
      expect(await installation(target, "needs_photo")).toBeUndefined();
      expect(await listed(target, "needs_photo")).toBeDefined();
    },
  },
  ...rows(
    [
      [FLOW, 412, `Flow \`${FLOW}\` does not have a newer version.`],
      ["no_such_flow", 404, "Can't find `no_such_flow` in installed flows."],
    ] as const,
    (name, status, text) => ({
      section: "8.1",
      name: `answers ${status} to an update of ${name}`,
      ...(status === 412 ? { standinOnly: "a real server may have a newer version" } : {}),
      run: (target) =>
        detail(target, ["POST", `/vapi/flows/flow-update?name=${name}`], status, text),
    }),
  ),
];

const copies: readonly Case[] = [
  {
    section: "8.1",
    name: "copies a flow under a name in lower case, which no catalogue has",
    setup: "spare",
    standinOnly: SPOILS,
    run: async (target) => {
      const answer = await target.json(
        "POST",
        "/vapi/flows/clone-flow",
        clone("two_outputs", "My_Copy"),
      );
      expect(answer.status).toBe(204);
      expect(await listed(target, "my_copy")).toMatchObject({ ...METADATA, private: true });
      expect((await target.create("my_copy", [["prompt", "x"]])).status).toBe(200);
      const text = "Can't find `my_copy` in available flows.";
      await detail(target, ["POST", "/vapi/flows/flow-update?name=my_copy"], 404, text);
    },
  },
  {
    section: "8.1",
    name: "copies no flow that is not there",
    run: (target) =>
      detail(
        target,
        ["POST", "/vapi/flows/clone-flow", clone("No_Such_Flow", "copy")],
        404,
        "Cannot find original flow named 'no_such_flow'.",
      ),
  },
  {
    section: "8.1",
    name: "wants a name for what it copies and edits",
    run: async (target) => {
      const copied = await target.json("POST", "/vapi/flows/clone-flow", clone(FLOW, "copy", {}));
      expect(copied.status).toBe(422);
      const path = `/vapi/flows/flow-metadata?name=${FLOW}`;
      expect((await target.json("PUT", path, {})).status).toBe(422);
    },
  },
  {
    section: "8.1",
    name: "edits what is said of a flow when all of it is sent",
    setup: "spare",
    standinOnly: SPOILS,
    run: async (target) => {
      const path = "/vapi/flows/flow-metadata?name=SAMPLE_FILE";
      expect((await target.json("PUT", path, METADATA)).status).toBe(204);
      expect(await listed(target, "sample_file")).toMatchObject(METADATA);
    },
  },
  {
    section: "8.1",
    name: "edits no flow that is not there",
    run: (target) =>
      detail(
        target,
        ["PUT", "/vapi/flows/flow-metadata?name=no_such_flow", METADATA],
        404,
        "Flow 'no_such_flow' not found.",
      ),
  },
  ...rows(
    [
      ["is removed", "DELETE"],
      ["is installed again", "POST"],
    ] as const,
    (cure, method) => ({
      section: "8.1",
      name: `neither lists nor creates anything after an edit that left something out, until the flow ${cure}`,
      setup: "spare",
      standinOnly: SPOILS,
      run: async (target) => {
        const edit = { display_name: "Half of it" };
        const path = "/vapi/flows/flow-metadata?name=two_outputs";
        expect((await target.json("PUT", path, edit)).status).toBe(204);
        for (const answer of [
          await target.get("/vapi/flows/installed"),
          await target.create("needs_photo", [["prompt", "x"]]),
          await target.create("two_outputs", [["prompt", "x"]]),
        ]) {
          expect(answer).toMatchObject({ status: 500, text: "Internal Server Error" });
        }
        await target.send(method, "/vapi/flows/flow?name=two_outputs");
        expect((await target.get("/vapi/flows/installed")).status).toBe(200);
        await target.send("POST", "/vapi/flows/flow?name=two_outputs");
        expect((await target.create("two_outputs", [["prompt", "x"]])).status).toBe(200);
      },
    }),
  ),
];

const descriptions: readonly Case[] = [
  {
    section: "2",
    name: "describes flows that are not installed where it is asked not to skip them",
    setup: "spare",
    standinOnly: REPLACES,
    run: async (target) => {
      await target.send("DELETE", "/vapi/flows/flow?name=needs_photo");
      const shown = (query: string): Promise<string[] | undefined> =>
        described(target, query, "needs_photo");
      expect(await shown("flows=*")).toBeUndefined();
      expect(await shown("flows=needs_photo")).toBeUndefined();
      expect(await shown("flows=*&skip_not_installed=false")).toContain("photo");
      expect(await shown("flows=needs_photo&skip_not_installed=false")).toContain("photo");
      await target.send("POST", "/vapi/flows/flow?name=needs_photo");
    },
  },
  {
    section: "2",
    name: "describes a flow that was replaced as it was, until it is asked for a list that it never made",
    setup: "spare",
    standinOnly: REPLACES,
    run: async (target) => {
      const shown = (query: string): Promise<string[] | undefined> =>
        described(target, query, "sample_file");
      expect(await shown("flows=*")).toContain("photo");
      const body = clone("two_outputs", "sample_file");
      expect((await target.json("POST", "/vapi/flows/clone-flow", body)).status).toBe(204);
      expect(await shown("flows=*")).toContain("photo");
      // Its route is removed, but the cached document is still returned.
      await described(target, "flows=", "sample_file");
      expect(await shown("flows=*")).toContain("photo");
      await described(target, "flows=", "sample_file");
      expect(await shown("flows=sample_file,needs_photo")).toEqual(
        expect.arrayContaining(["seed", "prompt"]),
      );
      // For all flows, the catalogue's definition replaces the installed one.
      await described(target, "flows=", "sample_file");
      expect(await shown("flows=*&skip_not_installed=false")).toContain("photo");
      await target.standin.restart();
      expect(await shown("flows=*")).not.toContain("photo");
      await target.send("POST", "/vapi/flows/flow?name=sample_file");
    },
  },
  ...["/docs", "/redoc"].map((path): Case => ({
    section: "2",
    name: `has a page at ${path}`,
    run: async (target) => {
      const answer = await target.get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    },
  })),
  {
    section: "2.1",
    name: "describes hidden inputs too",
    run: async (target) => {
      expect(await described(target, `flows=${FLOW}`, FLOW)).toContain("batch_size");
    },
  },
];

export const flowAdminCases: readonly Case[] = [...installing, ...copies, ...descriptions];
