/** Properties of any two descriptions. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { writeCanonical } from "../../../codegen/src/canonical/write.js";
import type { Finding } from "../../../codegen/src/diff/change.js";
import { compareModels } from "../../../codegen/src/diff/compare.js";
import type { Rule } from "../../../codegen/src/diff/rules.js";
import type { Model } from "../../../codegen/src/model/flow.js";
import { readDescription } from "../../../codegen/src/model/read.js";
import { anyEdit, anyModel } from "./arbitrary.js";
import { compare } from "./support.js";

const RUNS = 1_000;

test("a description compared with itself gives nothing, read from either side", () => {
  fc.assert(
    fc.property(anyModel, (model) => {
      const again = readDescription(writeCanonical(model));
      expect(compareModels(model, again)).toEqual([]);
      expect(compare(model, again).semver).toBe("none");
    }),
    { numRuns: RUNS },
  );
});

test("every edit that changes the snapshot is reported, and nothing else is", () => {
  fc.assert(
    fc.property(anyEdit, ([old, now]) => {
      const isChanged = writeCanonical(old) !== writeCanonical(now);
      expect(compare(old, now).changes.length > 0).toBe(isChanged);
    }),
    { numRuns: RUNS },
  );
});

test("every flow and every parameter whose facts changed is named", () => {
  fc.assert(
    fc.property(anyEdit, ([old, now]) => {
      const findings = compareModels(old, now);
      for (const [id, parameter] of differences(old, now)) {
        const isNamed = findings.some(
          (finding) =>
            (finding.flow === id || finding.before === id) &&
            (finding.parameter === undefined ||
              finding.parameter === parameter ||
              finding.before === parameter),
        );
        expect(isNamed, `${id} ${parameter}`).toBe(true);
      }
    }),
    { numRuns: RUNS },
  );
});

/** The differences, found in the simplest way: by name, as texts. */
function differences(old: Model, now: Model): (readonly [flow: string, parameter: string])[] {
  const facts = ({ flows }: Model): Map<string, readonly [string, string, string]> =>
    new Map(
      flows.flatMap(({ id, parameters }) =>
        parameters.map((one) => [
          JSON.stringify([id, one.name]),
          [id, one.name, JSON.stringify(Object.entries(one).sort())] as const,
        ]),
      ),
    );
  const [before, after] = [facts(old), facts(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [a, b] = [before.get(key), after.get(key)];
    const [id = "", name = ""] = a ?? b ?? [];
    return a?.[2] === b?.[2] ? [] : [[id, name] as const];
  });
}

test("swapping the two sides mirrors the findings", () => {
  const pairs = fc.oneof(anyEdit, fc.tuple(anyModel, anyModel));
  fc.assert(
    fc.property(pairs, ([old, now]) => {
      const there = compareModels(old, now);
      const back = compareModels(now, old);
      expect(signatures(back, true)).toEqual(signatures(there, false));
    }),
    { numRuns: RUNS },
  );
});

/** Rules that turn into each other when the sides are swapped. */
const FAMILIES: Readonly<Partial<Record<Rule, string>>> = {
  "flow-removed": "flow",
  "flow-added": "flow",
  "param-removed": "parameter",
  "param-added": "parameter",
  "param-added-required": "parameter",
  "standard-param-removed": "parameter",
  "standard-param-added": "parameter",
  "param-now-required": "required",
  "param-now-optional": "required",
  "param-type-changed": "type",
  "param-type-narrowed": "type",
  "param-type-widened": "type",
  "param-file-to-value": "type",
  "param-value-to-file": "type",
  "param-text-to-choice": "type",
  "param-choice-to-text": "type",
  "param-number-to-integer": "type",
  "param-integer-to-number": "type",
  "param-media-changed": "media",
  "param-media-widened": "media",
  "param-choice-removed": "choices",
  "param-choice-added": "choices",
  "param-minimum-raised": "minimum",
  "param-minimum-lowered": "minimum",
  "param-minimum-moves-steps": "minimum",
  "param-maximum-raised": "maximum",
  "param-maximum-lowered": "maximum",
  "param-step-narrowed": "step",
  "param-step-widened": "step",
  "param-default-changed": "default",
  "param-default-added": "default",
  "param-default-removed": "default",
};

/** Findings without their direction; a rename has both names. */
function signatures(findings: readonly Finding[], isBack: boolean): string[] {
  const flowNames = new Map(
    findings
      .filter(({ rule }) => rule === "flow-renamed")
      .map(({ flow, before }) => [flow, [flow, before].sort().join("=")]),
  );
  const key = (flow: string, parameter: string): string => JSON.stringify([flow, parameter]);
  const parameterNames = new Map(
    findings
      .filter(({ rule }) => rule === "param-renamed")
      .map(({ flow, parameter = "", before }) => [
        key(flow, parameter),
        [parameter, before].sort().join("="),
      ]),
  );
  return findings
    .map(({ rule, flow, parameter = "", before, after, confidence }) =>
      JSON.stringify([
        FAMILIES[rule] ?? rule,
        flowNames.get(flow) ?? flow,
        parameterNames.get(key(flow, parameter)) ?? parameter,
        isBack ? after : before,
        isBack ? before : after,
        confidence,
      ]),
    )
    .sort();
}
