/** Finds a flow by id: generated, or as the server describes it. */
import type { Client, Parameter } from "../../index.js";
import { nearestName } from "../../errors/suggestion.js";
import { CliError } from "../exit.js";
import type { Session } from "../session.js";
import { generatedFlow, generatedIds, type AnyFlow } from "./generated.js";

/** A flow, with the facts its help page shows. */
export interface FoundFlow {
  readonly flow: AnyFlow;
  readonly parameters: readonly Parameter[];
  readonly title: string | undefined;
  readonly tags: readonly string[];
  readonly generated: boolean;
}

/** A flow as the server lists it. */
export type InstalledFlow = Awaited<ReturnType<Client["flows"]>>[number];

/**
 * Finds a flow; asks the server only if there is no generated code.
 * @throws CliError `flow_unknown`
 */
export async function findFlow(session: Session, name: string): Promise<FoundFlow> {
  // The server stores ids in lower case, and accepts only these in a create.
  const id = name.toLowerCase();
  const generated = await generatedFlow(id);
  if (generated) return fromGenerated(generated);
  const installed = await askServer(session, id);
  const entry = installed.find((flow) => flow.name === id);
  if (entry) return fromInstalled(entry);
  throw unknownFlow(id, [...generatedIds(), ...installed.map((flow) => flow.name)]);
}

/** A generated flow with its title and tags, if known. */
export function fromGenerated(flow: AnyFlow): FoundFlow {
  const { title, tags = [] } = flow as AnyFlow & { title?: string; tags?: readonly string[] };
  return { flow, parameters: flow.parameters, title, tags, generated: true };
}

/** A flow known only from the server. */
export async function fromInstalled(entry: InstalledFlow): Promise<FoundFlow> {
  const [{ defineFlow, fileInputs }, { listedFlow }] = await Promise.all([
    import("../../index.js"),
    import("../../flow/installed-flow.js"),
  ]);
  const { id, title, tags, parameters } = listedFlow(entry);
  const flow = defineFlow<Record<string, unknown>>(id, parameters, { fileInputs });
  return { flow, parameters: flow.parameters, title, tags, generated: false };
}

async function askServer(session: Session, id: string): Promise<InstalledFlow[]> {
  try {
    const client = await session.client();
    return await client.flows({ signal: session.signal });
  } catch (error) {
    if (error instanceof CliError && error.code === "no_server")
      throw unknownFlow(
        id,
        generatedIds(),
        " among the generated ones, and no server is given to ask",
      );
    throw error;
  }
}

function unknownFlow(id: string, known: readonly string[], more = ""): CliError {
  const near = nearestName(id, known);
  return new CliError("flow_unknown", `There is no flow ${JSON.stringify(id)}${more}.`, {
    hint: `${near === undefined ? "" : `Did you mean ${near}? `}\`vix flows\` lists them.`,
  });
}
