/** Runs a small task from start to end, and deletes it. */
import type { Client } from "../../index.js";
import { codeOf } from "../exit.js";
import { fromGenerated, fromInstalled, type FoundFlow } from "../flows/find-flow.js";
import { generatedFlows } from "../flows/generated.js";
import type { Session } from "../session.js";
import { seconds } from "../terminal/format.js";
import type { Check } from "./checks.js";

/** Fast text-only flows, in order of preference. */
const PREFERRED = ["sdxl_lighting", "flux1_schnell", "playground_2_5_prometheus"];

const TIMEOUT_MS = 300_000;

/** Values that make a task small, for flows that take them. */
const SMALL: Readonly<Record<string, unknown>> = {
  prompt: "a small grey square",
  batch_size: 1,
  steps_number: "4 steps",
};

export async function tinyRun({ signal }: Session, client: Client): Promise<Check> {
  const name = "run";
  const found = await smallFlow(client, signal);
  if (!found) return { name, ok: true, message: "no installed flow takes only a text" };
  const startedAt = performance.now();
  try {
    const run = await found.flow(client, smallParams(found), { signal, timeoutMs: TIMEOUT_MS });
    const { files } = await run.result();
    const took = seconds((performance.now() - startedAt) / 1000);
    await Promise.all(run.tasks.map((task) => task.delete({ signal })));
    return { name, ok: true, message: `${found.flow.id} made ${files.length} file in ${took}` };
  } catch (error) {
    if (signal.aborted) throw error;
    const hint =
      codeOf(error) === "timeout"
        ? "No worker took the task, or it is busy; see `vix tasks`."
        : undefined;
    return {
      name,
      ok: false,
      message: (error as Error).message.trim(),
      ...(hint !== undefined && { hint }),
    };
  }
}

async function smallFlow(client: Client, signal: AbortSignal): Promise<FoundFlow | undefined> {
  const [installed, generated] = await Promise.all([client.flows({ signal }), generatedFlows()]);
  const flows = await Promise.all(
    installed.map(async (entry) => {
      const own = generated.find(({ id }) => id === entry.name);
      return own ? fromGenerated(own) : fromInstalled(entry);
    }),
  );
  const possible = flows.filter((found) => {
    const needed = found.parameters.filter(({ required }) => required).map(({ name }) => name);
    return needed.length === 1 && needed[0] === "prompt";
  });
  return (
    PREFERRED.map((id) => possible.find(({ flow }) => flow.id === id)).find(Boolean) ?? possible[0]
  );
}

function smallParams({ parameters }: FoundFlow): Record<string, unknown> {
  const fits = Object.entries(SMALL).filter(([name, value]) =>
    parameters.some(
      (known) => known.name === name && (!known.choices || known.choices.includes(value as string)),
    ),
  );
  return Object.fromEntries(fits);
}
