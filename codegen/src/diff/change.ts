/** The results of a comparison: findings, the changes built from them, and the code that they affect. */
import type { FlowModel, OutputKind, ParameterModel } from "../model/flow.js";
import type { Fact } from "./fact.js";
import type { Phrase } from "./phrase.js";
import type { ChangeClass, Rule } from "./rules.js";

/** An output that callers may have used. */
export interface LostOutput {
  readonly node: number;
  readonly kind: OutputKind;
  /** No output of the flow makes this kind any more. */
  readonly isKindLost: boolean;
  /** All outputs of the flow were of this kind. */
  readonly wasOnlyKind: boolean;
}

/** One difference between two descriptions. */
export interface Finding {
  readonly rule: Rule;
  /** Id of the flow; in the new description if it is in both. */
  readonly flow: string;
  /** Wire name of the parameter; in the new description if it is in both. */
  readonly parameter?: string;
  readonly before: Fact;
  readonly after: Fact;
  /** Confidence of a rename, above 0 and below 1. */
  readonly confidence?: number;
  /** The parameter on both sides, for messages that need more than `before` and `after`. */
  readonly old?: ParameterModel;
  readonly now?: ParameterModel;
  /** The whole flow, if it is new. */
  readonly whole?: FlowModel;
  /** The output, if one was removed, moved, or changed. */
  readonly lost?: LostOutput;
}

/** One reported change: a finding, or the same finding in several flows. */
export interface Change {
  readonly rule: Rule;
  readonly class: ChangeClass;
  /** Ids of the flows, sorted; more than one if several have the same change. */
  readonly flows: readonly string[];
  readonly parameter: string | null;
  readonly before: Fact;
  readonly after: Fact;
  readonly confidence?: number;
  /** One sentence that can stand alone. */
  readonly message: Phrase;
  /** The same sentence for use below a heading with the flow. */
  readonly brief: Phrase;
  /** What a caller must do. */
  readonly advice: Phrase;
  /** 16 hexadecimal digits: identical for the same change, on any machine and in any version. */
  readonly fingerprint: string;
  /** The parameter before and after, in the first of the flows; used to find code that it breaks. */
  readonly old?: ParameterModel;
  readonly now?: ParameterModel;
  readonly lost?: LostOutput;
  /** Where the reader's own code uses what changed; only on request. */
  readonly usage?: readonly Usage[];
}

/** A place in the reader's own code. */
export interface Usage {
  /** Path relative to the current folder, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The code there, e.g. `steps_number: "8 steps"`. */
  readonly what: string;
}
