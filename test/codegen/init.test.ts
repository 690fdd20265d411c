/** `vix-codegen init`, and its workflows: each `run` step is executed in another project's repository. */
import { execFileSync, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { init, type InitReport } from "../../codegen/src/commands/init.js";
import { readConfig } from "../../codegen/src/config/config.js";
import { fillWorkflow } from "../../codegen/src/init/files.js";
import { COMMANDS, packageManagerOf } from "../../codegen/src/init/package-manager.js";
import { oneFlow } from "./support/documents.js";
import { readTree, tempDir } from "./support/temp.js";

const BIN = resolve("codegen/bin/vix-codegen.js");

const ALL = { workflows: true, check: true, gitattributes: true };

function initIn(folder: string, options: object = {}): Promise<InitReport> {
  return init({ folder, config: {}, ...ALL, mayChange: () => Promise.resolve(false), ...options });
}

describe("init", () => {
  test("writes only settings by default", async () => {
    const folder = tempDir();
    const nothing = { workflows: false, check: false, gitattributes: false };
    const config = { source: "http://localhost:8288", out: "src/vix", flows: ["a", "b"] };
    expect(await initIn(folder, { ...nothing, config })).toMatchObject({
      written: ["vix.config.json"],
    });
    expect(Object.keys(readTree(folder))).toEqual(["vix.config.json"]);
    expect(await readConfig(folder)).toEqual(config);
    writeFileSync(join(folder, "tsconfig.json"), "{}");
    await initIn(folder, { ...nothing, config });
    expect(readFileSync(join(folder, "vix.config.ts"), "utf8")).toContain("satisfies Config");
    expect(await readConfig(folder)).toEqual(config);
  });

  test("leaves existing files unless asked to change them; adds lines to .gitattributes", async () => {
    const folder = tempDir();
    writeFileSync(join(folder, "vix.config.json"), '{ "out": "mine" }');
    writeFileSync(join(folder, ".gitattributes"), "*.png binary");
    expect((await initIn(folder)).kept).toEqual(["vix.config.json", ".gitattributes"]);
    expect(readFileSync(join(folder, "vix.config.json"), "utf8")).toBe('{ "out": "mine" }');
    const asked: string[] = [];
    const mayChange = (path: string): Promise<boolean> => Promise.resolve(asked.push(path) > 0);
    expect((await initIn(folder, { mayChange })).kept).toEqual([]);
    expect(asked).toEqual(["vix.config.json", ".gitattributes"]);
    expect(readFileSync(join(folder, ".gitattributes"), "utf8")).toBe(
      "*.png binary\ngenerated/** linguist-generated=true\nspecs/flows.openapi.json diff=vix-flows\n",
    );
    const again = await initIn(folder);
    expect(again).toMatchObject({ written: [], kept: [] });
    expect(again.same).toHaveLength(5);
  });

  test.each([
    { out: "../out" },
    { out: "/tmp/x" },
    { out: "a b" },
    { snapshot: "specs/$(id).json" },
    { snapshot: 'specs/"x.json' },
    { snapshot: "flows.openapi.json" },
  ])("refuses paths that cannot stand in a workflow: %j", async (config) => {
    await expect(initIn(tempDir(), { config })).rejects.toMatchObject({ code: "init_path" });
  });

  test.each([
    [["pnpm-lock.yaml"], undefined, "pnpm"],
    [["yarn.lock"], undefined, "yarn"],
    [["bun.lock"], undefined, "bun"],
    [["package-lock.json"], undefined, "npm"],
    [["package-lock.json"], "pnpm@9.1.0", "pnpm"],
    [[], undefined, "npm"],
  ])("finds the package manager of %j, %s", (files, declared, manager) => {
    expect(packageManagerOf(files, declared)).toBe(manager);
  });
});

describe("settings", () => {
  test.each([
    ["vix.config.json", "[]"],
    ["vix.config.json", "{"],
    ["vix.config.json", '{ "uot": "x" }'],
    ["vix.config.json", '{ "out": 7 }'],
    ["vix.config.json", '{ "flows": "a" }'],
    ["vix.config.ts", "export default 7;"],
    ["vix.config.ts", 'import { x } from "some-package"; export default { out: x };'],
  ])("that are wrong are an error: %s %s", async (name, text) => {
    const folder = tempDir();
    writeFileSync(join(folder, name), text);
    await expect(readConfig(folder)).rejects.toMatchObject({ code: "config_invalid" });
  });

  test("are the defaults of the commands, and options win", () => {
    const folder = tempDir();
    writeFileSync(join(folder, "source.json"), oneFlow({ prompt: { type: "string" } }));
    writeFileSync(
      join(folder, "vix.config.ts"),
      'const out: string = "src/vix";\nexport default { source: "source.json", snapshot: "s/f.json", out };\n',
    );
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, [BIN, ...args], { cwd: folder, encoding: "utf8" });
    expect(run("pull")).toContain("s/f.json written");
    expect(run("generate")).toContain("src/vix: 4 added");
    expect(run("check")).toContain("src/vix matches the description");
    expect(run("generate", "--out", "other")).toContain("other: 4 added");
    expect(run("generate", "--from", "source.json")).toContain("src/vix is up to date");
  });
});

describe("the workflows", () => {
  test.each(["spec-diff", "spec-watch"] as const)(
    "%s is the one that this repository uses",
    (name) => {
      const { install, ...npm } = COMMANDS.npm;
      const ours = fillWorkflow(name, {
        ...npm,
        install: [...install, "npm run --silent build"],
        snapshot: "specs/flows.openapi.json",
        out: "generated",
        generate: "npm run --silent generate",
        docs: "docs/spec-changes.md explains it.",
      });
      expect(readFileSync(`.github/workflows/${name}.yml`, "utf8")).toBe(ours);
    },
  );

  test.each(["npm", "pnpm", "yarn", "bun"] as const)(
    "have no mark left and no step of ours: %s",
    (manager) => {
      for (const name of ["spec-diff", "spec-watch", "flows-check"] as const) {
        const text = fillWorkflow(name, {
          ...COMMANDS[manager],
          snapshot: "api/f.json",
          out: "src/vix",
        });
        expect(text).not.toMatch(/@@|npm run|specs|generated\//);
        if (manager !== "npm") expect(text).not.toContain("npx");
      }
    },
  );
});

/** Another project's repository: a private flow, and the files that `init` wrote. */
class Repository {
  readonly top = tempDir();
  readonly temp = tempDir();
  readonly #bin = tempDir();

  constructor() {
    this.write("package.json", '{ "name": "theirs", "packageManager": "pnpm@9.0.0" }');
    const program = (name: string, text: string): void =>
      writeFileSync(join(this.#bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    // The package manager: runs the installed command, and installs nothing.
    program(
      "pnpm",
      `[ "$1" = install ] && exit; shift 2; exec '${process.execPath}' '${BIN}' "$@"`,
    );
    program("corepack", "exit 0");
    // GitHub's command: the two descriptions of a pull request, comments, pull requests.
    program("gh", `exec '${process.execPath}' '${join(this.#bin, "gh.mjs")}' "$@"`);
    writeFileSync(join(this.#bin, "gh.mjs"), GH);
    this.git("init", "--quiet", "--initial-branch", "main");
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.top, path)), { recursive: true });
    writeFileSync(join(this.top, path), text);
  }

  git(...args: string[]): string {
    const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    return execFileSync("git", [...who, ...args], { cwd: this.top, encoding: "utf8" }).trim();
  }

  commit(): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "x");
    return this.git("rev-parse", "HEAD");
  }

  vix(...args: string[]): void {
    execFileSync(process.execPath, [BIN, ...args], { cwd: this.top, stdio: "pipe" });
  }

  /** Runs every `run` step of a workflow in order, as GitHub does, up to the first that fails. */
  run(
    name: string,
    env: Record<string, string>,
  ): { ended: SpawnSyncReturns<string>; step: string; outputs: string } {
    const text = readFileSync(join(this.top, `.github/workflows/${name}.yml`), "utf8");
    const output = join(this.temp, "output");
    writeFileSync(output, "");
    let ended: SpawnSyncReturns<string> | undefined;
    let step = "";
    const globals = Object.fromEntries(
      [...(/^env:\n((?: {2}.*\n)+)/m.exec(text)?.[1] ?? "").matchAll(/^ {2}(\w+): (.*)$/gm)].map(
        ([, key, value]) => [key, value],
      ),
    ) as Record<string, string>;
    for (step of runSteps(text)) {
      ended = spawnSync("bash", ["-e", "-o", "pipefail", "-c", step], {
        cwd: this.top,
        encoding: "utf8",
        env: {
          ...process.env,
          ...globals,
          PATH: `${this.#bin}:${process.env["PATH"] ?? ""}`,
          RUNNER_TEMP: this.temp,
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: join(this.temp, "summary"),
          TOP: this.top,
          // What artifacts and job outputs pass on to later jobs.
          VERDICT: /^verdict=(.*)$/m.exec(readFileSync(output, "utf8"))?.[1] ?? "",
          TITLE: /^title=(.*)$/m.exec(readFileSync(output, "utf8"))?.[1] ?? "",
          ...env,
        },
      });
      const comment = join(this.temp, "comment.md");
      if (existsSync(comment)) this.write("report/comment.md", readFileSync(comment, "utf8"));
      if (ended.status !== 0) break;
    }
    if (ended === undefined) throw new Error("no step");
    return { ended, step, outputs: readFileSync(output, "utf8") };
  }
}

/** The part of `gh` that the workflows use: contents and fork point come from git, the rest is recorded. */
const GH = `import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
const args = process.argv.slice(2);
const git = (...rest) => execFileSync("git", rest, { cwd: process.env.TOP, encoding: "utf8" });
const path = args.find((arg) => arg.startsWith("repos/")) ?? "";
const compare = /compare\\/(.*)\\.\\.\\.(.*)$/.exec(path);
const contents = /contents\\/(.*)\\?ref=(.*)$/.exec(path);
if (compare) process.stdout.write(git("merge-base", compare[1], compare[2]));
else if (contents) {
  try { process.stdout.write(git("show", contents[2] + ":" + contents[1])); }
  catch { console.error("gh: Not Found (HTTP 404)"); process.exit(1); }
} else {
  const file = args.map((arg) => /(?:body=@)(.*)$/.exec(arg)?.[1]).find(Boolean) ?? args[args.indexOf("--body-file") + 1];
  const isWrite = args.includes("--silent") || args[1] === "create";
  if (isWrite) appendFileSync(process.env.RUNNER_TEMP + "/github.log", args.join(" ") + "\\n" + readFileSync(file, "utf8"));
}
`;

/** The scripts of all `run` steps, in order. */
function runSteps(text: string): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const single = /^ *(?:- )?run: ([^|].*)$/.exec(line)?.[1];
    if (single !== undefined) return [single];
    if (!/^ *(?:- )?run: \|$/.test(line)) return [];
    const margin = (lines[index + 1] ?? "").search(/\S/);
    const rest = lines.slice(index + 1);
    const end = rest.findIndex((each) => each.trim() !== "" && each.search(/\S/) < margin);
    return [
      rest
        .slice(0, end < 0 ? undefined : end)
        .map((each) => each.slice(margin))
        .join("\n"),
    ];
  });
}

const flow = (...speeds: string[]): string =>
  oneFlow(
    { prompt: { type: "string" }, speed: { type: "string", enum: speeds } },
    { id: "private_flow" },
  );

describe("in another project's repository", () => {
  function theirs(): { repository: Repository; base: string } {
    const repository = new Repository();
    repository.write("source.json", flow("fast", "slow"));
    repository.vix(
      "init",
      "--from",
      "source.json",
      "--snapshot",
      "api/flows.json",
      "--out",
      "src/vix",
      "--all",
    );
    repository.vix("pull");
    repository.vix("generate");
    return { repository, base: repository.commit() };
  }

  const PULL_REQUEST = { REPO: "they/theirs", NUMBER: "7", ACCEPTED: "false" };

  test("a breaking pull request ends red, with a comment that says why", () => {
    const { repository, base } = theirs();
    repository.git("switch", "--quiet", "--create", "change");
    repository.write("source.json", flow("fast"));
    repository.vix("pull");
    repository.vix("generate");
    const head = repository.commit();
    repository.git("switch", "--quiet", "main");
    const event = { ...PULL_REQUEST, BASE_SHA: base, HEAD_SHA: head };
    const { ended, outputs } = repository.run("spec-diff", event);
    expect(ended).toMatchObject({ status: 1 });
    expect(ended.stdout).toContain("::error::Breaking changes.");
    expect(outputs).toContain("verdict=breaking");
    const log = readFileSync(join(repository.temp, "github.log"), "utf8");
    expect(log).toContain("repos/they/theirs/issues/7/comments");
    expect(log).toContain("<!-- vix-codegen diff -->");
    expect(log).toMatch(/speed.*no longer accepts.*slow/);
    expect(repository.run("spec-diff", { ...event, ACCEPTED: "true" }).ended.status).toBe(0);
  });

  test("a harmless pull request ends green", () => {
    const { repository, base } = theirs();
    repository.git("switch", "--quiet", "--create", "change");
    repository.write("source.json", flow("fast", "slow", "draft"));
    repository.vix("pull");
    const head = repository.commit();
    repository.git("switch", "--quiet", "main");
    const { ended, step } = repository.run("spec-diff", {
      ...PULL_REQUEST,
      BASE_SHA: base,
      HEAD_SHA: head,
    });
    expect([ended.status, ended.stderr, step.includes("VERDICT")]).toEqual([0, "", true]);
  });

  test("the watch proposes what changed on the server, and the check notices what is not generated", () => {
    const { repository } = theirs();
    const origin = tempDir();
    execFileSync("git", ["init", "--quiet", "--bare", origin]);
    repository.git("remote", "add", "origin", origin);
    repository.write("server.json", flow("fast", "slow", "draft"));
    const env = { SOURCE: "server.json", BASE: "main" };
    // Each job has its own checkout: the second one starts from the committed files.
    const file = ".github/workflows/spec-watch.yml";
    const text = readFileSync(join(repository.top, file), "utf8");
    repository.write(
      file,
      text.replace(
        "          git config user.name",
        "          git reset --quiet --hard\n          git config user.name",
      ),
    );
    repository.commit();
    const { ended, outputs, step } = repository.run("spec-watch", env);
    expect([ended.status, step.includes("gh pr create")]).toEqual([0, true]);
    expect(outputs).toContain("title=Update the flows (minor)");
    expect(readFileSync(join(repository.temp, "github.log"), "utf8")).toMatch(
      /speed.*also accepts.*draft/,
    );
    const proposed = execFileSync("git", ["show", "--stat=200", "spec-watch"], {
      cwd: origin,
      encoding: "utf8",
    });
    expect(proposed).toContain("api/flows.json");
    expect(proposed).toContain("src/vix/flows/private_flow.ts");

    expect(repository.run("flows-check", {}).ended.status).toBe(0);
    repository.write("src/vix/index.ts", "// edited\n");
    expect(repository.run("flows-check", {}).ended).toMatchObject({ status: 1 });
  });
});
