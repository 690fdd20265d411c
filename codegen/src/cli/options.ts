/** Options that several commands share: their types, and their effect on reading a description. */
import type { FailOn } from "../diff/report.js";
import type { LoadOptions } from "../pull/load.js";
import { note } from "./print.js";

export const DEFAULT_SPEC = "specs/flows.openapi.json";

/** The options that select a description. */
export interface SourceOptions {
  flows?: string[];
  timeout: number;
  maxMb: number;
  strict?: true;
  json?: true;
}

/** The options that select what is generated. */
export interface ClientOptions {
  spec?: string;
  from?: string;
  out: string;
  runtime: string;
  tasks?: string;
  strict?: true;
  json?: true;
}

/** The output formats of `diff`. */
export const FORMATS = ["text", "markdown", "json", "github"] as const;

/** The options of `diff`. */
export interface DiffOptions extends SourceOptions {
  spec: string;
  format?: (typeof FORMATS)[number];
  failOn?: FailOn;
  ignore?: string;
  usage?: readonly string[];
  gitDriver?: true;
  textconv?: true;
}

/** Converts the options to load options. */
export function loadOptions({
  timeout,
  maxMb,
  json,
}: SourceOptions): Omit<LoadOptions, "validators"> {
  return {
    env: process.env,
    timeoutMs: timeout * 1_000,
    maxBytes: maxMb * 1e6,
    onSlow: json
      ? undefined
      : (seconds, bytes) =>
          note(`waiting for the description: ${seconds} s, ${(bytes / 1e6).toFixed(1)} MB so far`),
  };
}

/** Path of the snapshot; the default if none was given. */
export function specPath({ spec }: { spec?: string }): string {
  return spec ?? DEFAULT_SPEC;
}
