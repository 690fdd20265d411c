/** `vix-codegen init` on the command line. */
import { Command, Option } from "commander";
import type { Config } from "../config/config.js";

interface InitOptions extends Config {
  from?: string;
  format?: "ts" | "json";
  workflows?: true;
  check?: true;
  gitattributes?: true;
  all?: true;
  yes?: true;
  json?: true;
}

export function initCommand(list: (text: string) => string[]): Command {
  return new Command("init")
    .description(
      "Write the settings of a project, vix.config.ts or vix.config.json, and on request the workflows for its " +
        "repository. An existing file is never changed without asking.",
    )
    .option(
      "--from <source>",
      "where pull reads from: a server's base URL, a URL of a document, a file",
    )
    .option("--snapshot <file>", "the snapshot")
    .option("--out <dir>", "folder of the generated files")
    .option("--runtime <specifier>", "what the generated modules import the client from")
    .option("--flows <ids>", "only these flows, separated by commas", list)
    .option("--tasks <file>", "description of the task endpoints")
    .addOption(
      new Option(
        "--format <format>",
        "form of the settings (default: ts where there is a tsconfig.json)",
      ).choices(["ts", "json"]),
    )
    .option("--workflows", "also write the GitHub workflows that compare and watch the flows")
    .option("--check", "also write a GitHub workflow that runs vix-codegen check")
    .option(
      "--gitattributes",
      "also mark generated files, and name the diff driver, in .gitattributes",
    )
    .option("--all", "all of these")
    .option("--yes", "change existing files without asking")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ vix-codegen init --from http://localhost:8288
  $ vix-codegen init --from http://localhost:8288 --out src/flows --all`,
    )
    .action(runInit);
}

async function runInit(options: InitOptions): Promise<void> {
  const { from: source, snapshot, out, runtime, flows, tasks, format, all = false } = options;
  const [{ init }, { note, printInit, printJson }] = await Promise.all([
    import("../commands/init.js"),
    import("./print.js"),
  ]);
  const given = { source, snapshot, out, runtime, flows, tasks };
  const config = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  const isAsking = process.stdin.isTTY && process.stderr.isTTY && !options.json;
  const report = await init({
    folder: process.cwd(),
    config,
    format,
    workflows: options.workflows ?? all,
    check: options.check ?? all,
    gitattributes: options.gitattributes ?? all,
    mayChange: (path) =>
      options.yes || !isAsking ? Promise.resolve(options.yes ?? false) : ask(path),
  });
  if (options.json) printJson("init", report.kept.length === 0, report);
  else printInit(report);
  if (report.kept.length > 0) {
    note(`left as they are: ${report.kept.join(", ")}; --yes changes them [init_kept]`);
    process.exitCode = 1;
  }
}

async function ask(path: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await reader.question(`${path} exists. Change it? [y/N] `)).trim());
  } finally {
    reader.close();
  }
}
