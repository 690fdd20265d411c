/** The version step, the exit code, and changes that a reviewer accepted. */
import { describe, expect, test } from "vitest";
import { readIgnoreFile, type Acceptance } from "../../../codegen/src/diff/ignore.js";
import { fails, report, type Report } from "../../../codegen/src/diff/report.js";
import type { CodegenError } from "../../../codegen/src/errors.js";
import type { Model } from "../../../codegen/src/model/flow.js";
import { compare, model, p, TODAY } from "./support.js";

const base = model({ a: [p("x", "text", { default: "1", label: "Ex" })] });
const CHANGES: readonly (readonly [string, Model, Report["semver"]])[] = [
  ["nothing", base, "none"],
  ["docs", model({ a: [p("x", "text", { default: "1", label: "Ix" })] }), "patch"],
  [
    "addition",
    model({ a: [p("x", "text", { default: "1", label: "Ex" }), p("y", "boolean")] }),
    "minor",
  ],
  ["behaviour", model({ a: [p("x", "text", { default: "2", label: "Ex" })] }), "minor"],
  ["breaking", model({ b: [] }), "major"],
];

describe.each(CHANGES)("%s", (kind, now, step) => {
  const found = compare(base, now);

  test(`is a step of ${step}`, () => expect(found.semver).toBe(step));

  test("fails from its class on", () => {
    const level = ["nothing", "docs", "addition", "behaviour", "breaking"].indexOf(kind);
    expect(fails(found, undefined)).toBe(false);
    expect(fails(found, "any")).toBe(level >= 1);
    expect(fails(found, "behaviour")).toBe(level >= 3);
    expect(fails(found, "breaking")).toBe(level >= 4);
  });
});

describe("accepted changes", () => {
  const now = model({ a: [p("x", "boolean", { label: "Ex" })] });
  const all = compare(base, now);
  const [first] = all.changes;
  const accept = (expires: string, fingerprint = first?.fingerprint ?? ""): Acceptance => ({
    fingerprint,
    reason: "Nobody uses it.",
    expires,
  });
  const judge = (...acceptances: Acceptance[]): Report =>
    report(base, now, { today: TODAY, acceptances });

  test("are set apart and fail nothing, and the step stays what it is for callers", () => {
    const { changes, accepted, summary, semver } = judge(accept("2026-12-31"));
    expect(changes).toHaveLength(all.changes.length - 1);
    expect(accepted.map(({ change }) => change.fingerprint)).toEqual([first?.fingerprint]);
    expect(summary.breaking).toBe(all.summary.breaking - 1);
    expect(semver).toBe("major");
  });

  test("hold to the end of their last day", () => {
    expect(judge(accept(TODAY)).accepted).toHaveLength(1);
    const late = judge(accept("2026-06-14"));
    expect(late.accepted).toEqual([]);
    expect(late.expired).toHaveLength(1);
    expect(late.changes).toHaveLength(all.changes.length);
  });

  test("that fit nothing are named", () => {
    expect(judge(accept("2026-12-31", "0123456789abcdef")).unused).toHaveLength(1);
  });

  test("have a fingerprint that another value changes", () => {
    const other = compare(base, model({ a: [p("x", "integer", { label: "Ex" })] }));
    const prints = [...all.changes, ...other.changes].map(({ fingerprint }) => fingerprint);
    expect(first?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(other.changes[0]?.fingerprint).not.toBe(first?.fingerprint);
    expect(compare(base, now).changes[0]?.fingerprint).toBe(first?.fingerprint);
    expect(new Set(prints).size).toBeGreaterThan(1);
  });

  const entry = { fingerprint: "0123456789abcdef", reason: "r", expires: "2026-02-28" };
  test("are read from a file", () => {
    expect(readIgnoreFile(JSON.stringify({ version: 1, accepted: [entry] }))).toEqual([entry]);
  });

  test.each([
    ["no version", { accepted: [] }],
    ["no list", { version: 1 }],
    ["no reason", { version: 1, accepted: [{ ...entry, reason: " " }] }],
    ["no expiry", { version: 1, accepted: [{ ...entry, expires: undefined }] }],
    ["a day that is none", { version: 1, accepted: [{ ...entry, expires: "2026-02-30" }] }],
    ["a month that is none", { version: 1, accepted: [{ ...entry, expires: "2026-13-01" }] }],
    ["a cut fingerprint", { version: 1, accepted: [{ ...entry, fingerprint: "0123" }] }],
    ["a mistyped member", { version: 1, accepted: [{ ...entry, expiry: "2026-02-28" }] }],
  ])("are refused with %s", (_, document) => {
    expect(() => readIgnoreFile(JSON.stringify(document))).toThrow(
      expect.objectContaining({ code: "ignore_invalid" }) as CodegenError,
    );
  });
});
