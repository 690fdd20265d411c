/** `vix flows`: lists the flows, installed and generated together, or shows one flow and its parameters. */
import { labelOf, type Parameter } from "../../index.js";
import { CliError } from "../exit.js";
import {
  fromGenerated,
  fromInstalled,
  type FoundFlow,
  type InstalledFlow,
} from "../flows/find-flow.js";
import { generatedFlows } from "../flows/generated.js";
import { describe } from "../flows/options.js";
import type { Session } from "../session.js";
import { oneLine } from "../terminal/clean.js";
import { columnsOf } from "../terminal/streams.js";
import { table } from "../terminal/table.js";

export interface FlowsOptions {
  readonly tag?: string;
  readonly all?: boolean;
}

/** A flow in the list. */
interface Entry {
  readonly id: string;
  readonly name: string;
  /** Null when no server is configured. */
  readonly installed: boolean | null;
  readonly generated: boolean;
  readonly tags: readonly string[];
  readonly outputs?: unknown;
  readonly hidden: boolean;
}

export async function flowsCommand(
  session: Session,
  name: string | undefined,
  { tag, all = false }: FlowsOptions,
): Promise<number> {
  const { out } = session;
  const installed = await installedFlows(session);
  const generated = await generatedFlows();
  const exact = name?.toLowerCase();
  const own = generated.find(({ id }) => id === exact);
  const listed = installed?.find((flow) => flow.name === exact);
  if (own)
    return showFlow(session, withTitle(fromGenerated(own), listed), entry(exact, true, installed));
  if (listed) return showFlow(session, await fromInstalled(listed), entry(exact, false, installed));

  const ids = [
    ...new Set([...generated.map(({ id }) => id), ...(installed ?? []).map((flow) => flow.name)]),
  ].sort();
  const found = ids
    .map((id) =>
      entry(
        id,
        generated.some((flow) => flow.id === id),
        installed,
      ),
    )
    .filter(({ hidden }) => all || !hidden)
    .filter((flow) => tag === undefined || hasTag(flow, tag))
    .filter((flow) => name === undefined || fits(flow, name));
  if (name !== undefined && found.length === 0)
    throw new CliError("flow_unknown", `No flow matches ${JSON.stringify(name)}.`, {
      hint: "`vix flows` without a name lists all.",
    });
  for (const line of table(found.map(row), out.terminal ? columnsOf(process.stdout) : Infinity))
    out.line(line);
  if (installed === undefined)
    out.note("No server is given, so only the generated flows are listed.");
  return out.done({ flows: found.map(withoutHidden) });
}

async function installedFlows(session: Session): Promise<InstalledFlow[] | undefined> {
  try {
    session.settings();
  } catch (error) {
    if (error instanceof CliError && error.code === "no_server") return undefined;
    throw error;
  }
  return (await session.client()).flows({ signal: session.signal });
}

function entry(
  id = "",
  generated: boolean,
  installed: readonly InstalledFlow[] | undefined,
): Entry {
  const there = installed?.find((flow) => flow.name === id);
  return {
    id,
    name: there?.display_name || id,
    installed: installed ? there !== undefined : null,
    generated,
    tags: there?.tags ?? [],
    hidden: there?.hidden === true,
  };
}

function withTitle(found: FoundFlow, listed: InstalledFlow | undefined): FoundFlow {
  return {
    ...found,
    title: found.title ?? listed?.display_name,
    tags: found.tags.length > 0 ? found.tags : (listed?.tags ?? []),
  };
}

function hasTag({ tags }: Entry, tag: string): boolean {
  return tags.some((one) => one.toLowerCase() === tag.toLowerCase());
}

/** Whether every search word is in the id, the name, or a tag. */
function fits({ id, name, tags }: Entry, words: string): boolean {
  const text = [id, id.replaceAll("_", " "), name, ...tags].join("\n").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function row({ id, name, installed, generated, tags }: Entry): string[] {
  const state =
    installed === false
      ? "not installed"
      : generated
        ? ""
        : installed === true
          ? "installed only"
          : "";
  return [id, name === id ? "" : oneLine(name), oneLine(tags.join(", ")), state];
}

function showFlow(session: Session, found: FoundFlow, listed: Entry): number {
  const { out } = session;
  const { flow, title, tags } = found;
  const { bold } = out.colours;
  out.line(bold(flow.id) + (title === undefined ? "" : `  ${oneLine(title)}`));
  if (tags.length > 0) out.line(oneLine(tags.join(", ")));
  if (listed.installed === false) out.line("Not installed on the server.");
  out.line();
  const shown = found.parameters.filter(({ hidden }) => hidden !== true);
  const rows = shown.map((parameter) => [
    `  ${parameter.name}`,
    parameter.type,
    describe(parameter),
  ]);
  for (const line of table(rows, out.terminal ? columnsOf(process.stdout) : Infinity))
    out.line(line);
  out.line();
  out.line(`Run it: vix run ${flow.id} ${exampleOf(shown)}`.trimEnd());
  return out.done({
    flow: { ...withoutHidden(listed), name: title ?? listed.name, tags },
    parameters: found.parameters.map((parameter) => ({ ...parameter, label: labelOf(parameter) })),
  });
}

function exampleOf(parameters: readonly Parameter[]): string {
  return parameters
    .filter(({ required }) => required)
    .map(({ name, type }) => `--${name.replaceAll("_", "-")} ${type === "file" ? "FILE" : '"…"'}`)
    .join(" ");
}

function withoutHidden({ id, name, installed, generated, tags, outputs }: Entry): object {
  return { id, name, installed, generated, tags, ...(outputs !== undefined && { outputs }) };
}
