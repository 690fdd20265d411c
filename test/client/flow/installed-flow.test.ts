import { describe, expect, it } from "vitest";
import { defineFlow, InvalidParamsError, plan } from "visionatrix-client";
import { flows } from "visionatrix-client/flows";
import type { InstalledFlow } from "../../../generated/tasks.js";
import { listedFlow } from "../../../src/flow/installed-flow.js";
import { standinWithClient } from "../../support/standin.js";

type Input = InstalledFlow["input_params"][number];

function input(more: Partial<Input> & { name: string }): Input {
  return { display_name: "", type: "text", optional: false, default: "", ...more };
}

function flow(inputs: Input[], more: Partial<InstalledFlow> = {}): InstalledFlow {
  return {
    name: "my_flow",
    display_name: "My Flow",
    description: "",
    input_params: inputs,
    version: "1",
    is_seed_supported: false,
    is_count_supported: false,
    is_translations_supported: false,
    ...more,
  };
}

const names = (entry: InstalledFlow): string[] =>
  listedFlow(entry).parameters.map((parameter) =>
    typeof parameter === "string" ? parameter : parameter.name,
  );

const own = (one: Input): unknown => listedFlow(flow([one])).parameters.at(-1);

describe("listedFlow", () => {
  it("has the id, the title and the tags", () => {
    expect(listedFlow(flow([], { tags: ["portrait", "fast"] }))).toMatchObject({
      id: "my_flow",
      title: "My Flow",
      tags: ["portrait", "fast"],
    });
    expect(listedFlow(flow([], { display_name: "" })).title).toBe("my_flow");
  });

  it("names the standard parameters that the flow takes", () => {
    const always = ["group_scope", "priority", "child_task", "webhook_url", "webhook_headers"];
    expect(names(flow([]))).toEqual(always);
    const all = {
      is_seed_supported: true,
      is_count_supported: true,
      is_translations_supported: true,
    };
    expect(names(flow([], all))).toEqual([...always, "seed", "count", "translate"]);
    expect(names(flow([], { ...all, is_surprise_me_supported: true }))).toContain("surprise_me");
    // Servers before 2.7 do not report this.
    expect(names(flow([input({ name: "prompt" })], all))).toContain("surprise_me");
    expect(
      names(flow([input({ name: "prompt" })], { ...all, is_surprise_me_supported: false })),
    ).not.toContain("surprise_me");
  });

  it("leaves out inputs that can never be set, and kinds that the server refuses", () => {
    const inputs = [input({ name: "seed" }), input({ name: "priority" }), input({ name: "" })];
    expect(names(flow([...inputs, input({ name: "x", type: "hologram" })]))).toHaveLength(5);
  });

  it("sorts by order, 99 where there is none, else as listed", () => {
    const inputs = [
      input({ name: "last" }),
      input({ name: "second", order: 2 }),
      input({ name: "first", order: 1 }),
      input({ name: "end", order: 99 }),
    ];
    expect(names(flow(inputs)).slice(5)).toEqual(["first", "second", "last", "end"]);
  });

  it.each([
    [{ type: "text" }, { type: "text", required: true }],
    [{ type: "text", optional: true }, { type: "text" }],
    [
      { type: "text", default: "a cat" },
      { type: "text", default: "a cat" },
    ],
    [
      { type: "number", default: "5" },
      { type: "text", default: "5" },
    ],
    [
      { type: "bool", default: false },
      { type: "boolean", default: false },
    ],
    [
      { type: "list", default: "b", options: { b: 1, a: "x" } },
      { type: "choice", choices: ["b", "a"], default: "b" },
    ],
    [
      { type: "range", default: 4.5, min: 0, max: 20, step: 0.1 },
      { type: "number", default: 4.5, min: 0, max: 20, step: 0.1 },
    ],
    [
      { type: "range_scale", default: 2, min: 1, max: 4, step: 0.1 },
      { type: "number", default: 2, min: 1, max: 4, step: 0.1 },
    ],
    [{ type: "image" }, { type: "file", accept: "image/*", required: true }],
    // The default is the author's sample, which the server does not use.
    [
      { type: "image", default: "x.png" },
      { type: "file", accept: "image/*", required: true },
    ],
    [
      { type: "image-mask", optional: true },
      { type: "file", accept: "image/*" },
    ],
    [{ type: "video" }, { type: "file", accept: "video/*", required: true }],
  ] as const)("reads %j", (listed, expected) => {
    expect(own(input({ name: "x", ...listed }))).toEqual({ name: "x", ...expected });
  });

  it("keeps labels that say more than the name, and the flags", () => {
    expect(own(input({ name: "hair_style", display_name: "发型" }))).toHaveProperty(
      "label",
      "发型",
    );
    expect(own(input({ name: "hair_style", display_name: "Hair style" }))).not.toHaveProperty(
      "label",
    );
    expect(
      own(input({ name: "x", advanced: true, hidden: true, translatable: true })),
    ).toMatchObject({ advanced: true, hidden: true, translatable: true });
  });

  it("keeps only the start of a long default, in whole characters", () => {
    const long = own(input({ name: "x", default: "🦊".repeat(50) })) as { default: string };
    expect(Array.from(long.default)).toHaveLength(40);
    expect(long.default.endsWith("🦊…")).toBe(true);
  });

  it("survives an invalid listing", () => {
    const odd = { ...flow([]), input_params: null, tags: [1, "a"] } as unknown as InstalledFlow;
    expect(listedFlow(odd)).toMatchObject({ tags: ["a"] });
    const limits = input({ name: "x", type: "range", min: NaN, max: Infinity, step: 0 });
    expect(own(limits)).toEqual({ name: "x", type: "number", required: true });
    expect(own(input({ name: "x", type: "list" }))).toMatchObject({ choices: [] });
  });
});

describe("a flow defined from it", () => {
  it("has the same checks as the generated one, for every public flow", async () => {
    const { client } = await standinWithClient();
    const installed = await client.flows();
    expect(installed.length).toBeGreaterThan(50);
    for (const entry of installed) {
      const generated = Object.values(flows).find(({ id }) => id === entry.name);
      const listed = defineFlow(entry.name, listedFlow(entry).parameters);
      const keys = (one: { name: string; type: string; required?: true }[]): unknown =>
        one.map(({ name, type, required }) => ({ name, type, required }));
      // A text in a description may be a number with limits; only the listing shows this.
      const fit = keys(
        generated!.parameters.map((known) =>
          known.type === "text" && typeof known.default === "number"
            ? { ...known, type: "number" }
            : { ...known },
        ),
      );
      expect(keys([...listed.parameters])).toEqual(fit);
    }
  });

  it("runs", async () => {
    const { client } = await standinWithClient();
    const entry = (await client.flows()).find(({ name }) => name === "sdxl_lighting")!;
    const made = defineFlow<Record<string, unknown>>(entry.name, listedFlow(entry).parameters);
    await expect(plan(made, { prompt: "x", batch_size: 11 })).rejects.toThrow(InvalidParamsError);
    const { files } = await made(client, { prompt: "x", steps_number: "4 steps" }).result();
    expect(files).toHaveLength(1);
  });
});
