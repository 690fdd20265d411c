import fs, { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join, resolve } from "node:path";
import { writeCanonical, type Model } from "visionatrix-codegen";
import { describe, expect, test } from "vitest";
import { generate } from "../../codegen/src/commands/generate.js";
import { run, type Outcome } from "./support/command.js";
import { typeErrors } from "./support/compile.js";
import { PUBLIC_FLOWS } from "./support/documents.js";
import { modified, readTree, tempDir } from "./support/temp.js";

const runtime = "visionatrix-client";
const OLD: Model = { flows: PUBLIC_FLOWS.flows.slice(0, 3) };
/** One flow as it was, one changed, one new, one gone: every kind of step. */
const NEW: Model = {
  flows: [...OLD.flows.slice(0, 2), ...PUBLIC_FLOWS.flows.slice(10, 11)].map((flow, index) =>
    index === 1 ? { ...flow, parameters: flow.parameters.slice(1) } : flow,
  ),
};

async function clientOf(model: Model): Promise<{ dir: string; tree: Record<string, string> }> {
  const dir = tempDir();
  await generate({ model, out: join(dir, "generated"), runtime });
  return { dir, tree: readTree(join(dir, "generated")) };
}

interface Stopped {
  readonly outcome: Outcome;
  readonly dir: string;
  readonly tree: Record<string, string>;
}

/** Runs `generate` from the old client to the new one, stopped at a step. */
async function stopAt(
  from: string | undefined,
  step: number,
  how: "kill" | "term" | "not",
): Promise<Stopped> {
  const dir = tempDir();
  if (from !== undefined) cpSync(from, dir, { recursive: true });
  mkdirSync(join(dir, "specs"));
  writeFileSync(join(dir, "specs/flows.openapi.json"), writeCanonical(NEW));
  const outcome = await run(["generate"], {
    cwd: dir,
    env: { STOP_AT: String(step), STOP_HOW: how },
    imports: [resolve("test/codegen/support/stop-at-step.js")],
  });
  const out = join(dir, "generated");
  return { outcome, dir, tree: existsSync(out) ? readTree(out) : {} };
}

function litter(dir: string): string[] {
  return readdirSync(dir).filter((name) => name !== "generated" && name !== "specs");
}

async function stepsOf(from: string | undefined): Promise<number> {
  const { outcome } = await stopAt(from, 0, "not");
  expect(outcome.code).toBe(0);
  return Number(/steps: (\d+)/.exec(outcome.stderr)?.[1]);
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

/** Every step from the first that touches the output on, and some of the staging before it. */
function telling(steps: number, last: number): number[] {
  const all = Array.from({ length: steps }, (_, index) => index + 1);
  return all.filter((step) => step > steps - last || step % 5 === 1);
}

describe("generate over an old client", { timeout: 180_000 }, () => {
  test("killed at any step: every file is whole, the client compiles, and the next run finishes", async () => {
    const old = await clientOf(OLD);
    const { tree: wanted } = await clientOf(NEW);
    const steps = await stepsOf(old.dir);
    const states = new Map<string, Record<string, string>>();
    await each(telling(steps, 12), async (step) => {
      const { outcome, dir, tree } = await stopAt(old.dir, step, "kill");
      expect(outcome.signal).toBe("SIGKILL");
      for (const [path, text] of Object.entries(tree)) {
        expect([old.tree[path], wanted[path]]).toContain(text);
      }
      states.set(JSON.stringify(tree), tree);
      await generate({ model: NEW, out: join(dir, "generated"), runtime });
      expect(readTree(join(dir, "generated"))).toEqual(wanted);
      expect(litter(dir)).toEqual([]);
    });
    expect(states.has(JSON.stringify(old.tree))).toBe(true);
    expect(states.size).toBeGreaterThan(4);
    // Each state that a kill can leave is a client that compiles.
    const all = [...states.values()].flatMap((tree, index) =>
      Object.entries(tree)
        .filter(([path]) => path.endsWith(".ts"))
        .map(([path, text]): [string, string] => [`${index}/${path}`, text]),
    );
    expect(typeErrors(new Map(all))).toEqual([]);
  });

  test("asked to end in the middle: the new client, and no litter", async () => {
    const old = await clientOf(OLD);
    const { tree: wanted } = await clientOf(NEW);
    const steps = await stepsOf(old.dir);
    await each([2, steps - 12, steps - 6, steps - 3, steps], async (step) => {
      const { outcome, dir, tree } = await stopAt(old.dir, step, "term");
      expect(outcome.signal).toBe("SIGTERM");
      expect(tree).toEqual(wanted);
      expect(litter(dir)).toEqual([]);
    });
  });

  test("failing at any step: the old client is as it was, and there is no litter", async () => {
    const old = await clientOf(OLD);
    const { tree: wanted } = await clientOf(NEW);
    let failures = 0;
    for (let step = 1; ; step += 1) {
      const dir = tempDir();
      cpSync(old.dir, dir, { recursive: true });
      const out = join(dir, "generated");
      const times = modified(out);
      const { error, steps } = await failAt(step, () => generate({ model: NEW, out, runtime }));
      if (steps < step) break;
      if (error === undefined) {
        // Only clearing up had failed.
        expect(readTree(out)).toEqual(wanted);
        continue;
      }
      failures += 1;
      expect(error).toMatchObject({ name: "CodegenError", code: "output_unwritable" });
      expect(readTree(out)).toEqual(old.tree);
      expect(modified(out)).toEqual(times);
      expect(litter(dir)).toEqual([]);
    }
    expect(failures).toBeGreaterThan(15);
  });
});

/** Runs `work` with the `at`-th change of the file system failing as a bad disk would. */
async function failAt(
  at: number,
  work: () => Promise<unknown>,
): Promise<{ error: unknown; steps: number }> {
  let steps = 0;
  const real = { ...fs };
  const names = ["renameSync", "writeFileSync", "mkdirSync", "mkdtempSync"] as const;
  for (const name of names) {
    Object.assign(fs, {
      [name]: (...args: unknown[]): unknown => {
        steps += 1;
        if (steps === at) throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
        return (real[name] as (...args: unknown[]) => unknown)(...args);
      },
    });
  }
  syncBuiltinESMExports();
  try {
    await work();
    return { error: undefined, steps };
  } catch (error) {
    return { error, steps };
  } finally {
    for (const name of names) Object.assign(fs, { [name]: real[name] });
    syncBuiltinESMExports();
  }
}

test(
  "generate for the first time, killed at any step: no client, or the whole one",
  { timeout: 180_000 },
  async () => {
    const { tree: wanted } = await clientOf(NEW);
    const steps = await stepsOf(undefined);
    await each(telling(steps, 3), async (step) => {
      const { dir } = await stopAt(undefined, step, "kill");
      const out = join(dir, "generated");
      if (existsSync(out)) expect(readTree(out)).toEqual(wanted);
    });
  },
);
