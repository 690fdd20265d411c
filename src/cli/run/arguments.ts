/** Parses the arguments of `vix run`. Its options depend on the flow, so this takes two passes. */
import { Command, Option } from "commander";
import { CliError } from "../exit.js";
import type { FoundFlow } from "../flows/find-flow.js";
import { duration, OUTPUT_GROUP, withServer } from "../options.js";
import { oneLine } from "../terminal/clean.js";
import { widthOf, wrap } from "../terminal/width.js";

/** Options of `vix run` that are not parameters. */
export interface RunFlags {
  readonly param?: readonly string[];
  readonly params?: string;
  readonly output: string;
  readonly timeout?: number;
  readonly dryRun?: true;
  readonly detach?: true;
  readonly metadata?: true;
  readonly preview?: true;
  readonly allowLargeCount?: true;
  readonly key?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flow's name, and the options that can be parsed without knowing the flow. */
export interface FirstPass {
  /** Undefined when only help is requested. */
  readonly flow: string | undefined;
  readonly flags: object;
}

/** @throws CliError when no flow is named */
export function firstPass(args: readonly string[]): FirstPass {
  const command = withRunOptions(newCommand("run")).helpOption(false);
  const { operands } = command.parseOptions([...args]);
  const [flow] = operands;
  if (flow !== undefined) return { flow, flags: command.opts() };
  if (args.length === 0 || args.some((arg) => arg === "--help" || arg === "-h"))
    return { flow: undefined, flags: command.opts() };
  throw new CliError("usage", "FLOW comes before its parameters.", {
    hint: "vix run FLOW [--PARAM VALUE]…",
  });
}

/** The command, with or without the options of a flow, for its help. */
export function secondPass(
  found: FoundFlow | undefined,
  addOptions: (command: Command) => void,
): Command {
  const command = newCommand(found ? `run ${found.flow.id}` : "run")
    .usage(found ? "[--PARAM VALUE]… [options]" : "FLOW [--PARAM VALUE]… [options]")
    .argument("<flow>")
    .addHelpOption(new Option("-h, --help", "show this help").helpGroup(OUTPUT_GROUP))
    .configureHelp({
      visibleArguments: () => [],
      // Descriptions already contain the defaults.
      optionDescription: ({ description }) => description,
      displayWidth: widthOf,
      boxWrap: (text, width) =>
        text
          .split("\n")
          .flatMap((line) => wrap(line, width))
          .join("\n"),
    })
    .description(describeFlow(found));
  addOptions(command);
  return withRunOptions(command).addHelpText("after", found ? WITH_FLOW : WITHOUT_FLOW);
}

function newCommand(name: string): Command {
  return new Command(`vix ${name}`)
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .allowExcessArguments(false);
}

function describeFlow(found: FoundFlow | undefined): string {
  if (!found) return "Run a flow, wait for it, and save what it makes.";
  const { flow, title, tags } = found;
  const words = [title, tags.length > 0 ? `(${tags.join(", ")})` : undefined].filter(Boolean);
  return words.length > 0 ? oneLine(words.join(" ")) : `Run the flow ${flow.id}.`;
}

const WITHOUT_FLOW = `
The parameters of a flow are options: \`vix run FLOW --help\` lists them, \`vix flows\` the flows.`;

const WITH_FLOW = `
A file is a path, task:ID/NODE (an output of an earlier task), or an http(s) address.`;

function withRunOptions(command: Command): Command {
  const group = "Run:";
  for (const option of [
    new Option("--param <name=value>", "set any parameter by its name; can be repeated").argParser(
      (text: string, list: string[] | undefined) => [...(list ?? []), text],
    ),
    new Option("--params <file>", "parameters from a JSON file, or - for standard input"),
    new Option("-o, --output <dir>", "folder to save into (default: out)").default("out"),
    new Option("--metadata", "write a JSON file about the run as well"),
    new Option("--preview", "show pictures in terminals that can (kitty, iTerm2, WezTerm)"),
    new Option("--detach", "do not wait; print the task ids"),
    new Option("--dry-run", "show what would be sent, and send nothing"),
    new Option("--timeout <time>", "give up after this time, e.g. 90 or 10m").argParser(duration),
    new Option("--allow-large-count", "run more than 1,000 tasks at once"),
    new Option("--key <key>", "run once with this key: a later call with it returns the same run"),
  ])
    command.addOption(option.helpGroup(group));
  return withServer(command);
}
