/**
 * `vix-codegen diff` as a git diff driver: `git diff` runs it instead of a line-by-line comparison, and
 * `git log -p` shows descriptions as one sentence per fact.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { CodegenError } from "../errors.js";
import { parameterFlags } from "../model/facts.js";
import type { FlowModel, Model } from "../model/flow.js";
import { readDescription } from "../model/read.js";
import { forTerminal } from "./format/escape.js";
import { formatText } from "./format/text.js";
import { describeOutput } from "./flow-facts.js";
import { name } from "./phrase.js";
import { report } from "./report.js";
import { describeParameter, IN_FULL } from "./shape.js";

/** The arguments of a git diff driver. */
export interface DriverArguments {
  readonly path: string;
  readonly oldFile: string;
  readonly newFile: string;
}

/**
 * `path old-file old-hex old-mode new-file new-hex new-mode [new-path …]`; for an unmerged file only the
 * path.
 */
function parseDriverArguments(args: readonly string[]): DriverArguments | undefined {
  const [path, oldFile, , , newFile] = args;
  if (path === undefined || oldFile === undefined || newFile === undefined) return undefined;
  return { path: args[7] ?? path, oldFile, newFile };
}

/** The comparison that git requested; files that are not flow descriptions are compared line by line. */
export async function runAsDriver(args: readonly string[], color: boolean): Promise<string> {
  const wanted = parseDriverArguments(args);
  if (wanted === undefined) return `${forTerminal(args[0] ?? "?")} is not merged yet.\n`;
  const { path, oldFile, newFile } = wanted;
  try {
    const today = new Date().toISOString().slice(0, 10);
    const result = report(readModel(oldFile), readModel(newFile), { today });
    return formatText(result, { color, old: `a/${path}`, now: `b/${path}` });
  } catch (error) {
    if (error instanceof CodegenError) return plainDiff(wanted, color);
    throw error;
  }
}

/** Git passes the null device for a side without a file. */
function readModel(path: string): Model {
  const text = readFileSync(path, "utf8");
  return text === "" ? { flows: [] } : readDescription(text);
}

function plainDiff({ path, oldFile, newFile }: DriverArguments, color: boolean): Promise<string> {
  const args = ["diff", "--no-index", "--no-ext-diff", "--no-textconv"];
  return new Promise((resolve) => {
    execFile(
      "git",
      [...args, color ? "--color" : "--no-color", "--", oldFile, newFile],
      { encoding: "utf8", maxBuffer: 256e6 },
      // Exit code 1 means that there are differences.
      (_error, stdout, stderr) => {
        const [head = "", ...rest] = (stdout === "" ? stderr : stdout).split("\n@@");
        // Git's output names its temporary files.
        const named = [oldFile, newFile].reduce(
          (text, file) => text.replaceAll(file.replace(/^\//, ""), path),
          head,
        );
        resolve([named, ...rest].join("\n@@"));
      },
    );
  });
}

/** The facts of a flow besides its parameters, e.g. ` "SDXL" "1.0.0": image from node 9`. */
function factsLine({ title, tags = [], version, outputs = [] }: FlowModel): string {
  const names = [title, version, ...tags].filter((fact) => fact !== undefined);
  const shown = names.map((fact) => ` ${JSON.stringify(fact)}`).join("");
  return shown + (outputs.length === 0 ? "" : `: ${outputs.map(describeOutput).join(", ")}`);
}

/** A description as lines that git can compare: one per flow and parameter. Other files stay unchanged. */
export function asLines(path: string): string {
  const text = readFileSync(path, "utf8");
  try {
    const { flows } = readDescription(text);
    return flows
      .flatMap((flow) => [
        `flow ${name(flow.id).code}${factsLine(flow)}`,
        ...flow.parameters.map((parameter) => {
          const label = forTerminal(JSON.stringify(parameter.label));
          const facts = [
            describeParameter(parameter, IN_FULL),
            ...Object.keys(parameterFlags(parameter)),
          ];
          return `  ${name(parameter.name).code} ${label}: ${facts.join(", ")}`;
        }),
      ])
      .map((line) => `${forTerminal(line)}\n`)
      .join("");
  } catch (error) {
    if (error instanceof CodegenError) return text;
    throw error;
  }
}
