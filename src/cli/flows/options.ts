/** Options of `vix run`, generated from a flow's parameters. */
import { Option, type Command } from "commander";
import { labelOf, type Parameter } from "../../index.js";
import { oneLine } from "../terminal/clean.js";
import type { FoundFlow } from "./find-flow.js";
import { isFlag, valueOf } from "./values.js";

/** Parameters that every flow takes. */
const STANDARD: ReadonlySet<string> = new Set(
  "group_scope priority child_task webhook_url webhook_headers translate surprise_me".split(" "),
);

/** Parameters listed among the options of the run. */
const OF_THE_RUN: ReadonlySet<string> = new Set(["seed", "count"]);

/**
 * Adds an option for each parameter, in both spellings, `--steps-number` and `--steps_number`.
 * @param take called with each value given
 */
export function addFlowOptions(
  command: Command,
  { flow, parameters }: FoundFlow,
  take: (name: string, value: unknown) => void,
): void {
  const taken = new Set(command.options.flatMap(({ long }) => long ?? []));
  for (const parameter of inReadingOrder(parameters)) {
    const { name, hidden } = parameter;
    const dashed = `--${name.replaceAll("_", "-")}`;
    // Names that are not valid options, or would hide one of ours, can be set with --param.
    if (!/^[a-z][\w-]*$/i.test(name) || taken.has(dashed)) continue;
    taken.add(dashed);
    const read = (value: string | boolean): void =>
      take(name, typeof value === "string" ? valueOf(parameter, value) : value);
    const value = isFlag(parameter) ? "[on]" : `<${placeholder(parameter)}>`;
    const option = new Option(`${dashed} ${value}`, describe(parameter))
      .argParser(read)
      .preset(true)
      .helpGroup(groupOf(parameter, flow.id));
    command.addOption(hidden === true ? option.hideHelp() : option);
    if (isFlag(parameter))
      command.addOption(
        new Option(`--no-${dashed.slice(2)}`)
          .preset("off")
          .argParser(() => take(name, false))
          .hideHelp(),
      );
    if (name.includes("_")) command.addOption(alias(name, value, read));
  }
  // Accepted, so that the library can say that the flow has no such parameter.
  for (const name of OF_THE_RUN)
    if (!taken.has(`--${name}`))
      command.addOption(
        new Option(`--${name} <number>`)
          .hideHelp()
          .argParser((text: string) => take(name, Number(text))),
      );
}

/** The flow's own parameters first; help lists groups in the order of their options. */
function inReadingOrder(parameters: readonly Parameter[]): readonly Parameter[] {
  const place = ({ name, advanced }: Parameter): number =>
    STANDARD.has(name) ? 3 : OF_THE_RUN.has(name) ? 2 : advanced === true ? 1 : 0;
  return [...parameters].sort((a, b) => place(a) - place(b));
}

function alias(name: string, value: string, read: (value: string | boolean) => void): Option {
  return new Option(`--${name} ${value}`).argParser(read).preset(true).hideHelp();
}

function groupOf({ name, advanced }: Parameter, flow: string): string {
  if (OF_THE_RUN.has(name)) return "Run:";
  if (STANDARD.has(name)) return "Parameters of every flow:";
  return advanced === true ? `Advanced parameters of ${flow}:` : `Parameters of ${flow}:`;
}

function placeholder({ type }: Parameter): string {
  return type === "integer" ? "number" : type;
}

/** Label, range, choices, and default, on one line. */
export function describe(parameter: Parameter): string {
  const { choices = [], required, accept } = parameter;
  const facts: string[] = [];
  if (parameter.type === "file") facts.push(`${accept?.split("/")[0] ?? "any"} file`);
  if (choices.length > 0) facts.push(choices.map((choice) => JSON.stringify(choice)).join(", "));
  if (!isFlag(parameter) && parameter.name !== "seed") facts.push(...limitsOf(parameter));
  if (parameter.name === "seed") facts.push("random if omitted");
  const label = LABELS[parameter.name] ?? labelOf(parameter);
  const text = facts.length > 0 ? `${label}: ${facts.join("; ")}` : label;
  return oneLine(`${text}${required ? " (required)" : defaultNote(parameter)}`);
}

function limitsOf({ min, max, step }: Parameter): string[] {
  const limits: string[] = [];
  if (min !== undefined && max !== undefined) limits.push(`${min} to ${max}`);
  else if (min !== undefined) limits.push(`at least ${min}`);
  else if (max !== undefined) limits.push(`at most ${max}`);
  if (step !== undefined && step !== 1) limits.push(`in steps of ${step}`);
  return limits.length > 0 ? [limits.join(" ")] : [];
}

/** Fuller descriptions of standard parameters than their labels give. */
const LABELS: Readonly<Record<string, string>> = {
  seed: "Seed of the random numbers",
  count: "How many tasks to run, with consecutive seeds",
  group_scope: "Group of the task; higher ones run first",
  priority: "Place in the queue; higher runs first",
  child_task: "Make the task a child of the one its file comes from",
  webhook_url: "Where the server posts progress",
  webhook_headers: "Headers of these requests, as a JSON object",
  translate: "Translate texts to English first",
  surprise_me: "Let the server's language model write the prompts",
};

function defaultNote(parameter: Parameter): string {
  const { default: value } = parameter;
  if (value === undefined || value === "" || parameter.name === "count") return "";
  if (isFlag(parameter)) return value === true || value === 1 ? " (default: on)" : "";
  return ` (default: ${JSON.stringify(value)})`;
}
