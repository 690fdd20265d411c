/** `vix-codegen diff` end to end: real processes, files, repositories, and a server. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RULE_IDS } from "../../../codegen/src/diff/rules.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const COMMAND = here("../../../codegen/bin/vix-codegen.js");
const SNAPSHOT = here("../../../specs/flows.openapi.json");
const history = (version: string): string => here(`./history/flows-${version}.openapi.json`);

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string;
}

function start(file: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...options.env };
  return new Promise((resolve) => {
    const child = execFile(file, args, { cwd: options.cwd ?? folder, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    // A command that rejects its arguments exits without reading.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
}

function diff(args: readonly string[], options?: RunOptions): Promise<Run> {
  return start(process.execPath, [COMMAND, "diff", ...args], options);
}

async function git(...args: string[]): Promise<Run> {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  const run = await start("git", [...who, ...args], {
    cwd: repository,
    env: { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_PAGER: "cat" },
  });
  if (run.code !== 0) throw new Error(run.err);
  return run;
}

let folder = "";
let repository = "";
let edited = "";
let server: Server;
let url = "";
let asked: { path: string; authorization: string | undefined }[] = [];

/** The snapshot with one breaking change, one of behaviour and one addition. */
function edit(text: string): string {
  return text
    .replace('"enum": ["4 steps", "8 steps"]', '"enum": ["8 steps", "12 steps"]')
    .replace(
      '"description": "Negative Prompt", "default": "ugly"',
      '"description": "Negative Prompt", "default": "dull"',
    );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vix-diff-"));
  repository = join(folder, "repository");
  edited = join(folder, "edited.json");
  const text = readFileSync(SNAPSHOT, "utf8");
  writeFileSync(edited, edit(text));
  mkdirSync(join(repository, "specs"), { recursive: true });
  copyFileSync(SNAPSHOT, join(repository, "specs/flows.openapi.json"));
  writeFileSync(join(repository, "specs/tasks.openapi.json"), '{\n  "openapi": "3.1.0"\n}\n');
  writeFileSync(join(repository, ".gitattributes"), "*.openapi.json diff=vix-flows\n");
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "First");
  const driver = `'${process.execPath}' '${COMMAND}' diff`;
  await git("config", "diff.vix-flows.command", `${driver} --git-driver`);
  await git("config", "diff.vix-flows.textconv", `${driver} --textconv`);
  writeFileSync(join(repository, "specs/flows.openapi.json"), edit(text));
  server = createServer((request, response) => {
    asked.push({ path: request.url ?? "", authorization: request.headers.authorization });
    response.setHeader("content-type", "application/json").end(edit(text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the two sides", () => {
  const EDITED = "1 breaking, 1 behaviour, 1 addition; version step: major";

  test("are files", async () => {
    const { code, out } = await diff([SNAPSHOT, edited]);
    expect(code).toBe(0);
    expect(out).toContain(EDITED);
    expect(out).toContain('steps_number no longer accepts "4 steps".');
  });

  test("are the committed snapshot and the work tree's by default", async () => {
    const { code, out } = await diff([], { cwd: repository });
    expect(code).toBe(0);
    expect(out).toContain("Flows: HEAD:./specs/flows.openapi.json → specs/flows.openapi.json");
    expect(out).toContain(EDITED);
  });

  test("are the same from a folder below, and with another snapshot", async () => {
    const run = await diff(["--spec", "flows.openapi.json"], { cwd: join(repository, "specs") });
    expect(run.out).toContain(EDITED);
  });

  test("are a revision, if given, and the work tree's snapshot", async () => {
    const { out } = await diff(["HEAD:specs/flows.openapi.json"], { cwd: repository });
    expect(out).toContain(EDITED);
    const same = await diff(["HEAD:specs/flows.openapi.json", "HEAD:./specs/flows.openapi.json"], {
      cwd: repository,
    });
    expect(same.out).toContain("Nothing that a caller can notice has changed.");
  });

  test("are a server, which gets the credentials, and a document, which does not", async () => {
    const env = { VIX_USERNAME: "u", VIX_PASSWORD: "p" };
    asked = [];
    expect((await diff([SNAPSHOT, url], { env })).out).toContain(EDITED);
    expect((await diff([SNAPSHOT, `${url}/some/doc.json`], { env })).out).toContain(EDITED);
    expect(asked).toEqual([
      {
        path: "/openapi/flows.json?flows=*",
        authorization: expect.stringContaining("Basic ") as string,
      },
      { path: "/some/doc.json", authorization: undefined },
    ]);
  });

  test("are standard input for one of them", async () => {
    const input = readFileSync(edited, "utf8");
    expect((await diff([SNAPSHOT, "-"], { input })).out).toContain(EDITED);
    expect((await diff(["-", "-"])).code).toBe(2);
  });

  test("are only the flows that were asked for", async () => {
    const { out } = await diff([SNAPSHOT, edited, "--flows", "ace_step"]);
    expect(out).toContain("Nothing that a caller can notice has changed.");
    expect((await diff([SNAPSHOT, edited, "--flows", "no_such_flow"])).code).toBe(2);
  });
});

describe("the exit code", () => {
  test.each([
    [0, []],
    [1, ["--fail-on", "breaking"]],
    [1, ["--fail-on", "any"]],
  ])("is %i with %j", async (code, args) => {
    expect((await diff([SNAPSHOT, edited, ...args])).code).toBe(code);
  });

  test("is 0 where nothing is of that class", async () => {
    const { code } = await diff([history("2.0"), history("2.0"), "--fail-on", "any"]);
    expect(code).toBe(0);
  });

  test.each([
    ["a file that is not there", ["no-such-file.json", "other.json"], "file_unreadable"],
    [
      "a revision that is not there",
      ["no-such-branch:specs/flows.openapi.json", "x"],
      "git_failed",
    ],
    ["a revision that would be an option", ["--", "--output=x:y", "x"], "git_failed"],
    ["no description", ["package.json"], "file_unreadable"],
    ["too many sides", ["a", "b", "c"], "options_conflict"],
    ["a server that does not answer", ["http://127.0.0.1:1", "x"], "unreachable"],
  ])("is 2, with a code of its own, for %s", async (_, args, error) => {
    const { code, err, out } = await diff(args, { cwd: repository });
    expect(code).toBe(2);
    expect(err).toContain(`[${error}]`);
    expect(out).toBe("");
  });

  test.each([[["--no-such-option"]], [["--fail-on", "everything"]], [["--format", "pdf"]]])(
    "is 2 for %j",
    async (args) => {
      expect((await diff(args)).code).toBe(2);
    },
  );

  test("is 2 and the error is JSON where JSON was asked for", async () => {
    const { code, out } = await diff(["no-such-file.json", "x", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: "file_unreadable" } });
  });
});

describe("the output", () => {
  test("has colour where the environment says so, and none where it says no", async () => {
    expect((await diff([SNAPSHOT, edited])).out).not.toContain("\u001b[");
    const forced = await diff([SNAPSHOT, edited], { env: { FORCE_COLOR: "1" } });
    expect(forced.out).toContain("\u001b[31m");
    const none = await diff([SNAPSHOT, edited], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(none.out).not.toContain("\u001b[");
  });

  test("as JSON is what the schema in the package says", async () => {
    const ignore = join(folder, "accept.json");
    const first = JSON.parse((await diff([SNAPSHOT, edited, "--json"])).out) as {
      changes: { fingerprint: string }[];
    };
    const accepted = [
      { fingerprint: first.changes[0]?.fingerprint, reason: "Known.", expires: "9999-12-31" },
    ];
    writeFileSync(ignore, JSON.stringify({ version: 1, accepted }));
    const schema = JSON.parse(
      readFileSync(here("../../../codegen/schema/diff.schema.json"), "utf8"),
    ) as { definitions: { change: { properties: { rule: { enum: string[] } } } } };
    expect(schema.definitions.change.properties.rule.enum).toEqual(RULE_IDS);
    const validate = new Ajv({ strict: false }).compile(schema);
    for (const args of [
      [SNAPSHOT, edited],
      [SNAPSHOT, edited, "--ignore", ignore],
      [SNAPSHOT, edited, "--usage", here("../../../examples/**/*.ts")],
      [history("2.0"), SNAPSHOT],
      [SNAPSHOT, SNAPSHOT],
    ]) {
      const { out } = await diff([...args, "--format", "json"]);
      expect(validate(JSON.parse(out)), JSON.stringify(validate.errors)).toBe(true);
    }
    const { out, code } = await diff([
      SNAPSHOT,
      edited,
      "--json",
      "--ignore",
      ignore,
      "--fail-on",
      "breaking",
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      summary: { breaking: 0, behaviour: 1, addition: 1, docs: 0 },
      semver: "major",
      accepted: [{ rule: "param-choice-removed", reason: "Known." }],
    });
  });

  test("as annotations has the file and the line of each change", async () => {
    const { out } = await diff(["--format", "github"], { cwd: repository });
    const lines = readFileSync(join(repository, "specs/flows.openapi.json"), "utf8").split("\n");
    const found = [...out.matchAll(/^::(\w+) file=([^,]+),line=(\d+),title=([^:]*)::/gm)];
    expect(found.map(([, level, file, , title]) => [level, file, title])).toEqual([
      ["error", "specs/flows.openapi.json", "breaking%3A param-choice-removed"],
      ["warning", "specs/flows.openapi.json", "behaviour%3A param-default-changed"],
      ["notice", "specs/flows.openapi.json", "addition%3A param-choice-added"],
    ]);
    const at = found.map(([, , , line]) => lines[Number(line) - 1]?.trim().split(":")[0]);
    expect(at).toEqual(['"steps_number"', '"negative_prompt"', '"steps_number"']);
  });
});

describe("real descriptions", () => {
  const rules = async (old: string, now: string): Promise<Record<string, string[]>> => {
    const { out } = await diff([old, now, "--json"]);
    const { changes } = JSON.parse(out) as {
      changes: { rule: string; flow?: string; flows?: string[]; parameter: string | null }[];
    };
    const found: Record<string, string[]> = {};
    for (const { rule, flow = "", parameter } of changes) {
      (found[rule] ??= []).push(parameter === null ? flow : `${flow}.${parameter}`);
    }
    return found;
  };

  test("2.0 → 2.4", async () => {
    expect(await rules(history("2.0"), history("2.4"))).toEqual({
      "flow-removed": ["surprise_me_internal"],
      "flow-added": ["ace_step", "hunyuan_3d", "photomaker_flux1_dev"],
      "param-added": ["supir_upscaler.steps_count", "supir_upscaler.supir_control_scale"],
    });
  });

  test("2.4 → 2.6", async () => {
    expect(await rules(history("2.4"), history("2.6"))).toEqual({
      "flow-removed": ["all_your_life", "ghibli_portrait"],
      "flow-added": [
        "ask_ai_internal",
        "comsmos_predict2_t2i_14b",
        "flux1_kontext",
        "restore_old_photo",
        "to_ghibli",
      ],
    });
  });

  test("2.6 → published: nothing", async () => {
    expect(await rules(history("2.6"), SNAPSHOT)).toEqual({});
  });
});

describe("in git", () => {
  test("`git diff` says what changed for callers", async () => {
    const { out } = await git("diff", "--", "specs/flows.openapi.json");
    expect(out).toContain("Flows: a/specs/flows.openapi.json → b/specs/flows.openapi.json");
    expect(out).toContain('✗ steps_number no longer accepts "4 steps".');
  });

  test("other documents are compared line by line", async () => {
    const path = join(repository, "specs/tasks.openapi.json");
    const before = readFileSync(path, "utf8");
    writeFileSync(path, before.replace("3.1.0", "3.1.1"));
    const { out } = await git("diff", "--", "specs/tasks.openapi.json");
    writeFileSync(path, before);
    expect(out).toContain("--- a/specs/tasks.openapi.json");
    expect(out).toContain('+  "openapi": "3.1.1"');
  });

  test("`git log -p` compares a sentence per parameter, new files included", async () => {
    const { out } = await git("log", "-p", "-1", "--", "specs/flows.openapi.json");
    expect(out).toMatch(/^\+flow sdxl_lighting ".*": image from node \d+$/m);
    const { out: patch } = await git("diff", "--no-ext-diff", "--", "specs/flows.openapi.json");
    expect(patch).toContain(
      '-  steps_number "Number of steps": optional choice of "4 steps", "8 steps", default "8 steps"',
    );
    const { out: whole } = await git(
      "log",
      "-p",
      "-1",
      "--ext-diff",
      "--",
      "specs/flows.openapi.json",
    );
    expect(whole).toContain("+ The flow ace_step is new;");
  });
});
