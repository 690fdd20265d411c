/** Compares two descriptions and builds the report that every format prints. Pure. */
import type { Model } from "../model/flow.js";
import type { LeftOut } from "../model/left-out.js";
import { CLASSES, type ChangeClass } from "./rules.js";
import type { Change } from "./change.js";
import { toChanges } from "./changes.js";
import { compareModels } from "./compare.js";
import { sortByAcceptance, type Acceptance, type Sorted } from "./ignore.js";

/** The version bump of the client package that a change requires. */
export type Semver = "major" | "minor" | "patch" | "none";

export interface Report {
  /** Changes not yet accepted, most severe first. */
  readonly changes: readonly Change[];
  readonly accepted: Sorted["accepted"];
  readonly expired: readonly Acceptance[];
  readonly unused: readonly Acceptance[];
  /** Flows that could not be read on one side, and are not compared. */
  readonly leftOut: readonly LeftOut[];
  /** Number of `changes` in each class. */
  readonly summary: Readonly<Record<ChangeClass, number>>;
  /** Of all changes, including accepted ones: accepting a change does not make it smaller for callers. */
  readonly semver: Semver;
}

export interface ReportOptions {
  readonly acceptances?: readonly Acceptance[];
  /** `YYYY-MM-DD` in UTC; acceptances that expired before it do not count. */
  readonly today: string;
  readonly leftOut?: readonly LeftOut[];
}

/** Compares two descriptions. */
export function report(old: Model, now: Model, options: ReportOptions): Report {
  const changes = toChanges(compareModels(old, now));
  const { open, accepted, expired, unused } = sortByAcceptance(
    changes,
    options.acceptances ?? [],
    options.today,
  );
  return {
    changes: open,
    accepted,
    expired,
    unused,
    leftOut: options.leftOut ?? [],
    summary: countByClass(open),
    semver: semverOf(changes),
  };
}

function countByClass(changes: readonly Change[]): Record<ChangeClass, number> {
  const summary = { breaking: 0, behaviour: 0, addition: 0, docs: 0 };
  for (const change of changes) summary[change.class] += 1;
  return summary;
}

const STEPS: Readonly<Record<ChangeClass, Semver>> = {
  breaking: "major",
  behaviour: "minor",
  addition: "minor",
  docs: "patch",
};

function semverOf(changes: readonly Change[]): Semver {
  const gravest = CLASSES.find((name) => changes.some((change) => change.class === name));
  return gravest === undefined ? "none" : STEPS[gravest];
}

/** Lowest class that sets exit code 1; `any` includes all. */
export type FailOn = "breaking" | "behaviour" | "any";

/** Whether a report contains changes of the given class or above. */
export function fails({ changes }: Report, failOn: FailOn | undefined): boolean {
  if (failOn === undefined) return false;
  const least = failOn === "any" ? "docs" : failOn;
  return changes.some((change) => CLASSES.indexOf(change.class) <= CLASSES.indexOf(least));
}
