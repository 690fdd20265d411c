/** Entry point of the command `vix`: runs a command and exits with its exit code. */
import { CommanderError } from "commander";
import { CliError, EXIT } from "./exit.js";
import { Interrupt } from "./interrupt.js";
import { Output } from "./output.js";
import type { Act } from "./options.js";
import { createProgram } from "./program.js";
import { Session } from "./session.js";
import { flush, watchStdout, writeAll } from "./terminal/streams.js";

const args = process.argv.slice(2);
/** Used until the options of a command are parsed; then the command's own output takes over. */
let out = new Output({ json: args.includes("--json") });

watchStdout();

const act: Act = async (options, command) => {
  const interrupt = new Interrupt();
  out = new Output(options);
  interrupt.listen(
    () => out.note("Stopping; press Ctrl-C again to leave at once."),
    (exitCode) => {
      out.fail(interrupt.error("Exited without waiting for the server."));
      process.exit(exitCode);
    },
  );
  const session = new Session(out, interrupt, process.env, options);
  let exitCode: number;
  try {
    exitCode = await command(session);
  } finally {
    await session.close();
  }
  end(exitCode);
};

createProgram(act)
  .parseAsync(args, { from: "user" })
  .catch((error: unknown) => {
    if (!(error instanceof CommanderError)) end(out.fail(error));
    // Help and version are not failures; they have been printed.
    else if (error.exitCode === 0) end(0);
    else end(out.fail(usageError(error)));
  });

function usageError({ message, code }: CommanderError): CliError {
  const words =
    code === "commander.help"
      ? "No command is given."
      : message.replace(/^error: (command-argument value)?/, (_, value) =>
          value ? "The value" : "",
        );
  return new CliError("usage", words, {
    hint: "`vix --help` lists the commands, `vix COMMAND --help` its options.",
  });
}

/** Exits when all output is flushed; kept-alive connections would hold the process. */
function end(exitCode: number): void {
  process.exitCode = exitCode;
  flush((lost) => {
    if (lost !== undefined) writeAll(2, `vix: The output cannot be written: ${lost}.\n`);
    process.exit(exitCode || (lost === undefined ? EXIT.done : EXIT.failed));
  });
}
