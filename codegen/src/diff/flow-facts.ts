/** Compares the facts of a flow besides its parameters: names, version, and outputs. */
import { isListed } from "../model/facts.js";
import type { FlowModel, OutputModel } from "../model/flow.js";
import type { Finding, LostOutput } from "./change.js";
import type { Fact } from "./fact.js";
import type { Rule } from "./rules.js";

/** Every difference; facts unknown on one side are not compared. */
export function compareFlowFacts(old: FlowModel, now: FlowModel): Finding[] {
  const flow = now.id;
  const note = (rule: Rule, before: Fact = null, after: Fact = null): Finding[] =>
    JSON.stringify(before) === JSON.stringify(after) ? [] : [{ rule, flow, before, after }];
  const names =
    isListed(old) && isListed(now)
      ? [
          ...note("flow-title-changed", old.title, now.title),
          ...note("flow-tags-changed", old.tags, now.tags),
          ...note("flow-visibility-changed", old.hidden ?? false, now.hidden ?? false),
        ]
      : [];
  const isVersioned = old.version !== undefined && now.version !== undefined;
  return [
    ...outputFindings(old, now),
    ...names,
    ...(isVersioned ? note("flow-version-changed", old.version, now.version) : []),
  ];
}

/** Outputs match by node. A removed output and an added one of the same kind count as one that moved. */
function outputFindings(
  { outputs: old }: FlowModel,
  { id: flow, outputs: now }: FlowModel,
): Finding[] {
  if (old === undefined || now === undefined) return [];
  const byNode = new Map(now.map((output) => [output.node, output]));
  const nodes = new Set(old.map(({ node }) => node));
  const came = now.filter(({ node }) => !nodes.has(node));
  const lostOutput = ({ node, kind }: OutputModel): LostOutput => ({
    node,
    kind,
    isKindLost: now.every((output) => output.kind !== kind),
    wasOnlyKind: old.every((output) => output.kind === kind),
  });
  const findings = old.flatMap((output): Finding[] => {
    const { node, kind } = output;
    const before = describeOutput(output);
    const same = byNode.get(node);
    if (same?.kind === kind) return presence(flow, output, same);
    if (same !== undefined) {
      const after = describeOutput(same);
      return [{ rule: "output-kind-changed", flow, before, after, lost: lostOutput(output) }];
    }
    const at = came.findIndex((other) => other.kind === kind);
    const [moved] = at < 0 ? [] : came.splice(at, 1);
    if (moved === undefined) {
      return [{ rule: "output-removed", flow, before, after: null, lost: lostOutput(output) }];
    }
    const after = describeOutput(moved);
    const lost = lostOutput(output);
    return [{ rule: "output-moved", flow, before, after, lost }, ...presence(flow, output, moved)];
  });
  return [
    ...findings,
    ...came.map((output): Finding => {
      return { rule: "output-added", flow, before: null, after: describeOutput(output) };
    }),
  ];
}

function presence(flow: string, old: OutputModel, now: OutputModel): Finding[] {
  if (old.optional === now.optional) return [];
  const output = describeOutput(now);
  return now.optional
    ? [{ rule: "output-now-optional", flow, before: null, after: output }]
    : [{ rule: "output-now-certain", flow, before: output, after: null }];
}

/** E.g. `image from node 9`. */
export function describeOutput({ node, kind }: OutputModel): string {
  return `${kind} from node ${node}`;
}
