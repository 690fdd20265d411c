/** Converts findings to changes: merges the same finding in several flows, and adds the messages. */
import { byCodeUnit } from "../model/flow.js";
import type { Change, Finding } from "./change.js";
import { fingerprintOf } from "./fingerprint.js";
import { name, plain, say, type Phrase } from "./phrase.js";
import { CLASSES, RULE_IDS, RULES } from "./rules.js";
import { wordsOf } from "./words.js";

/** The changes to report, most severe first, then by flow. */
export function toChanges(findings: readonly Finding[]): Change[] {
  return [...groups(findings).values()].map((group) => toChange(group)).sort(inOrder);
}

/** Groups equal findings of different flows, in the order of the first of each. */
function groups(findings: readonly Finding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = sameness(finding);
    const group = found.get(key);
    if (group === undefined) found.set(key, [finding]);
    else group.push(finding);
  }
  return found;
}

function sameness(finding: Finding): string {
  const { rule, flow, parameter, before, after } = finding;
  // Whole flows are never merged: each gets its own line.
  if (rule.startsWith("flow-")) return JSON.stringify([rule, flow]);
  const { advice } = wordsOf(finding, []);
  return JSON.stringify([rule, parameter, before, after, plain(advice)]);
}

function toChange(group: readonly Finding[]): Change {
  const flows = group.map(({ flow }) => flow).sort(byCodeUnit);
  // A group has the confidence of its least certain member.
  const [first] = [...group].sort((a, b) => (a.confidence ?? 0) - (b.confidence ?? 0));
  if (first === undefined || flows[0] === undefined) throw new TypeError("A group is empty.");
  const { rule, parameter = null, before, after, confidence, old, now, lost } = first;
  const place: Phrase = flows.length === 1 ? [name(flows[0])] : [`${flows.length} flows`];
  const here: Phrase = parameter === null ? place : [name(parameter)];
  const { message, advice } = wordsOf(first, parameter === null ? place : say`${here} of ${place}`);
  const facts = { rule, flows, parameter, before, after };
  return {
    ...facts,
    class: RULES[rule],
    ...(confidence === undefined ? {} : { confidence }),
    message,
    brief: wordsOf(first, here).message,
    advice,
    fingerprint: fingerprintOf(facts),
    ...(old === undefined ? {} : { old }),
    ...(now === undefined ? {} : { now }),
    ...(lost === undefined ? {} : { lost }),
  };
}

/** By class; within a class, changes in many flows first, then whole flows, then flow by flow. */
function inOrder(a: Change, b: Change): number {
  return (
    CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) ||
    rank(a) - rank(b) ||
    byCodeUnit(a.flows[0] ?? "", b.flows[0] ?? "") ||
    (a.parameter === null ? 0 : 1) - (b.parameter === null ? 0 : 1) ||
    RULE_IDS.indexOf(a.rule) - RULE_IDS.indexOf(b.rule)
  );
}

function rank({ rule, flows }: Change): number {
  if (flows.length > 1) return 0;
  return rule === "flow-removed" || rule === "flow-added" ? 1 : 2;
}
