/** The commands' decisions, each in isolation: queue, retries, ledger, file names, records, the doctor. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TaskInfo } from "visionatrix-client";
import {
  apply,
  isDone,
  Ledger,
  type Entry,
  type LedgerRecord,
} from "../../src/cli/batch/ledger.js";
import { movedName, taskOfName } from "../../src/cli/batch/names.js";
import { mayPass, patiently } from "../../src/cli/batch/patience.js";
import { readRecords } from "../../src/cli/batch/records.js";
import { escape } from "../../src/cli/batch/report-html.js";
import { clockCheck, workersCheck } from "../../src/cli/doctor/checks.js";
import { nearestName as nearest } from "../../src/errors/suggestion.js";
import { valueOf } from "../../src/cli/flows/values.js";
import { aheadOf } from "../../src/cli/tasks/queue.js";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "vix-decisions-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function task(id: number, more: Partial<TaskInfo> = {}): TaskInfo {
  return {
    task_id: id,
    state: "queued",
    priority: 0,
    group_scope: 1,
    input_params: {},
    ...more,
  } as TaskInfo;
}

describe("the place in the queue", () => {
  it("counts what runs, what is older, and what goes first", () => {
    const tasks = [
      task(1, { state: "done" }),
      task(2, { state: "running" }),
      task(3),
      task(4, { priority: 1 }),
      task(5, { group_scope: 2 }),
      task(6),
    ];
    expect(aheadOf(tasks, 3)).toBe(3);
    expect(aheadOf(tasks, 6)).toBe(4);
    expect(aheadOf(tasks, 5)).toBe(1);
    expect(aheadOf(tasks, 2)).toBeUndefined();
    expect(aheadOf(tasks, 99)).toBeUndefined();
  });
});

describe("patience with a server", () => {
  const error = (code: string): Error => Object.assign(new Error(code), { code, taskIds: [] });

  it("waits for a server that is away, but not after a final answer", () => {
    for (const code of ["not_reachable", "connection_lost", "busy", "submit_uncertain"])
      expect([code, mayPass(error(code), 1000)]).toEqual([code, true]);
    for (const code of ["task_failed", "task_gone", "bad_request", "not_authenticated", "aborted"])
      expect([code, mayPass(error(code), 0)]).toEqual([code, false]);
    expect(mayPass(new Error("a mistake"), 0)).toBe(false);
  });

  it("retries a few times what may be the task's own fault", () => {
    expect([0, 1, 2].map((tries) => mayPass(error("download_failed"), tries))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("ends when the server was away for too long, and tells of the first failure", async () => {
    const told: string[] = [];
    let tries = 0;
    const waiting = patiently(
      {
        outageMs: 1500,
        signal: new AbortController().signal,
        onTrouble: ({ message }) => told.push(message),
      },
      () => {
        tries++;
        return Promise.reject(error("not_reachable"));
      },
    );
    await expect(waiting).rejects.toThrow("not_reachable");
    expect(tries).toBeGreaterThan(1);
    expect(told).toEqual(["not_reachable"]);
  });
});

const plan: LedgerRecord = {
  do: "plan",
  id: "h-1",
  line: 3,
  flow: "f",
  count: 2,
  seed: 7,
  shots: [0, 1],
  key: "k",
  marker: "m",
  after: 0,
};
const saved = (shot: number): LedgerRecord => ({
  did: "saved",
  id: "h-1",
  shot,
  files: [{ path: `3-f-7-${shot + 10}-9-0.png`, kind: "image" }],
  seconds: 1,
});

function replay(records: readonly LedgerRecord[]): Entry {
  const entries = new Map<string, Entry>();
  for (const record of records) apply(entries, record);
  return entries.get("h-1") as Entry;
}

describe("the ledger", () => {
  it("knows a create as open until it is answered", () => {
    expect(replay([plan]).open).toEqual([{ key: "k", marker: "m", shots: [0, 1], after: 0 }]);
    const answered = replay([plan, { did: "tasks", id: "h-1", key: "k", tasks: [10, null] }]);
    expect(answered.open).toEqual([]);
    expect(answered.shots).toMatchObject([{ seed: 7, task: { id: 10, marker: "m" } }, { seed: 8 }]);
    expect(answered.shots[1]!.task).toBeUndefined();
  });

  it("keeps a task that was replaced until it is dropped", () => {
    const retry: LedgerRecord[] = [
      { ...plan },
      { did: "tasks", id: "h-1", key: "k", tasks: [10, 11] },
      { did: "failed", id: "h-1", shot: 1, error: { code: "task_failed", message: "x" } },
      { ...plan, shots: [1], key: "k2", marker: "m2" },
      { did: "tasks", id: "h-1", key: "k2", tasks: [12] },
    ];
    expect(replay(retry).shots[1]).toMatchObject({
      task: { id: 12, marker: "m2" },
      stale: [{ id: 11, marker: "m" }],
      error: undefined,
    });
    expect(replay([...retry, { did: "dropped", id: "h-1", task: 11 }]).shots[1]!.stale).toEqual([]);
  });

  it("is done when all shots are saved, and renames with its line", () => {
    const done = [plan, saved(0), saved(1)];
    expect(isDone(replay(done.slice(0, 2)))).toBe(false);
    expect(isDone(replay(done))).toBe(true);
    const moved = replay([...done, { do: "move", id: "h-1", line: 8 }]);
    expect(moved).toMatchObject({ line: 8, movedFrom: 3 });
    expect(moved.shots[0]!.files![0]!.path).toBe("8-f-7-10-9-0.png");
    const records: LedgerRecord[] = [
      ...done,
      { do: "move", id: "h-1", line: 8 },
      { did: "moved", id: "h-1", line: 8 },
    ];
    expect(replay(records).movedFrom).toBeUndefined();
  });

  it("is read back as it was written, wherever its end was cut off", async () => {
    const path = join(dir, "ledger.jsonl");
    const ledger = await Ledger.open(path);
    const records = [plan, saved(0), saved(1)];
    await Promise.all(records.map((record) => ledger.append(record)));
    await ledger.close();
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: text.length }), async (length) => {
        await writeFile(path, text.slice(0, length));
        const again = await Ledger.open(path);
        const whole = text.slice(0, length).split("\n").length - 1;
        expect(again.entries.get("h-1")).toEqual(
          whole === 0 ? undefined : replay(records.slice(0, whole)),
        );
        // New records follow the last complete one.
        await again.append(plan);
        await again.close();
        const third = await Ledger.open(path);
        expect(third.entries.get("h-1")).toEqual(replay([...records.slice(0, whole), plan]));
        await third.close();
      }),
      { numRuns: 40 },
    );
  });
});

describe("names of files", () => {
  it("tell the task, and change with the line", () => {
    expect(taskOfName("12-my-flow_2-77-t345-9-0.png")).toBe(345);
    expect(taskOfName("12-f-noseed-t345-9-0-2.webp")).toBe(345);
    for (const name of ["report.json", "ledger.jsonl", "12-holiday.png", "a-f-7-t1-9-0.png"])
      expect(taskOfName(name)).toBeUndefined();
    expect(movedName("12-f-7-t1-9-0.png", 3)).toBe("3-f-7-t1-9-0.png");
  });
});

describe("records of a file", () => {
  it("come back from CSV as they went in, with the line where each begins", async () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", " ", '"', ",", "\n", "ü", "\t"),
      maxLength: 6,
    });
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom("\n", "\r\n"), async (list, end) => {
        const file = join(dir, "x.csv");
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const lines = list.map((row) => row.map(quoted).join(",") + end);
        await writeFile(file, `a,b${end}${lines.join("")}`);
        let line = 2;
        const expected = list.map(([a, b], index) => {
          const record = [line, ...(a ? [["a", a]] : []), ...(b ? [["b", b]] : [])];
          line += lines[index]!.split("\n").length - 1;
          return record;
        });
        const read = [];
        for await (const record of readRecords(file, true))
          read.push("params" in record ? [record.line, ...record.params] : record);
        expect(read).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("come from JSON Lines with blank lines, long lines and no line break at the end", async () => {
    const file = join(dir, "x.jsonl");
    const long = "x".repeat(200_000);
    await writeFile(file, `\n{"a":"${long}"}\r\n \n{"params":{"b":"ü"},"count":2}`);
    const read = [];
    for await (const record of readRecords(file, true)) read.push(record);
    expect(read).toMatchObject([
      { line: 2, params: new Map([["a", long]]) },
      { line: 4, count: 2, params: new Map([["b", "ü"]]) },
    ]);
  });
});

describe("texts in a page", () => {
  it("hold nothing that ends a tag or an attribute", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", "&", '"', "'", "a", "`") }),
        (text) => {
          expect(escape(text)).not.toMatch(/[<>"']/);
        },
      ),
    );
  });
});

describe("values that are typed", () => {
  it.each([
    [{ name: "x", type: "number" }, "1.5", 1.5],
    [{ name: "x", type: "number" }, "0x10", "0x10"],
    [{ name: "x", type: "number" }, "", ""],
    [{ name: "x", type: "integer" }, "-3", -3],
    [{ name: "x", type: "text" }, "5", "5"],
    [{ name: "x", type: "text", default: 2 }, "5", 5],
    [{ name: "x", type: "boolean" }, "Yes", true],
    [{ name: "x", type: "boolean" }, "maybe", "maybe"],
    [{ name: "x", type: "integer", min: 0, max: 1 }, "off", false],
    [{ name: "webhook_headers", type: "text" }, '{"a":"b"}', { a: "b" }],
  ] as const)("%j reads %j", (parameter, text, value) => {
    expect(valueOf(parameter, text)).toEqual(value);
  });

  it("are guessed at when a name is mistyped", () => {
    expect(nearest("sdxl_lightning", ["flux1_dev", "sdxl_lighting"])).toBe("sdxl_lighting");
    expect(nearest("zzz", ["flux1_dev"])).toBeUndefined();
  });
});

describe("the doctor", () => {
  it("compares clocks by what can be known", () => {
    const now = 1_000_000_000_000;
    expect(clockCheck({ server: now, from: now, to: now + 50 })).toMatchObject({ ok: true });
    expect(clockCheck({ server: now + 600_000, from: now, to: now })).toMatchObject({
      ok: false,
      message: expect.stringContaining("10 min ahead") as string,
    });
    expect(clockCheck(undefined).ok).toBe(true);
  });

  it("says when workers were seen", () => {
    const now = Date.parse("2026-01-01T00:10:00Z");
    const seen = (time: string) => [{ worker_id: "w", last_seen: `2026-01-01T00:${time}` }];
    expect(workersCheck(seen("09:00.5"), now)).toMatchObject({ ok: true });
    expect(workersCheck(seen("01:00"), now)).toMatchObject({
      ok: false,
      hint: expect.any(String) as string,
    });
    expect(workersCheck([], now)).toMatchObject({ ok: true, message: "none visible" });
  });
});
