/**
 * Kills a batch at random moments: nothing is created twice, nothing is lost, every file is complete.
 * `VIX_KILLS=100` (`make matrix`) runs the full test, with 300 lines; the default is a quick form.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { start, tasksOf, vixJson, world } from "./support.js";

const KILLS = Number(process.env["VIX_KILLS"] ?? 10);
const LINES = KILLS < 100 ? 60 : 300;
/** Longest life of a process after its lines are checked, in ms. */
const LIFE_MS = 4000;

it(`survives ${KILLS} kills, with 3 % of the requests and tasks going wrong`, async () => {
  const { dir, here, standin } = await world({
    speed: 1,
    // Slow enough that the batch is not done before the last kill.
    duration: [1000, 6500],
    workers: 3,
    faults: [
      { on: "create", chance: 0.03, do: "reset-after-accept" },
      { on: ["progress", "progress-summary"], chance: 0.03, do: "status", status: 502 },
      { on: "results", chance: 0.03, do: "cut" },
      { chance: 0.03, do: "fail", error: "CUDA out of memory" },
    ],
  });
  const lines = Array.from({ length: LINES }, (_, at) => ({
    flow: "sdxl_lighting",
    params: { prompt: `picture ${at}` },
  }));
  await writeFile(join(dir, "in.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const args = ["batch", "in.jsonl", "-o", "out", "--retries", "5"];
  const startedAt = performance.now();
  let kills = 0;
  while (kills < KILLS) {
    const running = start(args, here);
    await running.said("lines checked");
    // This random moment is the subject of the test.
    await Promise.race([sleep(Math.random() * LIFE_MS), running.ended]);
    if (running.child.exitCode !== null) break;
    running.child.kill("SIGKILL");
    await running.ended;
    kills++;
  }
  standin.clearFaults();
  const { document, code } = await vixJson(args, here);
  expect([code, document]).toEqual([0, expect.objectContaining({ total: LINES, done: LINES })]);
  expect(kills).toBe(KILLS);
  console.log(
    `${kills} kills over ${LINES} lines: ${document.done} done in ${Math.round((performance.now() - startedAt) / 1000)} s`,
  );

  const tasks = await tasksOf(standin);
  const asked = [...tasks.values()].map(({ input_params }) => input_params["prompt"]);
  expect(asked.sort()).toEqual(lines.map(({ params }) => params.prompt).sort());
  expect([...tasks.values()].every(({ progress }) => progress === 100)).toBe(true);

  const report = JSON.parse(await readFile(document.report, "utf8")) as {
    runs: { taskIds: number[]; files: string[] }[];
  };
  expect(report.runs.flatMap(({ taskIds }) => taskIds).sort()).toEqual([...tasks.keys()].sort());
  const files = report.runs.flatMap((run) => run.files);
  const all = await readdir(join(dir, "out"));
  const there = all.filter((name) => name.endsWith(".png"));
  // No partial files and no lock are left.
  expect(all.filter((name) => name.startsWith("."))).toEqual([]);
  expect(there.sort()).toEqual(files.sort());
  for (const file of files) {
    const bytes = await readFile(join(dir, "out", file));
    // A PNG ends with its last chunk only when all of it is there.
    expect(bytes.subarray(-8, -4).toString("latin1")).toBe("IEND");
  }
}, 3_600_000);
