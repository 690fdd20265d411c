/** A batch never touches tasks and files of others, and reports what the disk refuses. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { start, tasksOf, vix, vixJson, world, type Ran, type World } from "./support.js";

const FLOW = "sdxl_lighting";
const BATCH = ["batch", "in.jsonl", "-o", "out"];

const prompts = (...list: string[]): string =>
  list.map((prompt) => `${JSON.stringify({ flow: FLOW, params: { prompt } })}\n`).join("");

async function pictures(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith(".png")).sort();
}

/** Number of creates whose tasks are in the ledger. */
async function recorded(dir: string): Promise<number> {
  const text = await readFile(join(dir, "out/ledger.jsonl"), "utf8").catch(() => "");
  return text.split('"did":"tasks"').length - 1;
}

/** Runs a shell line in which `vix` is the command. */
async function shell(script: string, { cwd, env }: World["here"]): Promise<Ran> {
  const vixFunction = `vix() { ${JSON.stringify(process.execPath)} ${JSON.stringify(join(process.cwd(), "bin/vix.js"))} "$@"; }`;
  const child = spawn("bash", ["-c", `${vixFunction}; ${script}`], {
    cwd,
    env: { ...process.env, ...env, XDG_CONFIG_HOME: cwd },
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (piece: Buffer) => (output[name] += piece.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, ...output };
}

describe("tasks of others", () => {
  it("stay when the server was reset, and has other tasks under the same ids", async () => {
    const { dir, here, standin } = await world();
    standin.addFaults({ do: "take", ms: 600_000 });
    await writeFile(join(dir, "in.jsonl"), prompts("one", "two"));
    const first = start([...BATCH, "--json"], here);
    while ((await recorded(dir)) < 2) continue;
    first.child.kill("SIGKILL");
    await first.ended;

    await standin.reset();
    const other = ["run", "flux1_dev", "--prompt", "precious", "--count", "2", "--detach"];
    expect((await vixJson(other, here)).document.tasks.map(({ id }) => id)).toEqual([1, 2]);
    const { code, document } = await vixJson(BATCH, here);
    expect([code, document.done]).toEqual([0, 2]);
    expect([...(await tasksOf(standin)).keys()]).toEqual([1, 2, 3, 4]);
  });

  it("stay when a failed line is retried on another server", async () => {
    const { dir, here } = await world({ faults: [{ do: "fail", error: "boom", times: 1 }] });
    const other = await world();
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    expect((await vixJson([...BATCH, "--retries", "0"], here)).code).toBe(2);
    await vixJson(["run", "flux1_dev", "--prompt", "precious"], other.here);
    const there = { ...here, env: other.here.env };
    expect((await vixJson(BATCH, there)).code).toBe(0);
    expect([...(await tasksOf(other.standin)).keys()]).toEqual([1, 2]);
  });
});

describe("files of others", () => {
  it.each([
    ["JSON Lines of another program", '{"date":1}\n{"date":2}\n'],
    ["one line of text", "notes\n"],
    ["text without a line end", "notes"],
  ])("stay where the ledger should be: %s", async (_, text) => {
    const { dir, here, standin } = await world();
    await mkdir(join(dir, "out"));
    await writeFile(join(dir, "out/ledger.jsonl"), text);
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    const { code, document } = await vixJson(BATCH, here);
    expect([code, document.error?.code]).toEqual([1, "ledger_damaged"]);
    expect(await readFile(join(dir, "out/ledger.jsonl"), "utf8")).toBe(text);
    expect((await tasksOf(standin)).size).toBe(0);
  });

  it.each(["ledger.jsonl", "report.json", "report.html"])(
    "stay when FILE has the name of one that the batch writes: %s",
    async (name) => {
      const { dir, here } = await world();
      await writeFile(join(dir, name), prompts("one"));
      const { code, document } = await vixJson(["batch", name, "-o", "."], here);
      expect([code, document.error?.code]).toEqual([1, "invalid_input"]);
      expect(await readFile(join(dir, name), "utf8")).toBe(prompts("one"));
    },
  );

  it("stay beside the pictures of a line that is done", async () => {
    const { dir, here } = await world();
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    await vixJson(BATCH, here);
    const out = join(dir, "out");
    const [name = ""] = await pictures(out);
    const copies = [name.replace(".png", ".jpg"), name.replace(".png", "-2.png")];
    for (const copy of copies) await copyFile(join(out, name), join(out, copy));
    await vixJson(BATCH, here);
    expect(await readdir(out)).toEqual(expect.arrayContaining(copies));
  });
});

describe("FILE", () => {
  it.each([
    ["a pipe", "head -2 in.jsonl | vix batch /dev/stdin -o out --json"],
    ["standard input", "head -2 in.jsonl | vix batch - -o out --json"],
    ["the output of a command", "vix batch <(head -2 in.jsonl) -o out --json"],
  ])("can be %s", async (_, script) => {
    const { dir, here, standin } = await world();
    await writeFile(join(dir, "in.jsonl"), prompts("one", "two", "three"));
    const { code, stdout } = await shell(script, here);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true, total: 2, done: 2 }]);
    expect((await tasksOf(standin)).size).toBe(2);
  });

  it("that shrinks while the batch runs is noticed", async () => {
    const { dir, here, standin } = await world({ faults: [{ do: "take", ms: 2000 }] });
    await writeFile(join(dir, "in.jsonl"), prompts("one", "two"));
    const running = start([...BATCH, "--json"], here);
    while ((await tasksOf(standin)).size < 2) continue;
    await truncate(join(dir, "in.jsonl"), prompts("one").length);
    const { code, stdout } = await running.ended;
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { code: "input_changed" } }]);
  });

  it("that is CSV may have blank lines, in one column too", async () => {
    const { dir, here, standin } = await world();
    await writeFile(join(dir, "in.csv"), "prompt\none\n   \n\t\ntwo\n");
    const { code } = await vixJson(["batch", "in.csv", "-o", "out", "--flow", FLOW], here);
    expect([code, (await tasksOf(standin)).size]).toEqual([0, 2]);
  });

  it.each(["in.csv", "in.jsonl"])("in another encoding than UTF-8 is refused: %s", async (name) => {
    const { dir, here, standin } = await world();
    const text = name.endsWith("csv") ? "prompt\ncafé\n" : '{"prompt":"café"}\n';
    await writeFile(join(dir, name), Buffer.from(text, "latin1"));
    const { code, document } = await vixJson(["batch", name, "-o", "out", "--flow", FLOW], here);
    expect([code, document.error?.message]).toEqual([1, `${name} is not UTF-8.`]);
    expect((await tasksOf(standin)).size).toBe(0);
  });

  it("in UTF-16 with a byte order mark is read", async () => {
    const { dir, here, standin } = await world();
    await writeFile(join(dir, "in.csv"), Buffer.from("\ufeffprompt\ncafé\n", "utf16le"));
    expect((await vix(["batch", "in.csv", "-o", "out", "--flow", FLOW], here)).code).toBe(0);
    const [task] = (await tasksOf(standin)).values();
    expect(task?.input_params["prompt"]).toBe("café");
  });
});

describe("a disk that refuses", () => {
  it("ends with 2 and what was done; the same command goes on when there is room", async () => {
    const { dir, here, standin } = await world();
    const names = Array.from({ length: 30 }, (_, at) => `line ${at}`);
    await writeFile(join(dir, "in.jsonl"), prompts(...names));
    const short = await shell(`ulimit -f 6; vix ${BATCH.join(" ")} --json`, here);
    expect([short.code, JSON.parse(short.stdout)]).toMatchObject([
      2,
      { ok: false, error: { code: "not_saved" }, total: 30 },
    ]);
    const { code, document } = await vixJson(BATCH, here);
    expect([code, document.done]).toEqual([0, 30]);
    expect((await tasksOf(standin)).size).toBe(30);
  });

  it("leaves the ids of what `vix run` created", async () => {
    const { here } = await world({ maxPictureSide: 256 });
    const { code, stdout } = await shell(`ulimit -f 1; vix run ${FLOW} --prompt x --json`, here);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      2,
      { error: { code: "not_saved", taskIds: [1] }, tasks: [{ id: 1 }], files: [] },
    ]);
  });

  it.each([
    ["a folder below a file", "mkdir -p out; touch afile", "afile/sub"],
    ["a folder where a report is written", "mkdir -p out/report.json.part", "out"],
    ["a folder in place of the ledger", "mkdir -p out/ledger.jsonl", "out"],
  ])("is told without a stack trace: %s", async (_, before, output) => {
    const { dir, here } = await world();
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    const { code, stderr } = await shell(`${before}; vix batch in.jsonl -o ${output}`, here);
    expect([1, 2]).toContain(code);
    expect(stderr).toMatch(/afile is a file|cannot be written/);
    expect(stderr).not.toMatch(/ {4}at |bug in vix/);
  });

  it("keeps `vix run` from creating a task whose files could not be saved", async () => {
    const { dir, here, standin } = await world();
    await writeFile(join(dir, "afile"), "");
    const { code } = await vixJson(["run", FLOW, "--prompt", "x", "-o", "afile/sub"], here);
    expect([code, (await tasksOf(standin)).size]).toEqual([1, 0]);
  });
});

describe("Ctrl-C", () => {
  it("says which tasks may still run when the server does not confirm their end", async () => {
    const { dir, here, standin } = await world({ speed: 1, duration: 600_000 });
    await writeFile(join(dir, "in.jsonl"), prompts("one", "two"));
    const running = start([...BATCH, "--json"], here);
    while ((await recorded(dir)) < 2) continue;
    standin.addFaults({ on: "cancel", do: "hang" });
    running.child.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect([code, JSON.parse(stdout)]).toMatchObject([130, { error: { taskIds: [1, 2] } }]);
    expect(stdout).toContain("did not confirm");
  });
});

describe("a picture that was deleted from DIR", () => {
  it("is saved again while its task is on the server; after that, this is said", async () => {
    const { dir, here } = await world();
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    await vixJson(BATCH, here);
    const out = join(dir, "out");
    const [name = ""] = await pictures(out);
    await rm(join(out, name));
    expect((await vixJson(BATCH, here)).code).toBe(0);
    expect(existsSync(join(out, name))).toBe(true);
    await rm(join(out, name));
    await vix(["cancel", "1"], here);
    await fetch(`${here.env["VIX_URL"]}/vapi/tasks/task?task_id=1`, { method: "DELETE" });
    const { stderr } = await vix(BATCH, here);
    expect(stderr).toContain(`${name} was deleted`);
  });
});

describe("output", () => {
  it("that nobody reads any more does not stop the work", async () => {
    const { here, dir } = await world();
    const script = `vix run ${FLOW} --prompt x --count 4 | head -1; echo \${PIPESTATUS[0]}`;
    const { stdout } = await shell(script, here);
    expect(stdout.trim().endsWith("\n0")).toBe(true);
    expect(await pictures(join(dir, "out"))).toHaveLength(4);
  });

  it.each(["tasks --json", "flows"])("that is lost is an error: %s", async (command) => {
    const { here } = await world();
    const { code, stderr } = await shell(`vix ${command} > /dev/full`, here);
    expect(code).toBe(2);
    expect(stderr).toMatch(/output cannot be written.*ENOSPC/);
  });

  it("never has a password", async () => {
    const { here, dir } = await world();
    await mkdir(join(dir, "vix"));
    await writeFile(join(dir, "vix/servers.json"), '{"servers":{"http://a":{"password": geheim}}}');
    const outputs = await Promise.all([
      vix(["tasks", "--url", "ftp://user:geheim@h"], here),
      vix(["tasks", "--url", "http://user:geheim@h:99999"], here),
      vix(["tasks", "--url", "http://user:geheim%@h"], here),
      shell("unset VIX_URL; vix tasks", here),
    ]);
    for (const { code, stdout, stderr } of outputs) {
      expect(code).toBe(1);
      expect(stderr).not.toMatch(/geheim|bug in vix/);
      expect(stdout).toBe("");
    }
  });
});
