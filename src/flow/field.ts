/** What the form knows of a kind of parameter: how its values are checked, encoded, and described in errors. */
import type { Parameter } from "./parameter.js";
import type { Check, Rule } from "./rules.js";

/** A file as it is sent; a `File` is one. */
export interface FilePart {
  /** With the extension that fits its bytes. */
  readonly name: string;
  /** Media type, or an empty string. */
  readonly type: string;
  /** In bytes; undefined where nobody knows before its end. */
  readonly size: number | undefined;
  /** Its bytes. */
  stream(): ReadableStream<Uint8Array>;
  /** The same as a `Blob`, where the caller gave one. */
  readonly blob?: unknown;
  /** Lets go of what the bytes come from, when the call that sends them is over. */
  release?(): void;
}

/** One field of the multipart form. */
export interface FormPart {
  readonly name: string;
  /** Text as it is sent, or the file. */
  readonly value: FilePart | string;
}

/** The code for the values of one kind of parameter. */
export interface Field {
  readonly brokenRule: Check;
  /** The value of its form field, given one that breaks no rule. */
  encode(parameter: Parameter, value: unknown): FormPart["value"] | Promise<FormPart["value"]>;
  /** What is wrong with a value, as the end of a sentence; undefined where the rule alone tells. */
  describe?(parameter: Parameter, value: unknown, rule: Rule): string | undefined;
}
