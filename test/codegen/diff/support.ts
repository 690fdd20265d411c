/** Builds small descriptions for tests, and reads them back through the canonical form. */
import { writeCanonical } from "../../../codegen/src/canonical/write.js";
import type { Change } from "../../../codegen/src/diff/change.js";
import { plain } from "../../../codegen/src/diff/phrase.js";
import { report, type Report } from "../../../codegen/src/diff/report.js";
import { defaultLabel, type Model, type ParameterModel } from "../../../codegen/src/model/flow.js";
import { readDescription } from "../../../codegen/src/model/read.js";
import { standardParameter } from "../../../codegen/src/model/standard.js";

export const TODAY = "2026-06-15";

type Facts = Partial<Omit<ParameterModel, "name" | "kind">>;

/** A flow's own parameter. */
export function p(name: string, kind: ParameterModel["kind"], facts: Facts = {}): ParameterModel {
  return { name, kind, label: defaultLabel(name), required: false, standard: false, ...facts };
}

/** A standard parameter as every server defines it. */
export function standard(name: string): ParameterModel {
  const parameter = standardParameter(name);
  if (parameter === undefined) throw new Error(`no standard parameter ${name}`);
  return parameter;
}

/** A model, read back from its own snapshot. */
export function model(flows: Readonly<Record<string, readonly ParameterModel[]>>): Model {
  const list = Object.entries(flows).map(([id, parameters]) => ({ id, parameters }));
  return list.length === 0 ? { flows: [] } : readDescription(writeCanonical({ flows: list }));
}

/** The report of two models. */
export function compare(old: Model, now: Model): Report {
  return report(old, now, { today: TODAY });
}

/** A change in brief. */
export function brief(change: Change): string {
  return `${change.class} ${change.rule} ${change.flows.join("+")} ${change.parameter ?? "-"}`;
}

export function message(change: Change | undefined): string {
  return change === undefined ? "" : plain(change.message);
}
