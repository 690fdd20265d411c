/** File parameters as people write them: a path, `task:ID/NODE`, or an http(s) address. */
import type { Client, FileReference } from "../../index.js";
import { isAbsolute, resolve } from "node:path";
import { CliError } from "../exit.js";

/** An output of an earlier task, as `task:12/9`. */
const REFERENCE = /^task:(\d{1,15})\/(\d{1,15})$/;

/** The value for a file parameter; a path is relative to `folder`. */
export async function fileValue(name: string, value: unknown, folder: string): Promise<unknown> {
  if (typeof value !== "string") return value;
  if (/^data:/i.test(value)) return value;
  if (/^https?:\/\//i.test(value)) return { url: value };
  if (value.startsWith("task:")) return reference(name, value);
  const { fileFromPath } = await import("../../node/index.js");
  return fileFromPath(pathOf(value, folder));
}

/** The path that a file parameter's value leads to; undefined if it is not a path. */
export function pathOfValue(value: unknown, folder: string): string | undefined {
  if (typeof value !== "string" || /^(data:|https?:\/\/|task:)/i.test(value)) return undefined;
  return pathOf(value, folder);
}

function pathOf(value: string, folder: string): string {
  return isAbsolute(value) ? value : resolve(folder, value);
}

function reference(name: string, text: string): FileReference {
  const [, task, node] = REFERENCE.exec(text) ?? [];
  if (task === undefined || node === undefined)
    throw new CliError(
      "invalid_params",
      `\`${name}\` is ${JSON.stringify(text)}, which is not a reference.`,
      { hint: "An output of an earlier task is task:ID/NODE, e.g. task:12/9." },
    );
  return { task_id: Number(task), node_id: Number(node) };
}

/**
 * Checks on the server that references lead to a file, so that nothing is created if they do not.
 * @throws CliError `reference_unknown`
 */
export async function checkReferences(
  client: Client,
  values: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const { task_id: id, node_id: node } = (value ?? {}) as Partial<FileReference>;
    if (!Number.isInteger(id) || !Number.isInteger(node)) continue;
    const shown = `\`${name}\` points at output ${node} of task ${id}`;
    try {
      const { outputs } = await client.task(id as number).details({ signal });
      const output = outputs.find(({ comfy_node_id }) => comfy_node_id === node);
      if (!output) {
        const nodes = outputs.map(({ comfy_node_id }) => `task:${id}/${comfy_node_id}`);
        throw new CliError("reference_unknown", `${shown}, which has no such output.`, {
          hint: nodes.length > 0 ? `Its outputs: ${nodes.join(", ")}.` : undefined,
        });
      }
      if (output.batch_size > 1)
        throw new CliError(
          "ambiguous_reference",
          `${shown}, which made ${output.batch_size} files; the server cannot tell them apart.`,
          { hint: `Save them with \`vix save ${id}\` and give the path of one.` },
        );
    } catch (error) {
      if ((error as { code?: string }).code !== "task_not_found") throw error;
      throw new CliError("reference_unknown", `${shown}, but you have no such task.`, {
        hint: "`vix tasks` lists your tasks.",
      });
    }
  }
}
