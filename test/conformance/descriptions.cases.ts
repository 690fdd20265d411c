/** Section 2: the server's own descriptions. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FILE_FLOW, FLOW, type Json, type Target } from "./target.js";

interface Description {
  readonly info: Json;
  readonly servers?: { url: string }[];
  readonly paths: Record<string, { put?: { operationId?: string } }>;
  readonly components: {
    schemas: Record<string, { properties?: Record<string, Json>; required?: string[] }>;
  };
}

async function describe(target: Target, query = ""): Promise<Description> {
  const answer = await target.get(`/openapi/flows.json${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json() as Description;
}

function flowsOf({ paths }: Description): string[] {
  return Object.keys(paths).flatMap((key) => /\/create\/([^{]+)$/.exec(key)?.slice(1) ?? []);
}

export const descriptionsCases: readonly Case[] = [
  {
    section: "2",
    name: "gives the framework's own document at /openapi.json",
    run: async (target) => {
      const document = (await target.get("/openapi.json")).json() as Description;
      expect(document.info).toEqual({ title: "FastAPI", version: "0.1.0" });
      expect(document.servers).toBeUndefined();
    },
  },
  {
    section: "2",
    name: "gives base endpoints and a wrong server address at /openapi/flows.json",
    run: async (target) => {
      const document = await describe(target);
      expect(document.info["title"]).toBe("visionatrix");
      expect(document.servers?.[0]?.url).toBe("http://localhost:8288");
      expect(document.paths).toHaveProperty(["/vapi/tasks/progress-summary"]);
      expect(flowsOf(document)).toEqual([]);
    },
  },
  {
    section: "2",
    name: "describes all installed flows for *",
    run: async (target) => {
      const installed = (await target.get("/vapi/flows/installed")).json() as Json[];
      const flows = flowsOf(await describe(target, "?flows=*"));
      expect(flows.sort()).toEqual(installed.map((one) => one["name"]).sort());
    },
  },
  {
    section: "2",
    name: "shows the flows last asked for in the framework's own document too",
    run: async (target) => {
      const shown = async (): Promise<string[]> =>
        flowsOf((await target.get("/openapi.json")).json() as Description);
      await describe(target);
      await describe(target, `?flows=${FLOW}`);
      expect(await shown()).toEqual([FLOW]);
      // The server rebuilds it when routes are added, not when they are removed.
      await describe(target);
      expect(await shown()).toEqual([FLOW]);
      await describe(target, `?flows=${FILE_FLOW}`);
      expect(await shown()).toEqual([FILE_FLOW]);
    },
  },
  ...rows(
    [
      [FLOW, [FLOW]],
      [`${FLOW},%20${FILE_FLOW}%20`, [FLOW, FILE_FLOW]],
      [`${FLOW},no_such_flow`, [FLOW]],
      [FLOW.toUpperCase(), []],
    ] as const,
    (list, flows) => ({
      section: "2",
      name: `describes ${flows.length} flows for ${list}`,
      run: async (target) => {
        expect(flowsOf(await describe(target, `?flows=${list}`)).sort()).toEqual([...flows].sort());
      },
    }),
  ),
  {
    section: "2",
    name: "refuses skip_not_installed=perhaps",
    run: async (target) => {
      expect((await target.get("/openapi/flows.json?skip_not_installed=perhaps")).status).toBe(422);
    },
  },
  ...rows(
    [
      ["", 200],
      ["?flows=*", 200],
      [`?flows=${FLOW},${FILE_FLOW}`, 200],
      ["?flows=", 400],
      ["?flows=a-b", 400],
      ["?flows=a%20b", 400],
    ] as const,
    (query, status) => ({
      section: "2",
      name: `answers ${status} at /docs/flows${query}`,
      run: async (target) => {
        const answer = await target.get(`/docs/flows${query}`);
        expect(answer.status).toBe(status);
        if (status === 400) {
          expect(answer.json()).toEqual({
            detail: "Invalid characters in 'flows' query parameter.",
          });
        }
      },
    }),
  ),
  {
    section: "2.1",
    name: "puts the standard properties before the flow's own",
    run: async (target) => {
      const { components } = await describe(target, `?flows=${FLOW}`);
      const schema = components.schemas[`TaskRun_${FLOW}`];
      expect(Object.keys(schema?.properties ?? {}).slice(0, 9)).toEqual([
        "group_scope",
        "priority",
        "child_task",
        "webhook_url",
        "webhook_headers",
        "seed",
        "count",
        "translate",
        "prompt",
      ]);
      expect(schema?.required).toEqual(["prompt"]);
    },
  },
  {
    section: "2.1",
    name: "leaves out standard properties that a flow does not take",
    run: async (target) => {
      const { components } = await describe(target, `?flows=${FILE_FLOW}`);
      const properties = components.schemas[`TaskRun_${FILE_FLOW}`]?.properties ?? {};
      expect(properties).not.toHaveProperty("seed");
      expect(properties).toHaveProperty("group_scope");
    },
  },
  {
    section: "2.1",
    name: "describes a file in one of two spellings, with a text beside it",
    run: async (target) => {
      const { components } = await describe(target, `?flows=${FILE_FLOW}`);
      const image = components.schemas[`TaskRun_${FILE_FLOW}`]?.properties?.["input_image"];
      const [bytes, text] = image?.["anyOf"] as Json[];
      expect([bytes?.["format"], bytes?.["contentMediaType"]]).toEqual(
        bytes?.["format"] === undefined
          ? [undefined, "application/octet-stream"]
          : ["binary", undefined],
      );
      expect(text).toEqual({ type: "string" });
      expect(image?.["contentMediaType"]).toBe("image/*");
    },
  },
  {
    section: "2.1",
    name: "names operations and schemas after the flow, and sorts the schemas",
    run: async (target) => {
      const { components, paths } = await describe(target, "?flows=*");
      expect(paths[`/vapi/tasks/create/${FLOW}`]?.put?.operationId).toBe(`run_${FLOW}`);
      const names = Object.keys(components.schemas);
      expect(names).toEqual([...names].sort());
    },
  },
  {
    section: "2.2",
    name: "calls a scale factor a string with a number for its default",
    run: async (target) => {
      const { components } = await describe(target, "?flows=supir_upscaler");
      const schema = components.schemas["TaskRun_supir_upscaler"];
      expect(schema?.properties?.["scale_factor"]).toMatchObject({ type: "string", default: 2 });
    },
  },
];
