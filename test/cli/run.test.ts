import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasEscapes, privateFlow, start, tasksOf, vix, vixJson, world } from "./support.js";

const FLOW = "sdxl_lighting";

/** Number of create requests. */
const creates = (requests: readonly { endpoint: string }[]): number =>
  requests.filter(({ endpoint }) => endpoint === "create").length;

describe("vix run", () => {
  it("runs a flow, saves its files and reports everything in one document", async () => {
    const { dir, here } = await world();
    const args = ["run", FLOW, "--prompt", "a cat", "--count", "2", "--seed", "7"];
    const { code, document } = await vixJson(args, here);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      ok: true,
      flow: FLOW,
      tasks: [{ seed: 7 }, { seed: 8 }],
      files: [{ seed: 7, kind: "image", mediaType: "image/png" }, { seed: 8 }],
      seconds: expect.any(Number) as number,
    });
    for (const { path, size } of document.files) {
      expect(path.startsWith(join(dir, "out"))).toBe(true);
      expect((await readFile(path)).length).toBe(size);
    }
  });

  it("prints plain lines without a terminal, and only paths with --quiet", async () => {
    const { here } = await world();
    const loud = await vix(["run", FLOW, "--prompt", "a cat"], here);
    expect(loud.code).toBe(0);
    expect(loud.stdout).toMatch(/^out\/\S+\.png {2}\d+(\.\d)? k?B\n$/);
    expect(loud.stderr).toContain("task 1, seed");
    expect(hasEscapes(loud.stdout + loud.stderr)).toBe(false);
    const quiet = await vix(["run", FLOW, "--prompt", "a cat", "--quiet"], here);
    expect(quiet.stdout).toMatch(/^out\/\S+\.png\n$/);
    expect(quiet.stderr).toBe("");
  });

  it("takes both spellings, --param, and --params from a file and from standard input", async () => {
    const { here, dir, standin } = await world();
    await writeFile(
      join(dir, "params.json"),
      JSON.stringify({ prompt: "of the file", steps_number: "4 steps", batch_size: 2 }),
    );
    const options = ["--params", "params.json", "--steps-number", "8 steps"];
    const more = ["--param", "negative_prompt=a=b", "--batch_size", "1", "--quiet"];
    expect((await vix(["run", FLOW, ...options, ...more], here)).code).toBe(0);
    const input = JSON.stringify({ prompt: "of the pipe" });
    const piped = await vix(["run", FLOW, "--params", "-"], { ...here, input });
    expect(piped.code).toBe(0);
    const [first, second] = [...(await tasksOf(standin)).values()];
    expect(first!.input_params).toMatchObject({
      prompt: "of the file",
      steps_number: "8 steps",
      negative_prompt: "a=b",
      batch_size: "1",
    });
    expect(second!.input_params).toMatchObject({ prompt: "of the pipe" });
  });

  it("shows with --dry-run what would be sent, and sends no request", async () => {
    const { here, dir } = await world();
    await writeFile(join(dir, "a.png"), "not looked at");
    const plain = { cwd: here.cwd };
    const run = await vixJson(["run", FLOW, "--prompt", "x", "--seed", "3", "--dry-run"], plain);
    expect(run.document).toMatchObject({
      ok: true,
      parts: expect.arrayContaining([
        { name: "prompt", value: "x" },
        { name: "seed", value: "3" },
      ]) as unknown,
    });
    const file = ["run", "remove_background_birefnet", "--input-image", "a.png", "--dry-run"];
    const { document } = await vixJson(file, plain);
    expect(document.parts).toContainEqual({
      name: "input_image",
      file: { name: "a.png", size: 13 },
    });
  });

  it("runs once with a key, however often it is called", async () => {
    const { here, standin } = await world();
    const args = ["run", FLOW, "--prompt", "x", "--key", "order 7", "-o", "out"];
    const first = await vixJson(args, here);
    const second = await vixJson(args, here);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.document.tasks).toEqual(first.document.tasks);
    expect((await tasksOf(standin)).size).toBe(1);
    const other = await vixJson([...args, "--steps-number", "8 steps"], here);
    expect([other.code, other.document.error?.code]).toEqual([1, "key_reused"]);
  });

  it("allows a large count with the option for it", async () => {
    const { here } = await world();
    const args = ["run", FLOW, "--prompt", "x", "--count", "1001", "--dry-run"];
    const refused = await vixJson(args, here);
    expect(refused.document.error?.message).toContain("add --allow-large-count");
    expect((await vixJson([...args, "--allow-large-count"], here)).code).toBe(0);
  });

  it("refuses invalid arguments with exit 1, and creates nothing", async () => {
    const { here, standin, dir } = await world();
    await writeFile(join(dir, "list.json"), "[]");
    for (const [args, code] of [
      [[FLOW, "--promt", "x"], "usage"],
      [[FLOW], "invalid_params"],
      [[FLOW, "--prompt", "x", "--steps-number", "9 steps"], "invalid_params"],
      [[FLOW, "--prompt", "x", "--batch-size", "many"], "invalid_params"],
      [[FLOW, "--prompt", "x", "--param", "typo=1"], "invalid_params"],
      [[FLOW, "--prompt", "x", "--param", "__proto__=1"], "invalid_params"],
      [[FLOW, "--prompt", "x", "extra"], "usage"],
      [[FLOW, "--prompt", "x", "--timeout", "soon"], "usage"],
      [[FLOW, "--params", "list.json"], "invalid_input"],
      [[FLOW, "--params", "none.json"], "invalid_input"],
      [[FLOW, "--prompt", "x", "--count", "1001"], "invalid_params"],
      [[FLOW, "--prompt", "x", "-o", "list.json"], "invalid_option"],
      [["remove_background_birefnet", "--input-image", "none.png"], "file_unreadable"],
      [["remove_background_birefnet", "--input-image", "task:99/9"], "reference_unknown"],
      [["remove_background_birefnet", "--input-image", "task:x"], "invalid_params"],
      [["no_such_flow", "--prompt", "x"], "flow_unknown"],
      [["--prompt", "x", FLOW], "usage"],
      [[], "usage"],
    ] as const) {
      const { code: exit, document } = await vixJson(["run", ...args], here);
      expect([args, exit, document.ok, document.error?.code]).toEqual([args, 1, false, code]);
    }
    expect(creates(standin.requests)).toBe(0);
  });

  it("suggests what may have been meant", async () => {
    const { here } = await world();
    const { document } = await vixJson(["run", "sdxl_lightning"], here);
    expect(document.error).toMatchObject({ hint: expect.stringContaining(FLOW) as string });
    const { stderr } = await vix(["run", FLOW, "--promt", "x"], here);
    expect(stderr).toContain("--prompt");
  });

  it("lists a flow's parameters in --help without any server", async () => {
    const { code, stdout } = await vix(["run", FLOW, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/--prompt <text> +Prompt \(required\)/);
    expect(stdout).toMatch(/--steps-number <choice>.*"4 steps", "8 steps"/);
    // The parameter is hidden from users, but can be set.
    expect(stdout).not.toContain("--batch-size");
  });

  it("takes a path, an address of this machine, and an output of an earlier task as a file", async () => {
    const { here, standin } = await world();
    const made = await vixJson(["run", FLOW, "--prompt", "x"], here);
    const [file] = made.document.files;
    const results = `${standin.url}/vapi/tasks/results?task_id=${file!.task}&node_id=9`;
    for (const value of [file!.path, results, `task:${file!.task}/9`]) {
      const args = ["run", "remove_background_birefnet", "--input-image", value];
      const { code, document } = await vixJson(args, here);
      expect([value, code]).toEqual([value, 0]);
      expect(document.files).toHaveLength(1);
    }
    expect(standin.requests.filter(({ endpoint }) => endpoint === "create")).toHaveLength(4);
  });

  it("runs a flow that only the server describes, by its own help", async () => {
    const { here, standin } = await world({ flows: privateFlow() });
    const help = await vix(["run", "my_portrait", "--help"], here);
    expect(help.stdout).toMatch(/--hair-style <choice> +发型: "短", "长" \(default: "短"\)/);
    expect(help.stdout).toMatch(/--strength <number> +Strength: 0 to 1 in steps of 0.1/);
    const args = ["run", "my_portrait", "--prompt", "x", "--hair-style", "长", "--strength", "0.3"];
    const { code, document } = await vixJson(args, here);
    expect([code, document.files.length]).toEqual([0, 1]);
    const [task] = [...(await tasksOf(standin)).values()];
    expect(task!.input_params).toMatchObject({ hair_style: "长", strength: "0.3" });
    const wrong = await vixJson(["run", "my_portrait", "--strength", "2"], here);
    expect(wrong.document.error?.problems?.map(({ parameter }) => parameter)).toEqual([
      "prompt",
      "strength",
    ]);
  });

  it("saves what the others made when one of several tasks fails, and ends with 2", async () => {
    const { here } = await world({
      faults: [{ do: "fail", error: "CUDA out of memory", nth: 2 }],
    });
    const args = ["run", FLOW, "--prompt", "x", "--count", "3"];
    const { code, document } = await vixJson(args, here);
    expect(code).toBe(2);
    expect(document).toMatchObject({
      ok: false,
      error: { code: "task_failed", message: expect.stringContaining("CUDA") as string },
    });
    expect(document.tasks).toHaveLength(3);
    expect(document.files).toHaveLength(2);
    for (const { path } of document.files) expect(existsSync(path)).toBe(true);
  });

  it("ends with 2 when the server has lost the files of a finished task, as save does", async () => {
    const { here } = await world({ faults: [{ do: "lose-files", nth: 2 }] });
    const ran = await vixJson(["run", FLOW, "--prompt", "x", "--count", "2"], here);
    const error = {
      code: "task_failed",
      message: "Task 2 is done, and the server has no files of it.",
    };
    expect(ran).toMatchObject({ code: 2, document: { ok: false, error, files: [{ task: 1 }] } });
    const saved = await vixJson(["save", "1", "2"], here);
    expect(saved).toMatchObject({ code: 2, document: { ok: false, error, files: [{ task: 1 }] } });
  });

  it("prints ids and leaves with --detach; watch and save finish the work", async () => {
    const { here, dir } = await world();
    const { stdout, code } = await vix(["run", FLOW, "--prompt", "x", "--detach"], here);
    expect([code, stdout]).toEqual([0, "1\n"]);
    expect((await vix(["watch", "1"], here)).stdout).toBe("1 done\n");
    const saved = await vixJson(["save", "1", "-o", "elsewhere", "--metadata"], here);
    expect(saved.document.files).toHaveLength(1);
    expect(await readdir(join(dir, "elsewhere"))).toHaveLength(2);
  });

  it("gives up after --timeout with exit 3, and cancels the tasks", async () => {
    const { here, standin } = await world({ speed: 1, duration: 600_000 });
    const args = ["run", FLOW, "--prompt", "x", "--timeout", "1500ms"];
    const { code, document } = await vixJson(args, here);
    expect(code).toBe(3);
    expect(document.error).toMatchObject({ code: "timeout", taskIds: [1] });
    expect((await tasksOf(standin)).size).toBe(0);
  });

  it("ends with 4 when credentials are refused", async () => {
    const { here } = await world({ auth: "ann:secret" });
    const env = { ...here.env, VIX_USERNAME: "ann", VIX_PASSWORD: "not-the-one" };
    const { code, document } = await vixJson(["run", FLOW, "--prompt", "x"], { ...here, env });
    expect([code, document.error?.code]).toEqual([4, "not_authenticated"]);
    expect(JSON.stringify(document)).not.toContain("not-the-one");
  });
});

describe("a signal", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s cancels on the server and ends with %d", async (name, exit) => {
    const { here, standin } = await world({ speed: 1, duration: 600_000 });
    const running = start(["run", FLOW, "--prompt", "x", "--count", "2", "--json"], here);
    await running.said("running");
    running.child.kill(name);
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(exit);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: "aborted", taskIds: [1, 2] },
    });
    expect(stderr).toContain("Ctrl-C again");
    expect((await tasksOf(standin)).size).toBe(0);
  });

  it("that comes twice exits at once, and still prints its document", async () => {
    const { here, standin } = await world({ speed: 1, duration: 600_000 });
    const running = start(["run", FLOW, "--prompt", "x", "--json"], here);
    await running.said("running");
    standin.addFaults({ on: "cancel", do: "hang" });
    running.child.kill("SIGINT");
    await running.said("Ctrl-C again");
    const at = performance.now();
    running.child.kill("SIGINT");
    const { code, stdout } = await running.ended;
    expect(performance.now() - at).toBeLessThan(2000);
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "aborted" } });
  });

  it("leaves tasks alone that are only watched", async () => {
    const { here, standin } = await world({ speed: 1, duration: 600_000 });
    await vix(["run", FLOW, "--prompt", "x", "--detach"], here);
    const running = start(["watch", "1"], here);
    await running.said("running");
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect((await tasksOf(standin)).size).toBe(1);
  });
});
