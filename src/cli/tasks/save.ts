/** Saves result files, and prints their names. */
import type { ResultFile } from "../../index.js";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { CliError } from "../exit.js";
import type { Output } from "../output.js";
import { bytes } from "../terminal/format.js";
import { preview } from "../terminal/preview.js";

/** A saved file in a JSON document. */
export interface SavedFile {
  /** Absolute. */
  readonly path: string;
  readonly task: number;
  readonly seed: number | null;
  readonly kind: string;
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Checks before anything is created on the server.
 * @throws CliError when files cannot be saved into a folder, or the folder cannot be made
 */
export function checkFolder(folder: string): void {
  let existing = resolve(folder);
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  if (!statSync(existing).isDirectory())
    throw new CliError("invalid_option", `${existing} is a file; -o needs a folder.`);
  try {
    accessSync(existing, constants.W_OK);
  } catch (cause) {
    const message = `Files cannot be saved in ${existing}: ${(cause as Error).message}.`;
    throw new CliError("invalid_option", message, { cause });
  }
}

/** Saves files into a folder and prints a line for each. */
export async function saveAndShow(
  out: Output,
  files: readonly ResultFile[],
  folder: string,
  options: {
    signal: AbortSignal;
    metadata?: boolean | undefined;
    resume?: boolean | undefined;
    preview?: boolean | undefined;
  },
): Promise<SavedFile[]> {
  if (files.length === 0) return [];
  const { saveFiles } = await import("../../node/index.js");
  const paths = await saveFiles(files, folder, {
    signal: options.signal,
    metadata: options.metadata ?? false,
    resume: options.resume ?? false,
  });
  const saved: SavedFile[] = [];
  for (const [index, path] of paths.entries()) {
    const file = files[index] as ResultFile;
    const { size } = await stat(path);
    saved.push({
      path,
      task: file.taskId,
      seed: file.seed ?? null,
      kind: file.kind,
      mediaType: file.mediaType,
      size,
    });
    const shown = relative(process.cwd(), path);
    const name = shown.startsWith("..") ? path : shown;
    // With --quiet only the paths, for other programs.
    out.line(out.quiet ? name : `${name}  ${out.colours.dim(bytes(size))}`);
    if (options.preview === true && out.terminal && !out.json) await preview(path, file.mediaType);
  }
  return saved;
}
