/** The type of a conformance case, and how a table of cases becomes tests. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { type Setup, startTarget, whyNot } from "./setups.js";
import { type Target } from "./target.js";

export interface Case {
  /** Section of the contract that it proves. */
  readonly section: string;
  readonly name: string;
  /** Default `any`. */
  readonly setup?: Setup;
  /** Why a real server cannot run the case; it then runs against the stand-in only. */
  readonly standinOnly?: string;
  run(target: Target): Promise<void>;
}

/** Makes each row of a table into a case: the row holds what differs, a function adds the rest. */
export function rows<Row extends readonly unknown[]>(
  table: readonly Row[],
  make: (...row: Row) => Case,
): Case[] {
  return table.map((row) => make(...row));
}

/** Registers the cases, on one server for each set-up that they need. */
export function runCases(cases: readonly Case[]): void {
  const setups = [...new Set(cases.map((one) => one.setup ?? "any"))];
  for (const setup of setups) {
    const own = cases.filter((one) => (one.setup ?? "any") === setup);
    describe(`on a server that is ${setup}`, () => {
      let target: Target;
      const runnable = own.some((one) => whyNot(setup, one.standinOnly) === undefined);
      beforeAll(async () => {
        if (runnable) target = await startTarget(setup);
      });
      afterAll(async () => {
        if (runnable) await target.close();
      });
      for (const one of own) {
        const title = `§${one.section} ${one.name}`;
        const reason = whyNot(setup, one.standinOnly);
        if (reason === undefined) it(title, () => one.run(target));
        else it.skip(`${title} (${reason})`, () => undefined);
      }
    });
  }
}
