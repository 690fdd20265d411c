/**
 * Probable renames: pairs removed and added things by similarity. Swapping the two descriptions gives the
 * same pairs with the same confidence.
 */
import { byCodeUnit, defaultLabel, type FlowModel, type ParameterModel } from "../model/flow.js";
import { isServersOwn } from "../model/standard.js";
import { nameLikeness, overlap, shapeLikeness } from "./similarity.js";

/** A removed and an added thing, and the confidence that they are the same. */
export interface Pair<T> {
  readonly old: T;
  readonly now: T;
  /** Above 0 and below 1, in hundredths. */
  readonly confidence: number;
}

/** Below this, two things are reported as one removed and one added. */
const LEAST_SURE = 0.55;

/** If two candidates are closer than this, both are doubtful. */
const RIVAL = 0.1;

interface Scored<T> {
  readonly old: T;
  readonly now: T;
  readonly score: number;
}

/** Takes the best pair, then the best of the rest, and so on. */
function choose<T>(scored: readonly Scored<T>[], key: (thing: T) => string): Pair<T>[] {
  const candidates = scored
    .filter(({ score }) => score >= LEAST_SURE)
    .sort((a, b) => b.score - a.score || byCodeUnit(tie(a, key), tie(b, key)));
  const taken = new Set<T>();
  const rivals = new Map<T, number>();
  const pairs: Scored<T>[] = [];
  for (const candidate of candidates) {
    if (taken.has(candidate.old) || taken.has(candidate.now)) {
      for (const side of [candidate.old, candidate.now]) {
        rivals.set(side, Math.max(rivals.get(side) ?? 0, candidate.score));
      }
      continue;
    }
    taken.add(candidate.old).add(candidate.now);
    pairs.push(candidate);
  }
  return pairs.map(({ old, now, score }) => {
    const rival = Math.max(rivals.get(old) ?? 0, rivals.get(now) ?? 0);
    const sure = rival > score - RIVAL ? score * 0.8 : score;
    return { old, now, confidence: Math.min(0.99, Math.round(sure * 100) / 100) };
  });
}

/** The same for (old, new) and (new, old), so that ties are broken the same way in both directions. */
function tie<T>({ old, now }: Scored<T>, key: (thing: T) => string): string {
  return [key(old), key(now)].sort(byCodeUnit).join("\n");
}

/** Above this many pairs, they are not compared one by one. */
const MANY_PAIRS = 40_000;

/** Pairs of flows, by their parameters, then by their ids. */
export function pairFlows(
  removed: readonly FlowModel[],
  added: readonly FlowModel[],
): Pair<FlowModel>[] {
  const traits = new Map([...removed, ...added].map((flow) => [flow, traitsOf(flow)]));
  const score = (old: FlowModel, now: FlowModel): Scored<FlowModel> => ({
    old,
    now,
    score: flowScore(old, now, traits),
  });
  return choose(
    candidates(removed, added, traits).map(([old, now]) => score(old, now)),
    ({ id }) => id,
  );
}

interface Traits {
  readonly names: readonly string[];
  readonly facts: readonly string[];
}

function traitsOf({ parameters }: FlowModel): Traits {
  const own = parameters.filter(({ name, kind }) => !isServersOwn(name, kind));
  return {
    names: own.map(({ name }) => name),
    facts: own.map(({ kind, min, max, step, choices, accept, required }) =>
      JSON.stringify([kind, min, max, step, choices, accept, required]),
    ),
  };
}

/**
 * All pairs; if there are too many (another server altogether), only flows with exactly the same parameters.
 */
function candidates(
  removed: readonly FlowModel[],
  added: readonly FlowModel[],
  traits: ReadonlyMap<FlowModel, Traits>,
): (readonly [FlowModel, FlowModel])[] {
  if (removed.length * added.length <= MANY_PAIRS) {
    return removed.flatMap((old) => added.map((now) => [old, now] as const));
  }
  const signature = (flow: FlowModel): string => JSON.stringify(traits.get(flow));
  const before = groupBy(removed, signature);
  return [...groupBy(added, signature)].flatMap(([key, group]) => {
    const partners = before.get(key) ?? [];
    return partners.length * group.length > MANY_PAIRS / 100
      ? []
      : partners.flatMap((old) => group.map((now) => [old, now] as const));
  });
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

function flowScore(old: FlowModel, now: FlowModel, traits: ReadonlyMap<FlowModel, Traits>): number {
  const before = traits.get(old) ?? traitsOf(old);
  const after = traits.get(now) ?? traitsOf(now);
  const shape = 0.5 * overlap(before.names, after.names) + 0.5 * overlap(before.facts, after.facts);
  // Two similar flows with only a prompt each say little; with six parameters they say a lot.
  const count = Math.min(before.names.length, after.names.length);
  const telling = count / (count + 2);
  return shape * (0.5 + 0.3 * nameLikeness(old.id, now.id) + 0.2 * telling);
}

/** Pairs of a flow's own parameters, by what they accept, their labels, and their position. */
export function pairParameters(old: FlowModel, now: FlowModel): Pair<ParameterModel>[] {
  const before = new Set(old.parameters.map(({ name }) => name));
  const after = new Set(now.parameters.map(({ name }) => name));
  const removed = gone(old.parameters, after);
  const added = gone(now.parameters, before);
  if (removed.length * added.length > MANY_PAIRS) return [];
  const placesBefore = places(old.parameters, after);
  const placesAfter = places(now.parameters, before);
  return choose(
    removed.flatMap((one) =>
      added.map((other) => ({
        old: one,
        now: other,
        score: parameterScore(
          one,
          other,
          placeLikeness(placesBefore.get(one), placesAfter.get(other)),
        ),
      })),
    ),
    ({ name }) => name,
  );
}

/** A flow's own parameters whose names are missing on the other side. */
function gone(parameters: readonly ParameterModel[], other: ReadonlySet<string>): ParameterModel[] {
  return parameters.filter(
    ({ name, kind, standard }) => !other.has(name) && !standard && !isServersOwn(name, kind),
  );
}

/** The nearest parameters before and after that both sides have. */
interface Between {
  readonly above: string | undefined;
  readonly below: string | undefined;
}

function places(
  parameters: readonly ParameterModel[],
  shared: ReadonlySet<string>,
): Map<ParameterModel, Between> {
  const isShared = ({ name }: ParameterModel): boolean => shared.has(name);
  return new Map(
    parameters.map((parameter, index) => [
      parameter,
      {
        above: parameters.slice(0, index).filter(isShared).at(-1)?.name,
        below: parameters.slice(index + 1).find(isShared)?.name,
      },
    ]),
  );
}

function placeLikeness(a: Between | undefined, b: Between | undefined): number {
  return (a?.above === b?.above ? 0.5 : 0) + (a?.below === b?.below ? 0.5 : 0);
}

function parameterScore(old: ParameterModel, now: ParameterModel, place: number): number {
  const shape = shapeLikeness(old, now);
  if (shape < 0.5) return 0;
  return 0.35 * shape + 0.4 * labelLikeness(old, now) + 0.25 * place;
}

/** Similarity of labels written by authors; of the names if a label is derived from its name. */
function labelLikeness(old: ParameterModel, now: ParameterModel): number {
  if (old.label === now.label) return 1;
  const isMade = [old, now].some(({ name, label }) => label === defaultLabel(name));
  const names = nameLikeness(old.name, now.name);
  return isMade ? names : Math.max(names, nameLikeness(old.label, now.label));
}
