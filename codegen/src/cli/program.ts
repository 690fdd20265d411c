/** The command line: names, options, help. The commands are in ../commands, loaded when they run. */
import { Command, InvalidArgumentError } from "commander";
import { generatorVersion } from "../write/manifest.js";
import { diffCommand } from "./diff-command.js";
import { initCommand } from "./init-command.js";
import { DEFAULT_SPEC, type ClientOptions, type SourceOptions } from "./options.js";

const STRICT = [
  "--strict",
  "fail if a flow of the description is not supported, instead of leaving that flow out",
] as const;
const DEFAULT_OUT = "generated";
const DEFAULT_RUNTIME = "visionatrix-client";

export function createProgram(): Command {
  const program = new Command("vix-codegen")
    .description("Typed functions for the flows of a Visionatrix server.")
    .version(generatorVersion())
    .addHelpText(
      "after",
      `
Exit codes:
  0  done
  1  failed; check: a difference was found
  3  done, but some flows are not supported and were left out (a warning names them)`,
    )
    .showHelpAfterError(
      "(vix-codegen --help shows the commands, vix-codegen COMMAND --help the options)",
    )
    .addHelpText(
      "after",
      examples(
        "vix-codegen pull --from http://localhost:8288",
        "vix-codegen generate",
        "vix-codegen check",
      ),
    );
  program.addCommand(initCommand(list));
  program.addCommand(pullCommand());
  program.addCommand(generateCommand());
  program.addCommand(checkCommand());
  program.addCommand(withSourceOptions(diffCommand()));
  program.hook("preAction", async (_, command) => {
    // Git runs its driver in any repository, so the driver reads no project settings.
    if (command.opts()["gitDriver"] === true || command.opts()["textconv"] === true) return;
    const { applyConfig } = await import("./configured.js");
    await applyConfig(command);
  });
  return program;
}

function pullCommand(): Command {
  return withSourceOptions(new Command("pull"))
    .description(
      "Fetch the description of a server's flows and keep it as a snapshot: flows sorted, one line per " +
        "parameter, no time stamps. On any error the snapshot stays unchanged.",
    )
    .option(
      "--from <source>",
      "a server's base URL, the URL of a document, a file, or - (default: the published flows)",
    )
    .option("--out <file>", "the snapshot", DEFAULT_SPEC)
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
Environment:
  VIX_USERNAME, VIX_PASSWORD  credentials; sent to a server given by its base URL, nowhere else
${examples(
  "vix-codegen pull                                   # the public flows",
  "vix-codegen pull --from http://localhost:8288      # your server's flows",
  "vix-codegen pull --from http://localhost:8288 --flows sdxl_lighting,my_flow",
  "curl -s $URL | vix-codegen pull --from -",
)}`,
    )
    .action(async (options: SourceOptions & { from?: string; out: string }) => {
      const { runPull } = await import("./run.js");
      await runPull(options);
    });
}

function generateCommand(): Command {
  return withClientOptions(withSourceOptions(new Command("generate")))
    .description(
      "Write one TypeScript module per flow, an index, a map of all flows and a manifest. Unchanged files " +
        "are not touched, files of removed flows are deleted, and files of others stay.",
    )
    .option("--from <source>", "generate from a server, URL, file or - instead of the snapshot")
    .option("--watch", "keep running; generate again whenever the description changes")
    .option("--interval <seconds>", "with --watch: how often to look", positive, 10)
    .addHelpText(
      "after",
      examples(
        "vix-codegen generate",
        "vix-codegen generate --spec specs/flows.openapi.json --out src/flows",
        "vix-codegen generate --from http://localhost:8288 --watch",
      ),
    )
    .action(async (options: SourceOptions & ClientOptions & { watch?: true; interval: number }) => {
      const { runGenerate } = await import("./run.js");
      await runGenerate(options);
    });
}

function checkCommand(): Command {
  return withClientOptions(new Command("check"))
    .option(...STRICT)
    .description(
      "Exit with 1 and list the files if the generated folder does not match the snapshot. For CI.",
    )
    .addHelpText(
      "after",
      examples(
        "vix-codegen check",
        "vix-codegen check --spec specs/flows.openapi.json --out src/flows --json",
      ),
    )
    .action(async (options: ClientOptions) => {
      const { runCheck } = await import("./run.js");
      await runCheck(options);
    });
}

function withSourceOptions(command: Command): Command {
  return command
    .option("--flows <ids>", "only these flows, separated by commas", list)
    .option(...STRICT)
    .option("--timeout <seconds>", "time limit for the whole response", positive, 30)
    .option("--max-mb <n>", "largest document to accept", positive, 32);
}

function withClientOptions(command: Command): Command {
  return command
    .option("--spec <file>", `the snapshot (default: "${DEFAULT_SPEC}")`)
    .option("--out <dir>", "folder of the generated files", DEFAULT_OUT)
    .option(
      "--runtime <specifier>",
      "what the generated modules import the client from",
      DEFAULT_RUNTIME,
    )
    .option("--tasks <file>", "also generate types from this description of the task endpoints")
    .option("--json", "print the report as JSON");
}

function list(text: string): string[] {
  const ids = text
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  if (ids.length === 0) throw new InvalidArgumentError("Give flow ids, separated by commas.");
  return ids;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1e6)) throw new InvalidArgumentError("Give a number above 0.");
  return value;
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}
