/** Sections 2.1 and 2.2: how descriptions show each parameter, and their oddities. */
import { expect } from "vitest";
import { type Case, rows } from "./case.js";
import { FLOW, type Json, type Target } from "./target.js";

interface Operation {
  readonly responses: Record<string, { content?: Json }>;
  readonly requestBody?: { content: Json; required?: boolean };
}

interface Schema {
  readonly properties: Record<string, Json>;
  readonly required?: readonly string[];
}

interface Description {
  readonly security?: unknown;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Schema>; securitySchemes?: unknown };
}

async function describe(target: Target, query: string): Promise<Description> {
  return (await target.get(`/openapi/flows.json${query}`)).json() as Description;
}

interface Listed {
  readonly name: string;
  readonly display_name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly default: string | number | boolean | null;
  readonly options?: Json;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
}

interface ListedFlow {
  readonly name: string;
  readonly input_params: readonly Listed[];
}

const STANDARD = ["seed", "count", "translate"];

/** The schema of a parameter, without its title and the spelling of bytes. */
function expected({ type, display_name, options = {}, min, max, step, ...one }: Listed): Json {
  const shapes: Record<string, Json> = {
    list: { type: "string", enum: Object.keys(options) },
    bool: { type: "boolean" },
    range: { type: "number", minimum: min, maximum: max, multipleOf: step },
    image: { contentMediaType: "image/*" },
    "image-mask": { contentMediaType: "image/*" },
    video: { contentMediaType: "video/*" },
  };
  const hasDefault = one.default !== "" && one.default !== null;
  return {
    ...(shapes[type] ?? { type: "string" }),
    description: display_name,
    ...(hasDefault ? { default: one.default } : {}),
  };
}

/** Each parameter of each flow, as listed and as described. */
async function parameters(target: Target): Promise<[listed: Listed, schema: Schema][]> {
  const flows = (await target.get("/vapi/flows/installed")).json() as ListedFlow[];
  const { schemas } = (await describe(target, "?flows=*")).components;
  return flows.flatMap(({ name, input_params }) =>
    input_params.flatMap((listed): [Listed, Schema][] => {
      const schema = schemas[`TaskRun_${name}`];
      return schema === undefined || STANDARD.includes(listed.name) ? [] : [[listed, schema]];
    }),
  );
}

const inputs: readonly Case[] = [
  {
    section: "2.1",
    name: "describes each parameter of each flow by its kind, choices, limits and default",
    run: async (target) => {
      const all = await parameters(target);
      expect(all.length).toBeGreaterThan(0);
      for (const [listed, { properties }] of all) {
        const { title, anyOf, ...rest } = properties[listed.name] ?? {};
        expect(rest, listed.name).toEqual(expected(listed));
        expect(String(title).toLowerCase()).toBe(listed.name.replaceAll("_", " ").toLowerCase());
        expect(anyOf !== undefined, listed.name).toBe(
          /^(image|image-mask|video)$/.test(listed.type),
        );
      }
    },
  },
  {
    section: "2.1",
    name: "requires a parameter that is not optional and has no default, and no other",
    run: async (target) => {
      for (const [listed, { required = [] }] of await parameters(target)) {
        const without = listed.default === "" || listed.default === null;
        expect(required.includes(listed.name), listed.name).toBe(without && !listed.optional);
      }
    },
  },
  {
    section: "2.1",
    name: "names the standard properties' limits and defaults, the 1 of the seed among them",
    run: async (target) => {
      const { schemas } = (await describe(target, `?flows=${FLOW}`)).components;
      const { properties = {} } = schemas[`TaskRun_${FLOW}`] ?? {};
      expect(properties).toMatchObject({
        group_scope: { type: "integer", minimum: 1, maximum: 255, default: 1 },
        priority: { type: "integer", minimum: 0, maximum: 15, default: 0 },
        child_task: { type: "integer", default: 0 },
        webhook_url: { type: "string", default: "" },
        webhook_headers: { type: "string", default: "" },
        seed: { type: "integer", default: 1 },
        count: { type: "integer", minimum: 1, default: 1 },
        translate: { type: "integer", default: 0 },
      });
      expect(properties["seed"]).not.toHaveProperty("minimum");
    },
  },
  {
    section: "2.1",
    name: "describes the create of a flow as multipart, with two answers",
    run: async (target) => {
      const { paths } = await describe(target, `?flows=${FLOW}`);
      const { requestBody, responses } = paths[`/vapi/tasks/create/${FLOW}`]?.["put"] ?? {};
      expect(requestBody).toEqual({
        required: true,
        content: {
          "multipart/form-data": { schema: { $ref: `#/components/schemas/TaskRun_${FLOW}` } },
        },
      });
      expect(Object.keys(responses ?? {})).toEqual(["200", "422"]);
    },
  },
];

const oddities: readonly Case[] = [
  {
    section: "2.2",
    name: "writes limits as floats, those of integers too",
    run: async (target) => {
      const { text } = await target.get(`/openapi/flows.json?flows=${FLOW}`);
      expect(text).toMatch(/"maximum":\s*255\.0/);
      expect(text).toMatch(/"multipleOf":\s*1\.0/);
      expect(text).not.toMatch(/"(?:minimum|maximum|multipleOf)":\s*-?\d+[,}]/);
    },
  },
  ...rows(
    [
      ["put", "/vapi/tasks/create-sync/{name}"],
      ["put", "/vapi/tasks/results"],
    ] as const,
    (method, path) => ({
      section: "2.2",
      name: `declares ${path} as a plain form`,
      run: async (target) => {
        const { paths } = await describe(target, "");
        expect(Object.keys(paths[path]?.[method]?.requestBody?.content ?? {})).toEqual([
          "application/x-www-form-urlencoded",
        ]);
      },
    }),
  ),
  {
    section: "2.2",
    name: "declares no content for the ZIP of a create that waits",
    run: async (target) => {
      const { paths } = await describe(target, "");
      const answer = paths["/vapi/tasks/create-sync/{name}"]?.["put"]?.responses["200"];
      expect(answer).toBeDefined();
      expect(answer).not.toHaveProperty("content");
    },
  },
  ...["/vapi/tasks/results", "/vapi/tasks/inputs"].map((path): Case => ({
    section: "2.2",
    name: `declares a file of ${path} as JSON or bytes, without a schema`,
    run: async (target) => {
      const { paths } = await describe(target, "");
      const content = paths[path]?.["get"]?.responses["200"]?.content;
      expect(content).toMatchObject({ "application/json": { schema: {} } });
      expect(content).toHaveProperty(["application/octet-stream"]);
    },
  })),
  {
    section: "2.2",
    name: "says nothing of credentials",
    run: async (target) => {
      const { security, components } = await describe(target, "?flows=*");
      expect(security).toBeUndefined();
      expect(components.securitySchemes).toBeUndefined();
    },
  },
];

export const describedInputsCases: readonly Case[] = [...inputs, ...oddities];
