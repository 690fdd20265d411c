/** The commands and their options. Each command's code is in `commands/`, and is imported when called. */
import { Command, InvalidArgumentError, Option } from "commander";
import { readFileSync } from "node:fs";
import type { BatchOptions } from "./commands/batch.js";
import type { SaveOptions } from "./commands/save.js";
import { duration, integer, withServer, type Act } from "./options.js";

const EXAMPLES = `
Examples:
  $ vix login http://localhost:8288
  $ vix flows portrait
  $ vix run sdxl_lighting --prompt "a lighthouse at dawn" --count 4
  $ vix run sdxl_lighting --help
  $ vix batch prompts.jsonl -o out

Exit codes: 0 done, 1 wrong usage (nothing was created), 2 a task failed, 3 server unreachable,
4 credentials refused, 130 or 143 interrupted.`;

export function createProgram(act: Act): Command {
  const program = new Command("vix")
    .description("Run the flows of a Visionatrix server.")
    .version(version(), "-V, --version")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .addHelpText("after", EXAMPLES);
  // These options also work before the command name.
  withServer(program, true);

  program
    .command("run")
    .argument("<flow>", "flow id, as `vix flows` lists it")
    .argument("[options...]")
    .usage("FLOW [--PARAM VALUE]… [options]")
    .summary("run a flow and save what it makes")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (_flow: string, _rest: string[], _options, command: Command) => {
      // Its options depend on the flow, so it parses them itself.
      const { runCommand } = await import("./commands/run.js");
      await runCommand(act, command.args, program.opts());
    });

  const add = (name: string, summary: string): Command =>
    withServer(program.command(name).summary(summary).description(sentence(summary)));
  const options = (command: Command): object => command.optsWithGlobals();

  add("flows", "list the flows that can be run, or show one")
    .argument("[name]", "flow id, or words to search for")
    .option("--tag <tag>", "only flows with this tag")
    .option("--all", "also flows that are meant for internal use")
    .action(async (name: string | undefined, _options, command: Command) =>
      act(options(command), async (session) => {
        const { flowsCommand } = await import("./commands/flows.js");
        return flowsCommand(session, name, options(command));
      }),
    );

  add("tasks", "list your tasks")
    .option("--flow <flow>", "only tasks of this flow")
    .option("--group <n>", "only tasks of this group, 1 to 255", integer(1, 255))
    .addOption(
      new Option("--state <state>", "only tasks in this state").choices([
        "queued",
        "running",
        "done",
        "failed",
      ]),
    )
    .option("--watch", "keep showing them until Ctrl-C")
    .action(async (_options, command: Command) =>
      act(options(command), async (session) => {
        const { tasksCommand } = await import("./commands/tasks.js");
        return tasksCommand(session, options(command));
      }),
    );

  add("watch", "wait for tasks and show their progress")
    .argument("<id...>", "task ids", ids)
    .option("--timeout <time>", "give up after this time, e.g. 90 or 10m", duration)
    .action(async (list: number[], _options, command: Command) =>
      act(options(command), async (session) => {
        const { watchCommand } = await import("./commands/watch.js");
        return watchCommand(session, list, options(command));
      }),
    );

  add("save", "wait for tasks and save their files")
    .argument("<id...>", "task ids", ids)
    .option("-o, --output <dir>", "folder to save into", "out")
    .option("--metadata", "write a JSON file about each run as well")
    .option("--resume", "resume files that an earlier save began")
    .option("--timeout <time>", "give up after this time, e.g. 90 or 10m", duration)
    .action(async (list: number[], _options, command: Command) =>
      act(options(command), async (session) => {
        const { saveCommand } = await import("./commands/save.js");
        return saveCommand(session, list, options(command) as SaveOptions);
      }),
    );

  add("cancel", "cancel unfinished tasks")
    .argument("<id...>", "task ids", ids)
    .action(async (list: number[], _options, command: Command) =>
      act(options(command), async (session) => {
        const { cancelCommand } = await import("./commands/cancel.js");
        return cancelCommand(session, list);
      }),
    );

  add("rerun", "run tasks again, replacing the old ones")
    .argument("<id...>", "task ids", ids)
    .action(async (list: number[], _options, command: Command) =>
      act(options(command), async (session) => {
        const { rerunCommand } = await import("./commands/rerun.js");
        return rerunCommand(session, list);
      }),
    );

  add("restart", "queue failed tasks again, with the same inputs and seed")
    .argument("<id...>", "task ids", ids)
    .option("--force", "also tasks without an error, such as one whose worker died")
    .action(async (list: number[], _options, command: Command) =>
      act(options(command), async (session) => {
        const { restartCommand } = await import("./commands/restart.js");
        return restartCommand(session, list, options(command));
      }),
    );

  add("batch", "run every line of a file; the same command resumes it")
    .argument("<file>", "JSON Lines, or CSV with a header row")
    .requiredOption("-o, --output <dir>", "folder for pictures, ledger and report")
    .option("--flow <flow>", "flow for lines without one")
    .option("--at-once <n>", "number of lines to run at the same time", integer(1, 1000), 8)
    .option("--retries <n>", "how many times to retry a failed line", integer(0, 100), 1)
    .addOption(
      new Option("--outage <time>", "how long to wait for a server that is down")
        .argParser(duration)
        .default(12 * 3_600_000, "12h"),
    )
    .option("--dry-run", "only check the lines; nothing is sent")
    .addHelpText(
      "after",
      `
A line of JSON:  {"flow":"sdxl_lighting","params":{"prompt":"a lighthouse"},"count":2}
With --flow:     {"prompt":"a lighthouse"}
In CSV the header names the parameters; columns "flow" and "count" are optional.
Paths of files are relative to FILE. All lines are checked before the first is sent.`,
    )
    .action(async (file: string, _options, command: Command) =>
      act(options(command), async (session) => {
        const { batchCommand } = await import("./commands/batch.js");
        return batchCommand(session, file, options(command) as BatchOptions);
      }),
    );

  add("doctor", "check the server, and that this client matches it")
    .option("--run", "also run a tiny task, then delete it")
    .action(async (_options, command: Command) =>
      act(options(command), async (session) => {
        const { doctorCommand } = await import("./commands/doctor.js");
        return doctorCommand(session, options(command));
      }),
    );

  add("ui", "open the app in the browser")
    .option("--port <n>", "port to serve it at (default: 8289, or a free one)", integer(0, 65_535))
    .option("--no-open", "only print the address")
    .option("--host <address>", "address to listen on, for other machines; needs a password")
    .option("--page-password-file <file>", "file with that password (default: VIX_UI_PASSWORD)")
    .option("--allow-host <name...>", "host names that other machines use for this one")
    .action(async (_options, command: Command) =>
      act(options(command), async (session) => {
        const { uiCommand } = await import("./commands/ui.js");
        return uiCommand(session, options(command));
      }),
    );

  // Ends when its host disconnects, not when this function returns, so it runs outside of `act`.
  add("mcp", "serve flows to agents as tools (package visionatrix-mcp)")
    .argument("[options...]")
    .usage("[options of visionatrix-mcp]")
    .helpOption(false)
    .allowUnknownOption()
    .action(async (_rest: string[], _options, command: Command) => {
      const { mcpCommand } = await import("./commands/mcp.js");
      await mcpCommand(command.args, options(command));
    });

  program
    .command("login")
    .summary("remember a server and its credentials")
    .description(
      "Remember a server and its credentials, in a file that only you can read. Asks for values that are not\n" +
        "given; without a terminal the password is read from standard input.",
    )
    .argument("[url]", "address of the server, such as http://localhost:8288")
    .option("--username <name>", "user name")
    .option("--password-file <file>", "file that holds the password")
    .addOption(new Option("--password <password>").hideHelp())
    .action(async (url: string | undefined, _options, command: Command) =>
      act(options(command), async (session) => {
        const { loginCommand } = await import("./commands/login.js");
        return loginCommand(session, url, options(command));
      }),
    );

  program
    .command("completion")
    .summary("print the completion script for a shell")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText(
      "after",
      `
  bash:  echo 'source <(vix completion bash)' >> ~/.bashrc
  zsh:   echo 'source <(vix completion zsh)' >> ~/.zshrc
  fish:  vix completion fish > ~/.config/fish/completions/vix.fish`,
    )
    .action(async (shell: string) =>
      act({}, async (session) => {
        const { completionCommand } = await import("./commands/completion.js");
        return completionCommand(session, shell);
      }),
    );

  // Called by the completion scripts with the words typed so far.
  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (_words: string[], _options, command: Command) =>
      act({ quiet: true }, async (session) => {
        const { completeCommand } = await import("./commands/complete.js");
        return completeCommand(session, command.args, program);
      }),
    );

  return program;
}

function ids(text: string, list: number[] | undefined): number[] {
  if (!/^[1-9]\d{0,15}$/.test(text))
    throw new InvalidArgumentError("Give a whole number, such as 12.");
  return [...new Set([...(list ?? []), Number(text)])];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The version in `package.json`, which is above both the sources and the build output. */
function version(): string {
  for (const path of ["../../package.json", "../../../package.json"])
    try {
      const { name, version } = JSON.parse(
        readFileSync(new URL(path, import.meta.url), "utf8"),
      ) as { name?: string; version: string };
      if (name === "visionatrix-client") return version;
    } catch {
      // Not there.
    }
  return "unknown";
}
