/** `vix-codegen pull`: updates the snapshot from a source. */
import { readFileSync } from "node:fs";
import { writeCanonical } from "../canonical/write.js";
import { CodegenError } from "../errors.js";
import type { FlowModel } from "../model/flow.js";
import type { LeaveOut } from "../model/left-out.js";
import { readDescription } from "../model/read.js";
import { completeFlows } from "../pull/complete.js";
import { loadSource, type LoadOptions } from "../pull/load.js";
import { parseSource, PUBLISHED } from "../pull/source.js";
import { recall, remember } from "../pull/validators.js";
import { writeAtomically } from "../write/atomic.js";
import { generatorVersion } from "../write/manifest.js";
import { completeFromServer, readFlows, type Asked } from "./pull-server.js";

export interface PullInput extends Omit<LoadOptions, "validators"> {
  /** Base URL of a server, URL of a document, file, or `-`. Default: the published flows. */
  readonly from?: string | undefined;
  /** Flow ids to keep. Default: all. */
  readonly flows?: readonly string[] | undefined;
  /** Path of the snapshot. */
  readonly out: string;
  /** Called with each unreadable flow; without it, the first one is an error. */
  readonly leaveOut?: LeaveOut | undefined;
}

/** Result of `pull`. */
export interface PullReport {
  readonly flows: number;
  /** Whether the snapshot was written. */
  readonly written: boolean;
  /** Ids of flows that are new, changed, and removed compared with the snapshot. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** What the server provided besides its description; undefined when no server was asked. */
  readonly asked?: Asked;
}

/** Pulls. On any error the snapshot stays unchanged; an identical one is not rewritten. */
export async function pull(input: PullInput): Promise<PullReport> {
  const source = parseSource(input.from ?? PUBLISHED, input.flows);
  const version = generatorVersion();
  const url = "url" in source ? `${source.url.href} ${(input.flows ?? []).join(",")}` : undefined;
  const old = readSnapshot(input.out);
  const known =
    url === undefined || old === undefined ? undefined : recall(input.out, url, version);
  const fetched = await loadSource(source, { ...input, validators: known }).catch(
    (error: unknown) => {
      throw input.from === undefined ? withWayOut(error, input.out) : error;
    },
  );
  const before = old?.flows ?? [];
  // If the description is unchanged, the snapshot is complete.
  const described = fetched.changed
    ? readFlows(fetched.text, input)
    : { flows: before, leftOut: [] };
  const { flows, leftOut, asked } =
    source.kind === "server"
      ? await completeFromServer(source, described, before, input)
      : { ...described, flows: completeFlows(described.flows, { before }), asked: undefined };
  for (const flow of leftOut) input.leaveOut?.(flow);
  const text = writeCanonical({ flows });
  const written = text !== old?.text;
  if (written) writeAtomically(input.out, text);
  // Flows left out must be reported at the next pull too, so that pull must fetch everything.
  if (url !== undefined && leftOut.length === 0)
    remember(input.out, url, version, text, fetched.changed ? fetched.validators : (known ?? {}));
  return { ...report(before, flows, written), ...(asked === undefined ? {} : { asked }) };
}

/** Errors of a source that is missing or unreachable. */
const AWAY = new Set(["unreachable", "timeout", "transfer_cut", "not_found", "http_status"]);

/** Adds a hint for users of the default source: they cannot fix it, but can name another. */
function withWayOut(error: unknown, out: string): unknown {
  if (!(error instanceof CodegenError) || !AWAY.has(error.code)) return error;
  const { code, message, value } = error;
  return new CodegenError(code, message, {
    value,
    cause: error,
    hint:
      "Without --from, the published flows are read from the web. Name your server or a file with --from, " +
      `or try again later; ${out} is unchanged.`,
  });
}

/** The existing snapshot; an unreadable one counts as none. */
function readSnapshot(path: string): { text: string; flows: readonly FlowModel[] } | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    return { text, flows: readDescription(text, { leaveOut: () => undefined }).flows };
  } catch (error) {
    if (error instanceof CodegenError) return { text, flows: [] };
    throw error;
  }
}

function report(
  old: readonly FlowModel[],
  now: readonly FlowModel[],
  written: boolean,
): PullReport {
  const before = new Map(old.map((flow) => [flow.id, JSON.stringify(flow)]));
  const after = new Map(now.map((flow) => [flow.id, JSON.stringify(flow)]));
  return {
    flows: now.length,
    written,
    added: [...after.keys()].filter((id) => !before.has(id)),
    changed: [...after]
      .filter(([id, flow]) => before.has(id) && before.get(id) !== flow)
      .map(([id]) => id),
    removed: [...before.keys()].filter((id) => !after.has(id)),
  };
}
