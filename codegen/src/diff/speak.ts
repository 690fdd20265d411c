/** Building blocks for the messages of all rules. */
import type { Finding } from "./change.js";
import type { Fact } from "./fact.js";
import { say, value, values, type Phrase, type Quoted } from "./phrase.js";

export interface Words {
  readonly message: Phrase;
  readonly advice: Phrase;
}

/** Builds the messages of a finding. */
export type Speak = (finding: Finding, subject: Phrase) => Words;

export const NOTHING_TO_DO = say`Nothing to do.`;

/** A description from shape.ts, which is our own text except for its values. */
export function quoteless(shape: Fact): Quoted {
  return { code: text(shape) };
}

export function fact(fact_: Fact): Phrase {
  if (fact_ === null) return ["nothing"];
  return typeof fact_ === "object" ? values(fact_) : [value(fact_)];
}

export function text(fact_: Fact): string {
  return typeof fact_ === "string" ? fact_ : String(fact_);
}
