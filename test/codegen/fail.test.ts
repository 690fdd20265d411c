/** `generate` on a file system that fails at any step. */
import fs, { cpSync, readdirSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import type { Model } from "visionatrix-codegen";
import { expect, test } from "vitest";
import { generate } from "../../codegen/src/commands/generate.js";
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

test("generate failing at any step: the old client is as it was, and there is no litter", async () => {
  const old = tempDir();
  await generate({ model: OLD, out: join(old, "generated"), runtime });
  const wanted = join(tempDir(), "generated");
  await generate({ model: NEW, out: wanted, runtime });
  let failures = 0;
  for (let step = 1; ; step += 1) {
    const dir = tempDir();
    cpSync(old, dir, { recursive: true });
    const out = join(dir, "generated");
    const times = modified(out);
    const { error, steps } = await failAt(step, () => generate({ model: NEW, out, runtime }));
    if (steps < step) break;
    if (error === undefined) {
      // Only the clean-up failed.
      expect(readTree(out)).toEqual(readTree(wanted));
      continue;
    }
    failures += 1;
    expect(error).toMatchObject({ name: "CodegenError", code: "output_unwritable" });
    expect(readTree(out)).toEqual(readTree(join(old, "generated")));
    expect(modified(out)).toEqual(times);
    expect(readdirSync(dir)).toEqual(["generated"]);
  }
  expect(failures).toBeGreaterThan(15);
});

/** Runs `work`, and lets the `at`-th change of the file system fail as on a bad disk. */
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
