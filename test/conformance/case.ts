/** What a conformance case is, and how a table of them becomes tests. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { type Setup, startTarget, whyNot } from "./setups.js";
import { type Target } from "./target.js";

export interface Case {
  /** Section of the contract that it proves. */
  readonly section: string;
  readonly name: string;
  /** Default `any`. */
  readonly setup?: Setup;
  /** Why a real server cannot be brought to it; such a case runs against the stand-in alone. */
  readonly standinOnly?: string;
  run(target: Target): Promise<void>;
}

/** One row of a table: what is special about it, and the rest made by a function. */
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
