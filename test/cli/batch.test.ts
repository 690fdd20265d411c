import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Standin } from "visionatrix-standin";
import { start, tasksOf, vix, vixJson, world } from "./support.js";

const FLOW = "sdxl_lighting";

interface Report {
  total: number;
  done: number;
  failed: number;
  runs: {
    line: number;
    flow: string;
    status: "done" | "failed";
    taskIds: number[];
    seeds: number[];
    files: string[];
    error?: { code: string; message: string };
  }[];
  removed?: { files: string[] }[];
}

async function report(dir: string): Promise<Report> {
  return JSON.parse(await readFile(join(dir, "report.json"), "utf8")) as Report;
}

async function pictures(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith(".png")).sort();
}

const prompts = (...list: string[]): string =>
  list.map((prompt) => `${JSON.stringify({ flow: FLOW, params: { prompt } })}\n`).join("");

function creates(standin: Standin): number {
  return standin.requests.filter(({ endpoint }) => endpoint === "create").length;
}

describe("vix batch", () => {
  it("runs every line, and reports each outcome", async () => {
    const { dir, here } = await world();
    const line = { flow: FLOW, params: { prompt: "<b>two</b>", seed: 5 }, count: 2 };
    await writeFile(join(dir, "in.jsonl"), `\ufeff${prompts("one")}\n\r\n${JSON.stringify(line)}`);
    const { code, document } = await vixJson(["batch", "in.jsonl", "-o", "out"], here);
    expect([code, document]).toEqual([
      0,
      expect.objectContaining({ ok: true, total: 2, done: 2, failed: 0 }),
    ]);
    const out = join(dir, "out");
    expect(document.report).toBe(join(out, "report.json"));
    const { runs } = await report(out);
    expect(runs).toMatchObject([
      { line: 1, flow: FLOW, status: "done" },
      { line: 4, seeds: [5, 6], status: "done" },
    ]);
    expect(runs.flatMap(({ files }) => files).sort()).toEqual(await pictures(out));
    for (const { line, files } of runs)
      for (const file of files) expect(file.startsWith(`${line}-`)).toBe(true);
    const html = await readFile(join(out, "report.html"), "utf8");
    expect(html).toContain("&lt;b&gt;two&lt;/b&gt;");
    expect(html).not.toContain("<b>two</b>");
    expect(html.match(/<img /g)).toHaveLength(3);
    expect(html).not.toMatch(/https?:\/\//);
  });

  it("reads CSV: empty cells are not given, quoted ones are not trimmed, lines are physical", async () => {
    const { dir, here, standin } = await world();
    const csv =
      "prompt,steps_number,count,batch_size\r\n" +
      '" a\nlong one ",4 steps,,\r\n\r\nplain,,2,1\n"x",8 steps,,\n';
    await writeFile(join(dir, "in.csv"), csv);
    const args = ["batch", "in.csv", "-o", "out", "--flow", FLOW];
    expect((await vixJson(args, here)).code).toBe(0);
    const { runs } = await report(join(dir, "out"));
    expect(runs.map(({ line, taskIds }) => [line, taskIds.length])).toEqual([
      [2, 1],
      [5, 2],
      [6, 1],
    ]);
    const sent = [...(await tasksOf(standin)).values()].map(({ input_params }) => input_params);
    expect(sent).toContainEqual(
      expect.objectContaining({ prompt: " a\r\nlong one ", steps_number: "4 steps" }),
    );
    expect(sent.filter(({ prompt }) => prompt === "plain")).toEqual([
      expect.not.objectContaining({ steps_number: expect.anything() as unknown }),
      expect.objectContaining({ batch_size: "1" }),
    ]);
  });

  it("takes bare parameters with --flow, and paths relative to the file", async () => {
    const { dir, here, standin } = await world();
    const made = await vixJson(["run", FLOW, "--prompt", "x"], here);
    await mkdir(join(dir, "lists"));
    await rename(made.document.files[0]!.path, join(dir, "lists", "a.png"));
    const lines = [{ input_image: "a.png" }, { params: { input_image: "task:1/9" } }];
    await writeFile(
      join(dir, "lists/in.jsonl"),
      lines.map((line) => JSON.stringify(line)).join("\n"),
    );
    const args = ["batch", "lists/in.jsonl", "-o", "out", "--flow", "remove_background_birefnet"];
    expect((await vixJson(args, here)).code).toBe(0);
    expect(creates(standin)).toBe(3);
  });

  it("creates nothing when a line is wrong, and says which and why", async () => {
    const { dir, here, standin } = await world();
    const good = prompts("one").trim();
    for (const [text, line, why] of [
      ["{", 2, "not JSON"],
      ["[]", 2, "not a JSON object"],
      ['{"params":{"prompt":"x"}}', 2, "--flow"],
      [`{"flow":"${FLOW}","params":{"prompt":"x"},"seed":3}`, 2, '"seed"'],
      [`{"flow":"${FLOW}","params":{}}`, 2, "prompt"],
      [`{"flow":"${FLOW}","params":{"promt":"x"}}`, 2, "did you mean"],
      [`{"flow":"${FLOW}","params":{"prompt":"x","count":1},"count":2}`, 2, "twice"],
      [`{"flow":"${FLOW}","params":{"prompt":"x"},"count":0}`, 2, "count"],
      ['{"flow":"none_such","params":{}}', 2, "none_such"],
      ['\n{"flow":"remove_background_birefnet","params":{"input_image":"no.png"}}', 3, "no.png"],
    ] as const) {
      await writeFile(join(dir, "in.jsonl"), `${good}\n${text}\n${good}\n`);
      const { code, document } = await vixJson(["batch", "in.jsonl", "-o", "out"], here);
      expect([text, code, document.error?.problems]).toEqual([
        text,
        1,
        [expect.objectContaining({ line })],
      ]);
      expect(document.error?.message).toContain(`line ${line}: `);
      expect(document.error?.message).toContain(why);
    }
    await writeFile(join(dir, "in.csv"), "prompt,prompt\na,b\n");
    expect((await vixJson(["batch", "in.csv", "-o", "out", "--flow", FLOW], here)).code).toBe(1);
    await writeFile(join(dir, "in.csv"), "prompt\na,b\n");
    const cells = await vixJson(["batch", "in.csv", "-o", "out", "--flow", FLOW], here);
    expect(cells.document.error?.message).toContain("line 2: ");
    expect(creates(standin)).toBe(0);
    expect(existsSync(join(dir, "out"))).toBe(false);
  });

  it("checks with --dry-run without a server", async () => {
    const { dir } = await world();
    await writeFile(join(dir, "in.jsonl"), prompts("one", "two"));
    const args = ["batch", "in.jsonl", "-o", "out", "--dry-run"];
    const { code, document } = await vixJson(args, { cwd: dir });
    expect([code, document.total, existsSync(join(dir, "out"))]).toEqual([0, 2, false]);
  });

  it("retries a failed task with its seed and deletes it; then fails the line", async () => {
    const { dir, here, standin } = await world({
      faults: [{ do: "fail", error: "out of memory", nth: [1, 3, 4] }],
    });
    await writeFile(join(dir, "in.jsonl"), prompts("one", "two"));
    const args = ["batch", "in.jsonl", "-o", "out", "--at-once", "1"];
    const { code, document, stderr } = await vixJson(args, here);
    expect(code).toBe(2);
    expect(document).toMatchObject({ ok: false, total: 2, done: 1, failed: 1 });
    expect(document.error).toBeUndefined();
    expect(stderr).toMatch(/line 1: .*out of memory.*; retrying/);
    const first = await report(join(dir, "out"));
    expect(first.runs[1]).toMatchObject({
      line: 2,
      status: "failed",
      error: { code: "task_failed", message: expect.stringContaining("memory") as string },
    });
    // The replaced task is gone. The task of the failed line stays until the line is retried.
    const failed = [...(await tasksOf(standin)).values()].filter(({ error }) => error !== "");
    expect(failed).toHaveLength(1);

    expect((await vixJson(args, here)).code).toBe(0);
    const second = await report(join(dir, "out"));
    expect(second.runs[0]).toEqual(first.runs[0]);
    expect(second.runs[1]).toMatchObject({ status: "done", seeds: first.runs[1]!.seeds });
    const tasks = await tasksOf(standin);
    expect(tasks.size).toBe(2);
    expect([...tasks.values()].every(({ progress }) => progress === 100)).toBe(true);
  });

  it("runs a line again when the server has lost the files of its task", async () => {
    const { dir, here, standin } = await world({ faults: [{ do: "lose-files", nth: 1 }] });
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    const { code, stderr } = await vixJson(["batch", "in.jsonl", "-o", "out"], here);
    expect(code).toBe(0);
    expect(stderr).toMatch(/line 1: Task 1 is done, and the server has no files of it\.; retrying/);
    const { runs } = await report(join(dir, "out"));
    expect(runs[0]!.files).toHaveLength(1);
    expect([...(await tasksOf(standin)).keys()]).toEqual([2]);
  });

  it("runs only the new lines of a changed file, and names files by their line", async () => {
    const { dir, here, standin } = await world();
    const args = ["batch", "in.jsonl", "-o", "out"];
    await writeFile(join(dir, "in.jsonl"), prompts("one", "same", "same", "gone"));
    await vixJson(args, here);
    const before = await report(join(dir, "out"));
    expect(creates(standin)).toBe(4);
    // Other order of keys, other lines around it.
    const one = `{"count":1,"params":{"prompt":"one"},"flow":"${FLOW}"}\n`;
    await writeFile(
      join(dir, "in.jsonl"),
      `${prompts("new", "same")}${one}${prompts("same", "same")}`,
    );
    const { document } = await vixJson(args, here);
    expect(document).toMatchObject({ total: 5, done: 5 });
    expect(creates(standin)).toBe(6);
    const after = await report(join(dir, "out"));
    expect(after.runs[2]!.taskIds).toEqual(before.runs[0]!.taskIds);
    expect(after.runs[1]!.taskIds).toEqual(before.runs[1]!.taskIds);
    expect(after.runs[3]!.taskIds).toEqual(before.runs[2]!.taskIds);
    for (const { line, files } of after.runs)
      expect(files.every((file) => file.startsWith(`${line}-`))).toBe(true);
    expect(after.removed).toMatchObject([{ files: before.runs[3]!.files }]);
    const named = [...after.runs, ...after.removed!].flatMap(({ files }) => files);
    expect(named.sort()).toEqual(await pictures(join(dir, "out")));
  });

  it("tells lines apart by the bytes of their files", async () => {
    const { dir, here, standin } = await world();
    const made = await vixJson(["run", FLOW, "--prompt", "x", "--count", "2"], here);
    const [a, b] = made.document.files.map(({ path }) => path);
    await rename(a!, join(dir, "a.png"));
    const line = { flow: "remove_background_birefnet", params: { input_image: "a.png" } };
    await writeFile(join(dir, "in.jsonl"), JSON.stringify(line));
    const args = ["batch", "in.jsonl", "-o", "out2"];
    await vixJson(args, here);
    await vixJson(args, here);
    expect(creates(standin)).toBe(2);
    await rename(b!, join(dir, "a.png"));
    await vixJson(args, here);
    expect(creates(standin)).toBe(3);
  });

  it("removes pictures of its own tasks that no run names, and no other file", async () => {
    const { dir, here } = await world();
    const args = ["batch", "in.jsonl", "-o", "out"];
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    await vixJson(args, here);
    const { taskIds, seeds } = (await report(join(dir, "out"))).runs[0]!;
    const stray = `9-${FLOW}-${seeds[0]}-t${taskIds[0]}-9-0.png`;
    await writeFile(join(dir, "out", stray), "left by a kill");
    // As if killed before the saved files were recorded.
    const ledger = join(dir, "out/ledger.jsonl");
    const records = (await readFile(ledger, "utf8")).split("\n");
    await writeFile(ledger, records.filter((text) => !text.includes('"saved"')).join("\n"));
    await writeFile(join(dir, "out", "mine.png"), "not of the batch");
    await vixJson(args, here);
    expect(await pictures(join(dir, "out"))).toEqual([
      expect.stringMatching(/^1-/) as string,
      "mine.png",
    ]);
  });

  it("refuses a folder that a living process holds, and takes over that of a dead one", async () => {
    const { dir, here, standin } = await world({ workers: 0 });
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    const args = ["batch", "in.jsonl", "-o", "out"];
    const first = start(args, here);
    const made = async (): Promise<void> => {
      while ((await tasksOf(standin)).size === 0) continue;
    };
    await made();
    const second = await vixJson(args, here);
    expect([second.code, second.document.error?.code]).toEqual([1, "locked"]);
    expect(second.document.error?.message).toContain(String(first.child.pid));
    first.child.kill("SIGKILL");
    await first.ended;
    // Another process may have got its id since.
    const lock = join(dir, "out", ".vix-lock");
    await writeFile(lock, JSON.stringify({ pid: process.pid, began: "another time" }));
    const third = start([...args, "--json"], here);
    await third.said("1 line checked");
    third.child.kill("SIGINT");
    expect((await third.ended).code).toBe(130);
    expect(creates(standin)).toBe(1);
  });

  it("drops a damaged last record of its ledger, and refuses one that is damaged before", async () => {
    const { dir, here, standin } = await world();
    const args = ["batch", "in.jsonl", "-o", "out"];
    const ledger = join(dir, "out", "ledger.jsonl");
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    await vixJson(args, here);
    await appendFile(ledger, '{"did":"saved","id":"x');
    expect((await vixJson(args, here)).code).toBe(0);
    expect(creates(standin)).toBe(1);
    const text = await readFile(ledger, "utf8");
    expect(text.endsWith("}\n")).toBe(true);
    await writeFile(ledger, text.replace('"do"', "do"));
    const { code, document } = await vixJson(args, here);
    expect([code, document.error?.code]).toEqual([1, "ledger_damaged"]);
  });

  it("cancels running tasks at Ctrl-C, adopted or not, and resumes the next time", async () => {
    const { dir, here, standin } = await world({ speed: 1, duration: 600_000, workers: 1 });
    await writeFile(join(dir, "in.jsonl"), prompts("one", "two", "three"));
    const args = ["batch", "in.jsonl", "-o", "out", "--at-once", "2", "--json"];
    for (let round = 0; round < 2; round++) {
      const running = start(args, here);
      while ((await tasksOf(standin)).size < 2) continue;
      // Killed in the first round, so that its tasks are adopted in the second.
      if (round === 0) {
        running.child.kill("SIGKILL");
        await running.ended;
        continue;
      }
      await running.said("3 lines checked");
      running.child.kill("SIGINT");
      const { code, stdout } = await running.ended;
      expect(code).toBe(130);
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: "aborted" } });
    }
    while ((await tasksOf(standin)).size > 0) continue;
  });

  it("runs a line again whose task was cancelled, and fails it when that is refused", async () => {
    const { dir, here, standin } = await world({ workers: 0 });
    await writeFile(join(dir, "in.jsonl"), prompts("one"));
    const args = ["batch", "in.jsonl", "-o", "out", "--retries", "0"];
    const running = start(args, here);
    while (
      !(await readFile(join(dir, "out/ledger.jsonl"), "utf8").catch(() => "")).includes("tasks")
    )
      continue;
    running.child.kill("SIGKILL");
    await running.ended;
    await vix(["cancel", "1"], here);
    standin.addFaults({ on: "create", do: "status", status: 400, body: '{"detail":"no"}' });
    const { code, document } = await vixJson(args, here);
    expect([code, document.failed]).toEqual([2, 1]);
    expect((await report(join(dir, "out"))).runs[0]!.error).toMatchObject({ code: "bad_request" });
  });

  it("ends with 3 when the server is down, and finishes when it is up", async () => {
    const { dir, here, standin } = await world();
    await writeFile(join(dir, "in.jsonl"), prompts("one", "two"));
    await standin.goOffline();
    const args = ["batch", "in.jsonl", "-o", "out"];
    const away = await vixJson(args, here);
    expect([away.code, away.document.ok]).toEqual([3, false]);
    await standin.goOnline();
    expect((await vix(args, here)).code).toBe(0);
    expect((await tasksOf(standin)).size).toBe(2);
  });

  it("waits for a server that goes down in the middle, up to the given time", async () => {
    const { dir, here, standin } = await world({ speed: 1, duration: 1500, workers: 1 });
    await writeFile(join(dir, "in.jsonl"), prompts("one", "two", "three"));
    const args = ["batch", "in.jsonl", "-o", "out", "--at-once", "1"];
    const running = start([...args, "--json"], here);
    while ((await tasksOf(standin)).size === 0) continue;
    await standin.goOffline();
    await running.said("Retrying until the server is back");
    await standin.goOnline();
    const { code, stdout } = await running.ended;
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ done: 3 })]);
    expect((await tasksOf(standin)).size).toBe(3);

    await writeFile(join(dir, "in.jsonl"), prompts("four"));
    const short = start([...args, "--outage", "1", "--json"], here);
    while ((await tasksOf(standin)).size < 4) continue;
    await standin.goOffline();
    const ended = await short.ended;
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([3, { ok: false }]);
  });

  it("adopts by its key what a killed process created, among many tasks that look the same", async () => {
    const { dir, here, standin } = await world();
    await vixJson(
      ["run", FLOW, "--prompt", "x", "--seed", "5", "--count", "250", "--detach"],
      here,
    );
    const line = `${JSON.stringify({ flow: FLOW, params: { prompt: "x", seed: 5 } })}\n`;
    await writeFile(join(dir, "in.jsonl"), line);
    const args = ["batch", "in.jsonl", "-o", "out"];
    await vixJson(args, here);
    // As if killed before the response to the create was recorded.
    const ledger = join(dir, "out", "ledger.jsonl");
    const [plan] = (await readFile(ledger, "utf8")).split("\n");
    await writeFile(ledger, `${JSON.stringify({ ...JSON.parse(plan!), after: 250 })}\n`);
    await writeFile(join(dir, "in.jsonl"), line.repeat(3));
    const { code, document } = await vixJson(args, here);
    expect([code, document.done]).toEqual([0, 3]);
    expect((await tasksOf(standin)).size).toBe(253);
  });
});
