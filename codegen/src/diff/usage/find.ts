/** Finds where the reader's own TypeScript uses what changed. Loads ts-morph, so import it on demand. */
import { relative, sep } from "node:path";
import { Project, type Node } from "ts-morph";
import { functionName, typeName } from "../../safe/identifier.js";
import { CodegenError } from "../../errors.js";
import { quote } from "../../json/value.js";
import type { Change, Usage } from "../change.js";
import { isCallToAct } from "../format/words.js";
import { affects, oldParameterName } from "./affects.js";
import { flowUse, type FlowNames, type FlowUse } from "./calls.js";
import { usesOfOutput } from "./outputs.js";
import { passedIn } from "./passed.js";

/**
 * Adds to the changes the places in the files of `globs` that they affect. @throws CodegenError
 * `usage_empty`.
 */
export function withUsage(
  changes: readonly Change[],
  globs: readonly string[],
  folder: string,
): Change[] {
  const urgent = changes.filter((change) => isCallToAct(change.class));
  const oldIds = new Map(urgent.filter(({ rule }) => rule === "flow-renamed").map(renameBackwards));
  const uses = readUses(globs, flowNames(urgent, oldIds));
  return changes.map((change) =>
    urgent.includes(change) ? { ...change, usage: usagesOf(change, oldIds, uses, folder) } : change,
  );
}

/** Existing code uses the flow's old name. */
function renameBackwards({ flows, before }: Change): readonly [string, string] {
  return [flows[0] ?? "", String(before)];
}

function flowNames(changes: readonly Change[], oldIds: ReadonlyMap<string, string>): FlowNames {
  const ids = new Set(changes.flatMap(({ flows }) => flows).map((id) => oldIds.get(id) ?? id));
  return {
    ids,
    functions: new Map([...ids].map((id) => [functionName(id), id])),
    types: new Map([...ids].map((id) => [typeName(id), id])),
  };
}

function readUses(globs: readonly string[], names: FlowNames): FlowUse[] {
  // Neither the standard library nor packages are loaded: resolving names within the files is enough.
  const project = new Project({
    compilerOptions: { noLib: true, types: [], allowJs: true },
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
  });
  const files = project.addSourceFilesAtPaths([...globs, "!**/node_modules/**"]);
  if (files.length === 0) {
    throw new CodegenError("usage_empty", "No file matches --usage.", {
      value: quote(globs.join(" ")),
      hint: "Give a pattern such as 'src/**/*.ts', in quotes, so that the shell does not expand it.",
    });
  }
  return files.map((file) => flowUse(file, names));
}

function usagesOf(
  change: Change,
  oldIds: ReadonlyMap<string, string>,
  uses: readonly FlowUse[],
  folder: string,
): Usage[] {
  const ids = new Set(change.flows.map((id) => oldIds.get(id) ?? id));
  const parameter = oldParameterName(change);
  const found = new Map<string, Usage>();
  const add = (node: Node, what: string): void => {
    const usage = usageAt(node, what, folder);
    found.set(`${usage.file}:${usage.line}:${usage.column}`, usage);
  };
  for (const { file, references, calls } of uses) {
    if (change.lost !== undefined) {
      const called = calls.filter(({ flow }) => ids.has(flow));
      for (const { node, what } of usesOfOutput(file, called, change.lost)) add(node, what);
      continue;
    }
    if (parameter === null) {
      for (const { flow, node } of references) if (ids.has(flow)) add(node, node.getText());
    }
    for (const call of calls) {
      if (!ids.has(call.flow)) continue;
      if (parameter === null) {
        add(call.node, firstLine(call.node));
        continue;
      }
      const { passed, node } = passedIn(call.params, parameter);
      const what = affects(change, passed);
      if (what !== undefined) add(node ?? call.node, what);
    }
  }
  return [...found.values()].sort(inOrder);
}

function usageAt(node: Node, what: string, folder: string): Usage {
  const file = node.getSourceFile();
  const { line, column } = file.getLineAndColumnAtPos(node.getStart());
  const path = relative(folder, file.getFilePath()).split(sep).join("/");
  return { file: path, line, column, what: what.length > 80 ? `${what.slice(0, 79)}…` : what };
}

function firstLine(node: Node): string {
  return node.getText().split("\n")[0] ?? "";
}

function inOrder(a: Usage, b: Usage): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column;
}
