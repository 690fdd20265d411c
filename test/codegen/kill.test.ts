/** `generate` and its installer, killed or stopped at any step. */
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { writeCanonical, type Model } from "visionatrix-codegen";
import { describe, expect, test } from "vitest";
import { check } from "../../codegen/src/commands/check.js";
import { generate } from "../../codegen/src/commands/generate.js";
import { run, start, type Outcome } from "./support/command.js";
import { typeErrors } from "./support/compile.js";
import { PUBLIC_FLOWS } from "./support/documents.js";
import { modified, readTree, tempDir } from "./support/temp.js";

const runtime = "visionatrix-client";
const OLD: Model = { flows: PUBLIC_FLOWS.flows.slice(0, 3) };
/** One flow unchanged, one changed, one new, one removed: every kind of step. */
const NEW: Model = {
  flows: [...OLD.flows.slice(0, 2), ...PUBLIC_FLOWS.flows.slice(10, 11)].map((flow, index) =>
    index === 1 ? { ...flow, parameters: flow.parameters.slice(1) } : flow,
  ),
};

type Tree = Record<string, string>;
type Process = "command" | "installer";

interface Client {
  readonly dir: string;
  readonly tree: Tree;
}

/** A folder with a client in it, and a file that is not ours. */
async function clientOf(model: Model): Promise<Client> {
  const dir = tempDir();
  const out = join(dir, "generated");
  await generate({ model, out, runtime });
  writeFileSync(join(out, "mine.txt"), "mine");
  return { dir, tree: readTree(out) };
}

interface Stop {
  /** The process whose steps are counted. */
  readonly in: Process;
  readonly at: number;
  readonly whom: readonly Process[];
  readonly signal: "SIGKILL" | "SIGTERM";
}

interface Stopped {
  readonly outcome: Outcome;
  readonly dir: string;
  readonly out: string;
  readonly tree: Tree;
  /** Times of the files before the command. */
  readonly before: Record<string, bigint>;
}

/** A copy of a client, with the description of the new one beside it. */
function prepare(from: string | undefined, model: Model): string {
  const dir = tempDir();
  if (from !== undefined) cpSync(from, dir, { recursive: true, preserveTimestamps: true });
  mkdirSync(join(dir, "specs"));
  writeFileSync(join(dir, "specs/flows.openapi.json"), writeCanonical(model));
  return dir;
}

/**
 * Runs `generate` for the new client and stops it. When it resolves, both processes have ended: the installer
 * keeps the command's stderr open until its own end.
 */
async function stopAt(from: string | undefined, stop: Stop): Promise<Stopped> {
  const dir = prepare(from, NEW);
  const out = join(dir, "generated");
  const before = existsSync(out) ? modified(out) : {};
  const outcome = await run(["generate"], {
    cwd: dir,
    env: {
      STOP_IN: stop.in,
      STOP_AT: String(stop.at),
      STOP_WHOM: stop.whom.join(),
      STOP_SIGNAL: stop.signal,
    },
    imports: [resolve("test/codegen/support/stop-at-step.js")],
  });
  return { outcome, dir, out, tree: existsSync(out) ? readTree(out) : {}, before };
}

function litter(dir: string): string[] {
  return readdirSync(dir).filter((name) => name !== "generated" && name !== "specs");
}

/** Numbers of all steps that a process takes on the way to the new client. */
async function stepsOf(from: string | undefined, whose: Process): Promise<number[]> {
  const stop: Stop = { in: whose, at: 0, whom: [], signal: "SIGKILL" };
  const { outcome } = await stopAt(from, stop);
  expect(outcome.code).toBe(0);
  const count = Number(/steps: (\d+)/.exec(outcome.stderr)?.[1]);
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Runs `work` for every item, two at a time. */
async function each(
  items: readonly number[],
  work: (item: number) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all([lane(), lane()]);
}

describe("generate over an old client", () => {
  test("killed while it stages: the old client as it was, and no litter", async () => {
    const old = await clientOf(OLD);
    const steps = await stepsOf(old.dir, "command");
    expect(steps.length).toBeGreaterThan(5);
    await each(steps, async (at) => {
      const stop: Stop = { in: "command", at, whom: ["command"], signal: "SIGKILL" };
      const { outcome, dir, out, tree, before } = await stopAt(old.dir, stop);
      expect(outcome.signal).toBe("SIGKILL");
      expect(tree).toEqual(old.tree);
      expect(modified(out)).toEqual(before);
      expect(litter(dir)).toEqual([]);
    });
  });

  test("killed at any step of the installer: the new client, and no litter", async () => {
    const old = await clientOf(OLD);
    const { tree: wanted } = await clientOf(NEW);
    const steps = await stepsOf(old.dir, "installer");
    expect(steps.length).toBeGreaterThan(10);
    await each(steps, async (at) => {
      const stop: Stop = { in: "installer", at, whom: ["command"], signal: "SIGKILL" };
      const { outcome, dir, tree } = await stopAt(old.dir, stop);
      expect(outcome.signal).toBe("SIGKILL");
      expect(tree).toEqual(wanted);
      expect(litter(dir)).toEqual([]);
    });
  });

  test("killed with its installer: it compiles, and check or generate finish it", async () => {
    const old = await clientOf(OLD);
    const { tree: wanted } = await clientOf(NEW);
    const whole = [old.tree, wanted].map((tree) => JSON.stringify(tree));
    const states = new Map<string, Tree>();
    const rested = new Set<string>();
    await each(await stepsOf(old.dir, "installer"), async (at) => {
      const both: Stop = { in: "installer", at, whom: ["command", "installer"], signal: "SIGKILL" };
      const { outcome, dir, out, tree } = await stopAt(old.dir, both);
      expect(outcome.signal).toBe("SIGKILL");
      states.set(JSON.stringify(tree), tree);
      await check({ model: NEW, out, runtime });
      const after = JSON.stringify(readTree(out));
      expect(whole).toContain(after);
      rested.add(after);
      expect(litter(dir)).toEqual([]);
      await generate({ model: NEW, out, runtime });
      expect(readTree(out)).toEqual(wanted);
    });
    expect([...rested].sort()).toEqual(whole.sort());
    expect(states.size).toBeGreaterThan(4);
    // Even before that, each state that a kill can leave is a client that compiles.
    const all = [...states.values()].flatMap((tree, index) =>
      Object.entries(tree)
        .filter(([path]) => path.endsWith(".ts"))
        .map(([path, text]): [string, string] => [`${index}/${path}`, text]),
    );
    expect(typeErrors(new Map(all))).toEqual([]);
  });

  test("left by its installer: an error that says so, and a client that is old or new", async () => {
    const old = await clientOf(OLD);
    const { tree: wanted } = await clientOf(NEW);
    const steps = await stepsOf(old.dir, "installer");
    await each([1, Math.ceil(steps.length / 2), steps.length], async (at) => {
      const stop: Stop = { in: "installer", at, whom: ["installer"], signal: "SIGKILL" };
      const { outcome, dir, tree } = await stopAt(old.dir, stop);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toContain("[interrupted]");
      expect([old.tree, wanted]).toContainEqual(tree);
      expect(litter(dir)).toEqual([]);
    });
  });

  test("failing in the installer: the error is reported, and the old client is unchanged", async () => {
    const old = await clientOf(OLD);
    const { tree: wanted } = await clientOf(NEW);
    const steps = await stepsOf(old.dir, "installer");
    await each(steps.slice(0, -1), async (at) => {
      const stop: Stop = { in: "installer", at, whom: [], signal: "SIGKILL" };
      const { outcome, dir, out, tree, before } = await stopAt(old.dir, stop);
      expect(litter(dir)).toEqual([]);
      if (outcome.code === 0) {
        // If a link cannot be made, a copy can.
        expect(tree).toEqual(wanted);
        return;
      }
      expect(outcome.stderr).toContain("[output_unwritable]");
      expect(outcome.stderr).toContain("EIO");
      expect(tree).toEqual(old.tree);
      expect(modified(out)).toEqual(before);
    });
  });

  test("asked to end in the middle: the new client, and no litter", async () => {
    const old = await clientOf(OLD);
    const { tree: wanted } = await clientOf(NEW);
    for (const process of ["command", "installer"] as const) {
      const steps = await stepsOf(old.dir, process);
      await each([2, Math.ceil(steps.length / 2), steps.length], async (at) => {
        const stop: Stop = { in: process, at, whom: ["command"], signal: "SIGTERM" };
        const { outcome, dir, tree } = await stopAt(old.dir, stop);
        expect(outcome.signal).toBe("SIGTERM");
        expect(tree).toEqual(wanted);
        expect(litter(dir)).toEqual([]);
      });
    }
  });

  test("killed from outside when the first new file shows: the new client", async () => {
    const many: Model = {
      flows: PUBLIC_FLOWS.flows.map((flow) => ({ ...flow, parameters: flow.parameters.slice(1) })),
    };
    const old = await clientOf(PUBLIC_FLOWS);
    const { tree: wanted } = await clientOf(many);
    const dir = prepare(old.dir, many);
    const out = join(dir, "generated");
    const first = join(out, `flows/${PUBLIC_FLOWS.flows[0]?.id ?? ""}.ts`);
    const { ino } = statSync(first);
    const { child, done } = start(["generate"], { cwd: dir });
    while (statSync(first).ino === ino && child.exitCode === null) await nextTurn();
    child.kill("SIGKILL");
    await done;
    expect(readTree(out)).toEqual(wanted);
    expect(litter(dir)).toEqual([]);
  });
});

test("generate for the first time, killed at any step: no client, or the whole one", async () => {
  const { tree: wanted } = await clientOf(NEW);
  delete wanted["mine.txt"];
  for (const process of ["command", "installer"] as const) {
    await each(await stepsOf(undefined, process), async (at) => {
      const stop: Stop = { in: process, at, whom: ["command"], signal: "SIGKILL" };
      const stopped = await stopAt(undefined, stop);
      expect(stopped.tree).toEqual(process === "command" ? {} : wanted);
      expect(litter(stopped.dir)).toEqual([]);
    });
  }
});
