/** The command `visionatrix-standin`. */
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import type { BinarySpelling } from "./app.js";
import type { Fault } from "./faults/fault.js";
import { FaultError } from "./faults/script.js";
import { DescriptionError } from "./flows/description.js";
import { ListenError } from "./http/server.js";
import { OptionError, type StandinOptions } from "./options.js";
import { startStandin } from "./start.js";
import { JournalError } from "./tasks/journal.js";

const EXAMPLES = `
Examples:
  $ visionatrix-standin
      on port 8288, without authentication, with the 52 public flows
  $ visionatrix-standin --port 8288 --auth admin:admin --flows specs/flows.openapi.json
      with a password, and the flows of your own description
  $ visionatrix-standin --port 0 --speed instant --cors http://localhost:5173
      on a free port, every task done at once, callable from a page of a development server
  $ visionatrix-standin --data .standin
      tasks and files survive a restart
  $ visionatrix-standin --faults faults.json --control
      injects the faults of faults.json, and those posted to /_standin/faults
`;

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly auth?: string;
  readonly flows?: string;
  readonly speed?: "instant" | number;
  readonly duration?: number;
  readonly steps?: number;
  readonly slow?: number;
  readonly history?: number;
  readonly workers?: number;
  readonly cors?: readonly string[];
  readonly data?: string;
  readonly binary?: BinarySpelling;
  readonly control?: boolean;
  readonly faults?: readonly Fault[];
}

function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new InvalidArgumentError("It must be a number.");
  }
  return value;
}

function toSpeed(text: string): "instant" | number {
  return text === "instant" ? text : toNumber(text);
}

function toFaults(path: string): readonly Fault[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "it is not JSON";
    throw new InvalidArgumentError(`The faults file cannot be read (${reason}).`);
  }
  if (!Array.isArray(value)) throw new InvalidArgumentError("The faults file must hold a list.");
  return value as Fault[];
}

const program = new Command("visionatrix-standin")
  .description(
    "A stand-in for a Visionatrix server: the same HTTP behaviour, no GPU, no AI.\n" +
      "Pictures are drawn by a program. For tests and demos.",
  )
  .option("--port <number>", "port to listen on, 0 for a free one", toNumber, 8288)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--auth <user:password>", "require these credentials (default: none)")
  .option("--flows <file>", "description of the flows (default: the 52 public ones)")
  .option("--speed <factor>", '"instant", or how many times as fast as usual', toSpeed)
  .option("--duration <ms>", "how long a task takes (default: 2000)", toNumber)
  .option("--steps <number>", "progress reports of a task (default: its own steps)", toNumber)
  .option("--slow <factor>", "delay responses to this multiple of the real server's time", toNumber)
  .option("--history <number>", "number of finished tasks to start with", toNumber)
  .option("--workers <number>", "tasks that run at the same time (default: 1)", toNumber)
  .option(
    "--cors <origins>",
    "allowed browser origins, separated by commas, or *",
    (list: string) => list.split(","),
  )
  .option("--data <folder>", "keep tasks and files in this folder across restarts")
  .option("--faults <file>", "JSON list of faults to inject", toFaults)
  .option("--control", "open the control path /_standin, which needs no credentials")
  .addOption(
    new Option("--binary <spelling>", "how descriptions declare a file").choices([
      "contentMediaType",
      "format",
    ]),
  )
  .addHelpText("after", EXAMPLES);

function toOptions(flags: Flags): StandinOptions {
  const { cors, ...rest } = flags;
  return { ...rest, ...(cors === undefined ? {} : { corsOrigins: cors }) };
}

async function main(): Promise<void> {
  program.parse();
  const flags = program.opts<Flags>();
  const standin = await startStandin(toOptions(flags));
  console.log(`Visionatrix stand-in at ${standin.url}`);
  console.log("This is not a Visionatrix server: it has no GPU and makes no AI images.");
  console.log(
    "Pictures are drawn by a program from the parameters of the task. Stop it with Ctrl+C.",
  );
  const stop = (): void => {
    void standin.close().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

try {
  await main();
} catch (error) {
  const known = [OptionError, DescriptionError, FaultError, ListenError, JournalError];
  if (!known.some((one) => error instanceof one)) throw error;
  console.error(`visionatrix-standin: ${(error as Error).message}`);
  process.exitCode = 1;
}
