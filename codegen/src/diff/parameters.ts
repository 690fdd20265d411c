/** Compares the parameters of one flow, before and after. */
import type { FlowModel, ParameterModel } from "../model/flow.js";
import { isListed } from "../model/facts.js";
import { defaultLabel } from "../model/flow.js";
import { isServersOwn, takesSurpriseMe } from "../model/standard.js";
import type { Finding } from "./change.js";
import { choicesFacet } from "./facets/choices.js";
import type { Facet } from "./facets/facet.js";
import { flagsFacet } from "./facets/flags.js";
import { kindFacet } from "./facets/kind.js";
import { labelFacet } from "./facets/label.js";
import { limitsFacet } from "./facets/limits.js";
import { mediaFacet } from "./facets/media.js";
import { presenceFacet } from "./facets/presence.js";
import { stepFacet } from "./facets/step.js";
import { pairParameters } from "./rename.js";
import type { Rule } from "./rules.js";
import { describeParameter } from "./shape.js";

const FACETS: readonly Facet[] = [
  kindFacet,
  presenceFacet,
  mediaFacet,
  choicesFacet,
  limitsFacet,
  stepFacet,
  labelFacet,
];

/** Every difference between the parameters of a flow. Findings carry the id of `now`. */
export function compareParameters(old: FlowModel, now: FlowModel): Finding[] {
  const flow = now.id;
  const before = complete(old);
  const after = complete(now);
  const renames = pairParameters(before, after);
  const newName = new Map(renames.map((pair) => [pair.old.name, pair.now.name]));
  const cameFrom = new Map(renames.map((pair) => [pair.now.name, pair]));
  const byName = new Map(before.parameters.map((parameter) => [parameter.name, parameter]));
  const names = new Set(after.parameters.map(({ name }) => name));

  const removed = before.parameters
    .filter(({ name }) => !names.has(name) && !newName.has(name))
    .map((parameter) => removedFinding(flow, parameter));
  const rest = after.parameters.flatMap((parameter) => {
    const rename = cameFrom.get(parameter.name);
    const partner = rename?.old ?? byName.get(parameter.name);
    if (partner === undefined) return [addedFinding(flow, parameter)];
    const facets = isListed(old) && isListed(now) ? [...FACETS, flagsFacet] : FACETS;
    const differences = compareParameter(flow, partner, parameter, facets);
    return rename === undefined
      ? differences
      : [renamedFinding(flow, partner, parameter, rename.confidence), ...differences];
  });
  return [...removed, ...rest, ...orderFinding(flow, before, after, newName)];
}

/** Adds the parameter that servers and clients support, but no description contains. */
function complete(flow: FlowModel): FlowModel {
  return takesSurpriseMe(flow.parameters)
    ? { ...flow, parameters: [SURPRISE_ME, ...flow.parameters] }
    : flow;
}

const SURPRISE_ME: ParameterModel = {
  name: "surprise_me",
  kind: "boolean",
  label: defaultLabel("surprise_me"),
  required: false,
  standard: true,
};

function isStandard(parameter: ParameterModel): boolean {
  return parameter === SURPRISE_ME || isServersOwn(parameter.name, parameter.kind);
}

function compareParameter(
  flow: string,
  old: ParameterModel,
  now: ParameterModel,
  facets: readonly Facet[],
): Finding[] {
  return facets
    .flatMap((facet) => facet(old, now))
    .map((difference) => ({
      ...difference,
      flow,
      parameter: now.name,
      old,
      now,
    }));
}

function removedFinding(flow: string, old: ParameterModel): Finding {
  const rule: Rule = isStandard(old) ? "standard-param-removed" : "param-removed";
  return {
    rule,
    flow,
    parameter: old.name,
    before: describeParameter(old),
    after: null,
    old,
  };
}

function addedFinding(flow: string, now: ParameterModel): Finding {
  return {
    rule: addedRule(now),
    flow,
    parameter: now.name,
    before: null,
    after: describeParameter(now),
    now,
  };
}

function addedRule(now: ParameterModel): Rule {
  if (now.required) return "param-added-required";
  return isStandard(now) ? "standard-param-added" : "param-added";
}

function renamedFinding(
  flow: string,
  old: ParameterModel,
  now: ParameterModel,
  confidence: number,
): Finding {
  return {
    rule: "param-renamed",
    flow,
    parameter: now.name,
    before: old.name,
    after: now.name,
    confidence,
    old,
    now,
  };
}

/** Compares the order of the parameters on both sides; added and removed ones do not count. */
function orderFinding(
  flow: string,
  old: FlowModel,
  now: FlowModel,
  newName: ReadonlyMap<string, string>,
): Finding[] {
  const names = new Set(now.parameters.map(({ name }) => name));
  const currentName = ({ name }: ParameterModel): string => newName.get(name) ?? name;
  const shared = old.parameters.filter((parameter) => names.has(currentName(parameter)));
  const wasThere = new Set(shared.map(currentName));
  const before = shared.map(({ name }) => name);
  const after = now.parameters.map(({ name }) => name).filter((name) => wasThere.has(name));
  return shared.some((parameter, index) => currentName(parameter) !== after[index])
    ? [{ rule: "param-order-changed", flow, before, after }]
    : [];
}
