import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { readDescription, type Model } from "visionatrix-codegen";
import { describe, expect, test } from "vitest";
import { check } from "../../codegen/src/commands/check.js";
import { generate, type GenerateReport } from "../../codegen/src/commands/generate.js";
import { sha256 } from "../../codegen/src/write/manifest.js";
import { oneFlow, PUBLIC_FLOWS, SNAPSHOT } from "./support/documents.js";
import { modified, readTree, tempDir } from "./support/temp.js";

const runtime = "visionatrix-client";
const FEW: Model = { flows: PUBLIC_FLOWS.flows.slice(0, 4) };
const [FIRST, SECOND] = FEW.flows;
if (FIRST === undefined || SECOND === undefined) throw new Error("the snapshot has flows");

/** `FEW` with another second flow, and without the last. */
const OTHER: Model = {
  flows: [
    FIRST,
    { ...SECOND, parameters: SECOND.parameters.slice(0, -1) },
    ...FEW.flows.slice(2, -1),
  ],
};

function into(out: string, model: Model = FEW): Promise<GenerateReport> {
  return generate({ model, out, runtime });
}

async function generated(): Promise<{ dir: string; out: string }> {
  const dir = tempDir();
  const out = join(dir, "generated");
  await into(out);
  return { dir, out };
}

describe("what is written", () => {
  test("is one module per flow, an index, a map, a manifest, and no litter", async () => {
    const { dir, out } = await generated();
    expect(Object.keys(readTree(out))).toEqual([
      "flow-map.ts",
      ...FEW.flows.map(({ id }) => `flows/${id}.ts`),
      "index.ts",
      "manifest.json",
    ]);
    expect(readdirSync(dir)).toEqual(["generated"]);
  });

  test("is the committed client, for the committed snapshot", async () => {
    const out = join(tempDir(), "generated");
    await generate({
      model: readDescription(SNAPSHOT),
      out,
      runtime: "../../src/index.js",
      tasks: "specs/tasks.openapi.json",
    });
    expect(readTree(out)).toEqual(readTree("generated"));
  });

  test("is listed in the manifest with its hash", async () => {
    const { out } = await generated();
    const { "manifest.json": text = "", ...files } = readTree(out);
    expect(JSON.parse(text)).toEqual({
      generator: "visionatrix-codegen",
      version: (JSON.parse(readFileSync("codegen/package.json", "utf8")) as { version: string })
        .version,
      snapshot: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      files: Object.fromEntries(
        Object.entries(files).map(([path, content]) => [path, sha256(content)]),
      ),
    });
  });

  test("does not depend on the place, and holds no path of this machine", async () => {
    const [one, two] = [await generated(), await generated()];
    expect(readTree(one.out)).toEqual(readTree(two.out));
    expect(JSON.stringify(readTree(one.out))).not.toContain(one.dir);
  });

  test("imports what --runtime says, also from the folder above", async () => {
    const out = join(tempDir(), "generated");
    await generate({ model: FEW, out, runtime: "../runtime.js" });
    const files = readTree(out);
    expect(files[`flows/${FIRST.id}.ts`]).toContain('from "../runtime.js"');
    expect(files["flow-map.ts"]).toContain('from "./runtime.js"');
  });

  test.each(['"; evil', "a b", "", "x\n"])(
    "a runtime that is no specifier is refused: %j",
    async (specifier) => {
      const out = join(tempDir(), "generated");
      await expect(generate({ model: FEW, out, runtime: specifier })).rejects.toMatchObject({
        code: "runtime_invalid",
      });
      expect(existsSync(out)).toBe(false);
    },
  );
});

describe("what is there already", () => {
  test("keeps its time when nothing changed", async () => {
    const { out } = await generated();
    const before = modified(out);
    expect(await into(out)).toMatchObject({
      added: [],
      changed: [],
      removed: [],
      foreign: [],
      edited: [],
    });
    expect(modified(out)).toEqual(before);
  });

  test("keeps its time where only another flow changed", async () => {
    const { out } = await generated();
    const before = modified(out);
    const changed = {
      flows: FEW.flows.map((flow) => (flow === SECOND ? (OTHER.flows[1] ?? flow) : flow)),
    };
    const report = await into(out, changed);
    expect(report).toMatchObject({
      added: [],
      changed: [`flows/${SECOND.id}.ts`, "manifest.json"],
      removed: [],
    });
    const after = modified(out);
    const touched = Object.keys(after).filter((path) => after[path] !== before[path]);
    expect(touched).toEqual([`flows/${SECOND.id}.ts`, "manifest.json"]);
  });

  test("goes when its flow goes, and only then", async () => {
    const { out } = await generated();
    const last = FEW.flows.at(-1)?.id ?? "";
    const report = await into(out, OTHER);
    expect(report.removed).toEqual([`flows/${last}.ts`]);
    expect(existsSync(join(out, `flows/${last}.ts`))).toBe(false);
    const fresh = join(tempDir(), "generated");
    await into(fresh, OTHER);
    expect(readTree(out)).toEqual(readTree(fresh));
  });

  test("is not touched where we did not write it, and is named", async () => {
    const { out } = await generated();
    mkdirSync(join(out, "mine"));
    const mine = ["README.md", "flows/mine.ts", "flows/note.txt", "mine/deep.ts", ".hidden"];
    for (const path of mine) writeFileSync(join(out, path), "// mine\n");
    const before = modified(out);
    const report = await into(out, OTHER);
    expect([...report.foreign].sort()).toEqual([...mine].sort());
    const after = modified(out);
    for (const path of mine) {
      expect(after[path]).toBe(before[path]);
      expect(readTree(out)[path]).toBe("// mine\n");
    }
  });

  test("is refused where it has a name that we need", async () => {
    const out = join(tempDir(), "generated");
    mkdirSync(join(out, "flows"), { recursive: true });
    writeFileSync(join(out, `flows/${FIRST.id}.ts`), "// mine\n");
    writeFileSync(join(out, "manifest.json"), '{"name":"my app"}');
    await expect(into(out)).rejects.toMatchObject({
      code: "file_not_ours",
      message: expect.stringContaining(`flows/${FIRST.id}.ts, manifest.json`) as string,
    });
    expect(Object.keys(readTree(out))).toEqual([`flows/${FIRST.id}.ts`, "manifest.json"]);
  });

  test("is written again where it was edited, and is named", async () => {
    const { out } = await generated();
    const whole = readTree(out);
    writeFileSync(join(out, "index.ts"), "// edited\n");
    expect(await into(out)).toMatchObject({ changed: ["index.ts"], edited: ["index.ts"] });
    expect(readTree(out)).toEqual(whole);
  });

  test("is known by its header where the manifest is lost", async () => {
    const { out } = await generated();
    const whole = readTree(out);
    rmSync(join(out, "manifest.json"));
    expect(await into(out)).toMatchObject({ added: ["manifest.json"], changed: [], foreign: [] });
    expect(readTree(out)).toEqual(whole);
  });

  test("is not removed because a manifest says so: its paths stay in the folder", async () => {
    const { dir, out } = await generated();
    writeFileSync(join(dir, "precious.ts"), "x");
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
      files: Record<string, string>;
    };
    Object.assign(manifest.files, {
      "../precious.ts": sha256("x"),
      "flows/../../precious.ts": sha256("x"),
      "/etc/passwd": "x",
    });
    writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest));
    await into(out, OTHER);
    expect(readFileSync(join(dir, "precious.ts"), "utf8")).toBe("x");
  });

  test("is not followed where it is a link out of the folder", async () => {
    const { dir, out } = await generated();
    writeFileSync(join(dir, "target.ts"), "precious");
    rmSync(join(out, `flows/${FIRST.id}.ts`));
    symlinkSync(join(dir, "target.ts"), join(out, `flows/${FIRST.id}.ts`));
    await expect(into(out)).rejects.toMatchObject({ code: "file_not_ours" });
    expect(readFileSync(join(dir, "target.ts"), "utf8")).toBe("precious");
  });

  test("is not followed where its folder of flows is a link", async () => {
    const dir = tempDir();
    const out = join(dir, "generated");
    mkdirSync(join(dir, "elsewhere"));
    mkdirSync(out);
    symlinkSync(join(dir, "elsewhere"), join(out, "flows"));
    await expect(into(out)).rejects.toMatchObject({ code: "file_not_ours" });
    expect(readdirSync(join(dir, "elsewhere"))).toEqual([]);
  });
});

describe("a failure leaves the old client whole", () => {
  test.each([
    [
      "two flows with one name",
      {
        flows: [
          { ...FIRST, id: "a_b" },
          { ...FIRST, id: "a-b" },
        ],
      },
      "name_collision",
    ],
  ])("%s", async (_, model, code) => {
    const { dir, out } = await generated();
    const before = { tree: readTree(out), times: modified(out) };
    await expect(into(out, model)).rejects.toMatchObject({ code });
    expect({ tree: readTree(out), times: modified(out) }).toEqual(before);
    expect(readdirSync(dir)).toEqual(["generated"]);
  });

  test("an output that is a file", async () => {
    const out = join(tempDir(), "generated");
    writeFileSync(out, "mine");
    await expect(into(out)).rejects.toMatchObject({ code: "output_unreadable" });
    expect(readFileSync(out, "utf8")).toBe("mine");
  });

  test("a folder in the place of a file", async () => {
    const { dir, out } = await generated();
    rmSync(join(out, "index.ts"));
    mkdirSync(join(out, "index.ts"));
    const before = readTree(out);
    await expect(into(out, OTHER)).rejects.toMatchObject({ code: "file_not_ours" });
    expect(readTree(out)).toEqual(before);
    expect(readdirSync(dir)).toEqual(["generated"]);
  });
});

describe("check", () => {
  test("finds nothing where the folder is what the snapshot gives, and writes nothing", async () => {
    const { out } = await generated();
    const before = modified(out);
    expect(await check({ model: FEW, out, runtime })).toMatchObject({
      added: [],
      changed: [],
      removed: [],
    });
    expect(modified(out)).toEqual(before);
  });

  test("lists missing, different and surplus files", async () => {
    const { out } = await generated();
    rmSync(join(out, "index.ts"));
    writeFileSync(
      join(out, `flows/${FIRST.id}.ts`),
      `${readTree(out)[`flows/${FIRST.id}.ts`] ?? ""}\n`,
    );
    const before = modified(out);
    expect(await check({ model: { flows: FEW.flows.slice(0, -1) }, out, runtime })).toMatchObject({
      added: ["index.ts"],
      changed: ["flow-map.ts", `flows/${FIRST.id}.ts`, "manifest.json"],
      removed: [`flows/${FEW.flows.at(-1)?.id ?? ""}.ts`],
    });
    expect(modified(out)).toEqual(before);
  });

  test("is not deceived by a manifest that was edited with the file", async () => {
    const { out } = await generated();
    const path = `flows/${FIRST.id}.ts`;
    const text = `${readTree(out)[path] ?? ""}// edited\n`;
    writeFileSync(join(out, path), text);
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
      files: Record<string, string>;
    };
    manifest.files[path] = sha256(text);
    writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    expect((await check({ model: FEW, out, runtime })).changed).toContain(path);
  });

  test("lists everything where there is no folder", async () => {
    const out = join(tempDir(), "generated");
    expect((await check({ model: FEW, out, runtime })).added).toHaveLength(FEW.flows.length + 3);
    expect(existsSync(out)).toBe(false);
  });
});

describe("types of the task endpoints", () => {
  const TASKS = "specs/tasks.openapi.json";

  test("are written, kept without work, and written again when they are not right", async () => {
    const out = join(tempDir(), "generated");
    await generate({ model: FEW, out, runtime, tasks: TASKS });
    const text = readTree(out)["tasks.d.ts"];
    expect(text).toContain("export interface paths");
    expect(await generate({ model: FEW, out, runtime, tasks: TASKS })).toMatchObject({
      changed: [],
    });
    writeFileSync(join(out, "tasks.d.ts"), "edited");
    expect(await generate({ model: FEW, out, runtime, tasks: TASKS })).toMatchObject({
      changed: ["tasks.d.ts"],
    });
    expect(readTree(out)["tasks.d.ts"]).toBe(text);
  });

  test("fetch nothing, whatever their description refers to", async () => {
    const dir = tempDir();
    writeFileSync(
      join(dir, "tasks.json"),
      '{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{},"components":{"schemas":{"a":{"$ref":"http://127.0.0.1:9/x"}}}}',
    );
    const out = join(dir, "generated");
    await expect(
      generate({ model: FEW, out, runtime, tasks: join(dir, "tasks.json") }),
    ).rejects.toMatchObject({
      code: "ref_foreign",
    });
    expect(existsSync(out)).toBe(false);
  });
});

describe("shapes of parameters in a module", () => {
  const moduleOf = async (properties: object): Promise<string> => {
    const out = join(tempDir(), "generated");
    await into(out, readDescription(oneFlow(properties)));
    return readFileSync(join(out, "flows/my_flow.ts"), "utf8");
  };
  const always = {
    group_scope: { type: "integer", minimum: 1, maximum: 255, default: 1 },
    priority: { type: "integer", minimum: 0, maximum: 15, default: 0 },
    child_task: { type: "integer", default: 0 },
    webhook_url: { type: "string", default: "" },
    webhook_headers: { type: "string", default: "" },
  };

  test("standard ones are names in the metadata and come from the runtime's types", async () => {
    const text = await moduleOf({ ...always, seed: { type: "integer", default: 1 } });
    expect(text).toContain("extends StandardParams, SeedParam {");
    expect(text).toContain('  "priority",\n');
  });

  test("one that a server defines in its own way is written out, with its four companions in the type", async () => {
    const text = await moduleOf({
      ...always,
      priority: { type: "integer", minimum: 0, maximum: 20, default: 0 },
    });
    expect(text).not.toContain("StandardParams");
    expect(text).toContain('{ name: "priority", type: "integer", default: 0, min: 0, max: 20 }');
    expect(text).toContain("From 0 to 20.");
    for (const name of Object.keys(always)) expect(text).toContain(`  ${name}?: `);
  });

  test("surprise_me is added to flows that take count and a prompt", async () => {
    const count = { count: { type: "integer", minimum: 1, default: 1 } };
    expect(await moduleOf({ ...count, prompt: { type: "string" } })).toContain('"surprise_me"');
    expect(await moduleOf({ ...count, text: { type: "string" } })).not.toContain("surprise_me");
    expect(await moduleOf({ prompt: { type: "string" } })).not.toContain("surprise_me");
    expect(await moduleOf({ ...count, prompt: { type: "boolean" } })).not.toContain("surprise_me");
  });

  test("a text with a number as default takes numbers", async () => {
    expect(await moduleOf({ a: { type: "string", default: 2 } })).toContain("a?: string | number;");
    expect(await moduleOf({ a: { type: "string", default: "2" } })).toContain("a?: string;");
  });

  test("a long default text is whole in the documentation and cut in the metadata", async () => {
    const long = "🙂 ".repeat(30).trim();
    const text = await moduleOf({ a: { type: "string", default: long } });
    expect(text.replace(/\s*\n \s*\*? ?/g, " ")).toContain(`@defaultValue "${long}"`);
    expect(text).toContain(`default: "${"🙂 ".repeat(19)}🙂…"`);
    for (const most of ["b".repeat(40), "🙂".repeat(40)])
      expect(await moduleOf({ a: { type: "string", default: most } })).toContain(
        `default: "${most}"`,
      );
  });

  test("files take the kind that the description says", async () => {
    const file = { anyOf: [{ type: "string", format: "binary" }, { type: "string" }] };
    const text = await moduleOf({
      a: { ...file, contentMediaType: "image/*" },
      b: { ...file, contentMediaType: "video/*" },
      c: { ...file, contentMediaType: "audio/*" },
      d: { ...file, contentMediaType: "model/gltf" },
      e: file,
    });
    expect(text).toContain('a?: FileInput<"image">;');
    expect(text).toContain('b?: FileInput<"video">;');
    expect(text).toContain('c?: FileInput<"audio">;');
    expect(text).toContain("d?: FileInput;");
    expect(text).toContain("e?: FileInput;");
    expect(text).toContain('{ name: "a", type: "file", accept: "image/*" }');
  });

  test("are documented with label, range, step, choices and default", async () => {
    const text = await moduleOf({
      size: {
        type: "number",
        description: "Size of it",
        minimum: 1,
        maximum: 9,
        multipleOf: 0.5,
        default: 3,
      },
      mode: { type: "string", description: "How", enum: ["fast", "good"], default: "fast" },
    });
    expect(text).toContain("/** Size of it. From 1 to 9. In steps of 0.5. @defaultValue 3 */");
    expect(text).toContain('/** How. One of "fast", "good". @defaultValue "fast" */');
  });
});

test("a folder of our own keeps its permissions and place", async () => {
  const { out } = await generated();
  const before = statSync(out).ino;
  await into(out, OTHER);
  expect(statSync(out).ino).toBe(before);
});
