/** What the words of all rules are made of. */
import type { Finding } from "./change.js";
import type { Fact } from "./fact.js";
import { say, value, values, type Phrase, type Quoted } from "./phrase.js";

export interface Words {
  readonly message: Phrase;
  readonly advice: Phrase;
}

/** Says what a finding means. */
export type Speak = (finding: Finding, subject: Phrase) => Words;

export const NOTHING_TO_DO = say`Nothing has to be done.`;

/** A sentence of shape.ts, which is ours but for the values in it. */
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
