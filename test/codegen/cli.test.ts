import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run, start } from "./support/command.js";
import { oneFlow, SNAPSHOT } from "./support/documents.js";
import { send, serve } from "./support/server.js";
import { readTree, tempDir } from "./support/temp.js";

const COMMANDS = ["pull", "generate", "check"];

/** A project with the committed snapshot, cut to what a test needs. */
function project(snapshot: string = oneFlow({ prompt: { type: "string" } })): string {
  const cwd = tempDir();
  mkdirSync(join(cwd, "specs"));
  writeFileSync(join(cwd, "specs/flows.openapi.json"), snapshot);
  return cwd;
}

describe("help", () => {
  test.each([[], ...COMMANDS.map((command) => [command])])(
    "of %s has examples",
    async (...command: string[]) => {
      const { code, stdout } = await run([...command, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples:\n {2}\$ vix-codegen /);
    },
  );

  test.each(COMMANDS)("of %s offers --json", async (command) => {
    expect((await run([command, "--help"])).stdout).toContain("--json");
  });

  test("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync("codegen/package.json", "utf8")) as {
      version: string;
    };
    expect((await run(["--version"])).stdout.trim()).toBe(version);
  });
});

describe("the steps of a user with a private server", () => {
  test("pull, generate, check; then a flow is added, check fails, generate updates", async () => {
    const flows = [oneFlow({ prompt: { type: "string" } }, { id: "first" })];
    const { url } = await serve((_, response) => send(response, flows.at(-1) ?? ""));
    const cwd = tempDir();
    expect(await run(["pull", "--from", url], { cwd })).toMatchObject({
      code: 0,
      stdout: "+ first\n1 flow; specs/flows.openapi.json written.\n",
      stderr: expect.stringContaining("list of flows cannot be read") as string,
    });
    expect((await run(["generate"], { cwd })).stdout).toContain("4 added, 0 changed, 0 removed");
    expect(await run(["check"], { cwd })).toMatchObject({
      code: 0,
      stdout: "1 flow; generated matches the description.\n",
    });

    flows.push(oneFlow({ prompt: { type: "string" } }, { id: "second" }));
    await run(["pull", "--from", url], { cwd });
    const checked = await run(["check"], { cwd });
    expect(checked.code).toBe(1);
    expect(checked.stdout).toBe(
      "+ flows/second.ts\n~ flow-map.ts\n~ index.ts\n~ manifest.json\n- flows/first.ts\n" +
        "5 files of generated do not match the description.\n",
    );
    expect(checked.stderr).toContain("vix-codegen generate");
    expect((await run(["generate"], { cwd })).code).toBe(0);
    expect((await run(["check"], { cwd })).code).toBe(0);
    expect(Object.keys(readTree(join(cwd, "generated/flows")))).toEqual(["second.ts"]);
  });

  test("generate straight from a server, a file, standard input", async () => {
    const document = oneFlow({ prompt: { type: "string" } });
    const { url } = await serve((_, response) => send(response, document));
    const cwd = project(document);
    for (const from of [url, "specs/flows.openapi.json", "-"]) {
      const out = `out-${from === "-" ? "stdin" : from.slice(0, 4)}`;
      const outcome = await run(["generate", "--from", from, "--out", out], {
        cwd,
        stdin: document,
      });
      expect(outcome).toMatchObject({ code: 0, stderr: "" });
    }
    expect(readTree(join(cwd, "out-http"))).toEqual(readTree(join(cwd, "out-spec")));
    expect(readTree(join(cwd, "out-stdin"))).toEqual(readTree(join(cwd, "out-spec")));
  });
});

describe("--json", () => {
  test("prints one line with the report", async () => {
    const cwd = project();
    const json = async (...args: string[]): Promise<unknown> => {
      const { stdout, stderr } = await run([...args, "--json"], { cwd });
      expect(stderr).toBe("");
      expect(stdout.trimEnd()).not.toContain("\n");
      return JSON.parse(stdout);
    };
    expect(await json("pull", "--from", "specs/flows.openapi.json", "--out", "a.json")).toEqual({
      ok: true,
      command: "pull",
      flows: 1,
      leftOut: [],
      written: true,
      added: ["my_flow"],
      changed: [],
      removed: [],
      out: "a.json",
    });
    expect(await json("check")).toMatchObject({ ok: false, command: "check", removed: [] });
    expect(await json("generate")).toMatchObject({
      ok: true,
      command: "generate",
      flows: 1,
      foreign: [],
      edited: [],
    });
    expect(await json("check")).toMatchObject({ ok: true, added: [], changed: [], removed: [] });
    expect(await json("generate", "--spec", "no.json")).toEqual({
      ok: false,
      error: {
        code: "file_unreadable",
        message: "The file no.json cannot be read.",
        value: "ENOENT",
        hint: "Check the path.",
      },
    });
  });
});

describe("a failure", () => {
  const BAD = oneFlow({ a: { type: "tensor", description: "\u001b[31m::error::" } });

  test.each([
    ["pull", "--from", "specs/flows.openapi.json", "--out", "x.json"],
    ["generate"],
    ["check"],
  ])("of %s is one clear message, exit code 1 and no stack trace", async (...args) => {
    const cwd = project(BAD);
    const { code, stdout, stderr } = await run(args, { cwd });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^vix-codegen: .+ \[schema_unknown\]\n {2}at {4}\/paths.+\n {2}found "tensor"\n {2}.+\.\n$/,
    );
    // No escape sequence reaches the terminal.
    expect(stderr).not.toContain("\u001b");
    expect(Object.keys(readTree(cwd))).toEqual(["specs/flows.openapi.json"]);
  });

  test.each([
    [["pull", "--nonsense"]],
    [["nonsense"]],
    [["pull", "--timeout", "0"]],
    [["pull", "--timeout", "x"]],
    [["pull", "--flows", " , "]],
    [["generate", "--spec", "a", "--from", "b"]],
    [["generate", "--from", "-", "--watch"]],
    [["generate", "--runtime", "; evil"]],
  ])("of the arguments %j has exit code 1 and says what is wrong", async (args) => {
    const { code, stderr } = await run(args, { cwd: project() });
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
    expect(stderr.length).toBeGreaterThan(20);
  });

  test("of the published source, used by default, says what to do instead", async () => {
    const cwd = project();
    const before = readFileSync(join(cwd, "specs/flows.openapi.json"), "utf8");
    // No server responds within a millisecond, online or not.
    const { code, stderr } = await run(["pull", "--timeout", "0.001"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/your server or a file with --from.*flows\.openapi\.json is unchanged/);
    expect(readFileSync(join(cwd, "specs/flows.openapi.json"), "utf8")).toBe(before);
  });

  test("never shows credentials", async () => {
    const { url } = await serve((_, response) => send(response, "no", { status: 401 }));
    const env = { VIX_USERNAME: "someone", VIX_PASSWORD: "s3cret-word" };
    const { stdout, stderr } = await run(["pull", "--from", url], { cwd: tempDir(), env });
    expect(stderr).toContain("[unauthorized]");
    expect(stdout + stderr).not.toMatch(/s3cret|someone/);
  });
});

describe("--watch", () => {
  test("generates again when the server's description changes, survives a bad one, ends at once when asked", async () => {
    const pages = [
      oneFlow({ prompt: { type: "string" } }, { id: "first" }),
      "<html>",
      oneFlow({ prompt: { type: "string" } }, { id: "second" }),
    ];
    let page = 0;
    const { url } = await serve((_, response) => send(response, pages[page] ?? ""));
    const cwd = tempDir();
    const { child, done } = start(
      ["generate", "--from", url, "--watch", "--interval", "0.05", "--json"],
      { cwd },
    );
    const reports: { ok: boolean; added?: string[]; error?: { code: string } }[] = [];
    let rest = "";
    const ended = new Promise<void>((resolve) => {
      child.stdout?.on("data", (chunk: Buffer) => {
        const lines = (rest + chunk.toString()).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          reports.push(JSON.parse(line) as (typeof reports)[number]);
          // Each report lets the next page be served.
          page += 1;
          if (page === pages.length) resolve();
        }
      });
    });
    await ended;
    child.kill("SIGTERM");
    expect(await done).toMatchObject({ code: 0, signal: null });
    expect(reports.map(({ ok, error }) => error?.code ?? ok)).toEqual([true, "json_is_html", true]);
    expect(Object.keys(readTree(join(cwd, "generated/flows")))).toEqual(["second.ts"]);
  });
});

test("the committed client is what the committed snapshot gives", async () => {
  expect(SNAPSHOT).toContain("sdxl_lighting");
  const { code, stdout } = await run([
    "check",
    "--tasks",
    "specs/tasks.openapi.json",
    "--runtime",
    "../../src/index.js",
  ]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "52 flows; generated matches the description.\n",
  });
});
