/** Compares flow models and returns findings. Pure. */
import { flowFacts } from "../model/facts.js";
import type { FlowModel, Model, ParameterModel } from "../model/flow.js";
import type { Finding } from "./change.js";
import { compareFlowFacts } from "./flow-facts.js";
import { compareParameters } from "./parameters.js";
import { pairFlows } from "./rename.js";

/** Every difference between two descriptions that a caller can notice. */
export function compareModels(old: Model, now: Model): Finding[] {
  const before = new Map(old.flows.map((flow) => [flow.id, flow]));
  const after = new Map(now.flows.map((flow) => [flow.id, flow]));
  const removed = old.flows.filter(({ id }) => !after.has(id));
  const added = now.flows.filter(({ id }) => !before.has(id));
  const renames = pairFlows(removed, added);
  const paired = new Set(renames.flatMap((pair) => [pair.old, pair.now]));
  return [
    ...removed.filter((flow) => !paired.has(flow)).map((flow) => removedFlow(flow)),
    ...renames.flatMap((pair) => [
      renamedFlow(pair.old, pair.now, pair.confidence),
      ...compareFlow(pair.old, pair.now),
    ]),
    ...now.flows.flatMap((flow) => {
      const partner = before.get(flow.id);
      return partner === undefined || isSame(partner, flow) ? [] : compareFlow(partner, flow);
    }),
    ...added.filter((flow) => !paired.has(flow)).map((flow) => addedFlow(flow)),
  ];
}

function compareFlow(old: FlowModel, now: FlowModel): Finding[] {
  return [...compareFlowFacts(old, now), ...compareParameters(old, now)];
}

/** Whether two flows are equal in every fact. Most are, and a detailed comparison of each costs time. */
function isSame(old: FlowModel, now: FlowModel): boolean {
  return (
    isSameFacts(old, now) &&
    old.parameters.length === now.parameters.length &&
    old.parameters.every((parameter, index) => isEqual(parameter, now.parameters[index]))
  );
}

function isSameFacts(old: FlowModel, now: FlowModel): boolean {
  return JSON.stringify(flowFacts(old)) === JSON.stringify(flowFacts(now));
}

function isEqual(a: ParameterModel, b: ParameterModel | undefined): boolean {
  return (
    b !== undefined &&
    a.name === b.name &&
    a.kind === b.kind &&
    a.label === b.label &&
    a.required === b.required &&
    a.default === b.default &&
    a.min === b.min &&
    a.max === b.max &&
    a.step === b.step &&
    a.accept === b.accept &&
    a.advanced === b.advanced &&
    a.hidden === b.hidden &&
    a.translatable === b.translatable &&
    a.choices?.length === b.choices?.length &&
    (a.choices ?? []).every((choice, index) => choice === b.choices?.[index])
  );
}

function removedFlow(flow: FlowModel): Finding {
  return { rule: "flow-removed", flow: flow.id, before: parameterNames(flow), after: null };
}

function addedFlow(flow: FlowModel): Finding {
  const after = parameterNames(flow);
  return { rule: "flow-added", flow: flow.id, before: null, after, whole: flow };
}

function renamedFlow(old: FlowModel, now: FlowModel, confidence: number): Finding {
  return { rule: "flow-renamed", flow: now.id, before: old.id, after: now.id, confidence };
}

function parameterNames({ parameters }: FlowModel): string[] {
  return parameters.map(({ name }) => name);
}
