/** Options of `saveFiles`, and their check, for programs in JavaScript too. */
import { VisionatrixError } from "../errors/errors.js";
import { called, flag, signal, text, type OptionRule } from "../errors/option-rules.js";
import { nearestName } from "../errors/suggestion.js";
import { fillPattern } from "../results/file-name.js";
import type { ReadProgress, ResultFile } from "../results/result-file.js";

/** What to do when a name is taken. */
export type Collision = "number" | "error" | "overwrite" | "skip-same";

const COLLISIONS: readonly Collision[] = ["number", "error", "overwrite", "skip-same"];

/** Files of one call fetched at once. */
const CONCURRENCY = 4;

/** Options of `saveFiles`. */
export interface SaveOptions {
  signal?: AbortSignal | undefined;
  /**
   * Path within the folder, with `{flow}` `{task}` `{node}` `{index}` `{seed}` `{name}` (the server's,
   * without extension) and `{ext}`. A slash makes a folder, a backslash is rejected. Default `{name}.{ext}`.
   */
  pattern?: string | undefined;
  /**
   * What to do when the name is taken. `number` (default): save as `name-2.png`. `error`: reject.
   * `overwrite`: replace the file, unless this call saved it. `skip-same`: keep a file with the same bytes,
   * otherwise number.
   */
  collision?: Collision | undefined;
  /**
   * Also write a JSON file for each run, from which `rerun` repeats it. It is merged into an existing one of
   * the same run, whatever `collision` says. Default false.
   */
  metadata?: boolean | undefined;
  /**
   * Resume files that an earlier save into the same folder left unfinished when it was killed, stopped, or
   * cut off, and keep unfinished files when this save stops. A file is resumed only if the server still has
   * the same version. Default false: unfinished files are deleted, and each file is read from the start.
   */
  resume?: boolean | undefined;
  /**
   * Files fetched at once, at least 1. Default 4. All calls together fetch at most half of their client's
   * `maxRequests`, and at most what `limitOpenFiles` allows.
   */
  concurrency?: number | undefined;
  /**
   * Called as bytes are written, and when a request for them failed; `loaded`, `total`, and `trouble` refer
   * to this file. An error that it throws ends the save.
   */
  onProgress?: ((progress: SaveProgress) => void) | undefined;
}

/** Progress of saving one file. */
export interface SaveProgress extends ReadProgress {
  readonly file: ResultFile;
}

/** Checked options, and the name of each file as path components. */
export interface Order {
  readonly names: readonly (readonly string[])[];
  readonly collision: Collision;
  readonly metadata: boolean;
  readonly resume: boolean;
  readonly concurrency: number;
}

/** What each option must be, in words, and the test for it. */
const RULES: Readonly<Record<keyof SaveOptions, OptionRule>> = {
  signal,
  pattern: ["a string such as `{flow}/{task}-{seed}`", text[1]],
  collision: [
    COLLISIONS.map((each) => `"${each}"`).join(", "),
    (value: unknown) => COLLISIONS.includes(value as Collision),
  ],
  metadata: flag,
  resume: flag,
  concurrency: [
    "a number of at least 1, such as 4",
    (value: unknown) => typeof value === "number" && !Number.isNaN(value),
  ],
  onProgress: called,
};

/**
 * Checks the arguments of `saveFiles` before anything is created or fetched.
 * @throws VisionatrixError `invalid_option` that says what it must be
 */
export function checkOrder(files: unknown, dir: unknown, options: unknown): Order {
  const list = checkFiles(files);
  if (typeof dir !== "string" || dir === "")
    throw invalid(`The folder to save into must be a path such as "out", not ${shown(dir)}`);
  if (typeof options !== "object" || options === null)
    throw invalid(`Options of saveFiles are an object such as { metadata: true }`);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const [words, fits] = (Object.hasOwn(RULES, name) && RULES[name as keyof SaveOptions]) || [];
    if (!fits) {
      const near = nearestName(name, Object.keys(RULES));
      throw invalid(
        `saveFiles has no option \`${name}\`${near ? `; did you mean \`${near}\`?` : ""}`,
      );
    }
    if (!fits(value as never)) {
      const near = name === "collision" && nearestName(String(value), COLLISIONS);
      throw invalid(
        `\`${name}\` must be ${words}, not ${shown(value)}${near ? `; did you mean "${near}"?` : ""}`,
      );
    }
  }
  const {
    pattern = "{name}.{ext}",
    collision = "number",
    metadata = false,
    resume = false,
    concurrency = CONCURRENCY,
  } = options as SaveOptions;
  const names = list.map((file) => nameOf(file, pattern));
  return { names, collision, metadata, resume, concurrency };
}

function checkFiles(files: unknown): readonly ResultFile[] {
  if (Array.isArray(files)) return files as ResultFile[];
  const given = Object(files) as Record<string, unknown>;
  const advice = Array.isArray(given["files"])
    ? "a result: pass its files, saveFiles(result.files, dir)"
    : typeof given["result"] === "function"
      ? "a run or a task: pass (await run.result()).files"
      : typeof given["then"] === "function"
        ? "a promise of a result: pass (await run.result()).files"
        : typeof given["taskId"] === "number"
          ? "a single one: pass [file]"
          : shown(files);
  throw invalid(`saveFiles takes an array of result files, not ${advice}`);
}

function nameOf(file: ResultFile, pattern: string): string[] {
  if (typeof (file as ResultFile | undefined)?.name !== "string")
    throw invalid(
      `saveFiles takes an array of result files, but the array contains ${shown(file)}`,
    );
  const dot = file.name.lastIndexOf(".");
  try {
    // A backslash is part of the name on one platform, and a separator on another.
    if (pattern.includes("\\"))
      throw new TypeError("separate folders with a slash, not a backslash, also on Windows");
    return fillPattern(pattern, {
      flow: file.flow,
      task: String(file.taskId),
      node: String(file.nodeId),
      index: String(file.index),
      seed: String(file.seed ?? "noseed"),
      name: dot > 0 ? file.name.slice(0, dot) : file.name,
      ext: dot > 0 ? file.name.slice(dot + 1) : "bin",
    });
  } catch (cause) {
    throw invalid(
      `The pattern ${JSON.stringify(pattern)} cannot be used: ${(cause as Error).message}`,
      cause,
    );
  }
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return value === null || typeof value !== "object" ? String(value) : "an object";
}

function invalid(what: string, cause?: unknown): VisionatrixError {
  return new VisionatrixError("invalid_option", what.endsWith("?") ? what : `${what}.`, { cause });
}
