/** Options that several commands share, and how their values are parsed. */
import { InvalidArgumentError, Option, type Command } from "commander";
import type { Session } from "./session.js";

/** Runs a command with its options, and ends the process with its exit code. */
export type Act = (
  options: object,
  command: (session: Session) => Promise<number>,
) => Promise<void>;

/** Heading in the help. */
export const OUTPUT_GROUP = "Server and output:";

/** Adds the options that every command with a server takes. */
export function withServer(command: Command, hidden = false): Command {
  for (const option of [
    new Option("--url <url>", "address of the server (default: VIX_URL, or that of `vix login`)"),
    new Option("--username <name>", "user name (default: VIX_USERNAME)"),
    new Option("--password-file <file>", "file that holds the password (default: VIX_PASSWORD)"),
    new Option("--json", "print one JSON document to stdout, and nothing else"),
    new Option("--quiet", "print nothing to stderr unless something goes wrong"),
  ])
    command.addOption(hidden ? option.hideHelp() : option.helpGroup(OUTPUT_GROUP));
  return command.addOption(new Option("--password <password>").hideHelp());
}

/** Parses a duration, in seconds or with a unit such as `500ms`, `90s`, `10m`, `2h`; returns ms. */
export function duration(text: string): number {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const ms = Number(amount) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? NaN);
  if (!(ms > 0)) throw new InvalidArgumentError("Give seconds, or a time such as 10m or 2h.");
  return ms;
}

/** Parses a whole number within limits. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
    return value;
  };
}
