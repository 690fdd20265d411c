/** How the form handles one kind of parameter: checking, encoding, and error messages. */
import type { Parameter } from "./parameter.js";
import type { Check, Rule } from "./rules.js";

/** A file to upload; a `File` is one. */
export interface FilePart {
  /** With the extension that fits its bytes. */
  readonly name: string;
  /** Media type, or an empty string. */
  readonly type: string;
  /** In bytes; undefined when it is unknown before the end. */
  readonly size: number | undefined;
  /** The bytes. */
  stream(): ReadableStream<Uint8Array>;
  /** The file as a `Blob`, if the caller gave one. */
  readonly blob?: unknown;
  /** Releases the source of the bytes when the call that sends them is over. */
  release?(): void;
}

/** One field of the multipart form. */
export interface FormPart {
  readonly name: string;
  /** The text to send, or the file. */
  readonly value: FilePart | string;
}

/** The code for the values of one kind of parameter. */
export interface Field {
  readonly brokenRule: Check;
  /** The value of its form field, for a value that breaks no rule. */
  encode(parameter: Parameter, value: unknown): FormPart["value"] | Promise<FormPart["value"]>;
  /** What is wrong with a value, as the end of a sentence; undefined when the rule alone says it. */
  describe?(parameter: Parameter, value: unknown, rule: Rule): string | undefined;
}
