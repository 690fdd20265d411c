/** FILE of a batch as a file that can be read again: the batch reads it to check, to run, and to report. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { CliError } from "../exit.js";

/** Files in DIR that a batch writes. */
const OWN_FILES = ["ledger.jsonl", "report.json", "report.html"];

export interface InputFile {
  readonly path: string;
  /** Base of relative paths in the file. */
  readonly folder: string;
  /** Deletes a copy, if one was made. */
  remove(): Promise<void>;
}

/**
 * Copies a pipe, and `-` for standard input, to a temporary file; any other file is used as it is.
 * @param dir the folder of results
 * @throws CliError when FILE cannot be read, or is one that the batch itself writes
 */
export async function inputFile(given: string, dir: string): Promise<InputFile> {
  const isStdin = given === "-";
  const facts = isStdin ? undefined : await stat(given).catch(() => undefined);
  // A missing file fails where it is read.
  if (!isStdin && (!facts || facts.isFile())) {
    await refuseOwn(given, dir);
    return { path: given, folder: dirname(resolve(given)), remove: () => Promise.resolve() };
  }
  if (facts?.isDirectory()) throw new CliError("invalid_input", `${given} is a folder.`);
  const folder = await mkdtemp(join(tmpdir(), "vix-batch-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const path = join(folder, "input.jsonl");
  try {
    const source = isStdin ? process.stdin : createReadStream(given);
    await pipeline(source, createWriteStream(path, { mode: 0o600 }));
  } catch (cause) {
    await remove();
    const message = `${given} cannot be read: ${(cause as Error).message}.`;
    throw new CliError("invalid_input", message, { cause });
  }
  return { path, folder: process.cwd(), remove };
}

async function refuseOwn(given: string, dir: string): Promise<void> {
  const real = await realpath(given).catch(() => resolve(given));
  const folder = await realpath(dir).catch(() => dir);
  if (OWN_FILES.some((name) => join(folder, name) === real))
    throw new CliError("invalid_input", `${given} is a file that the batch itself writes.`, {
      hint: "Choose another folder with -o, or another FILE.",
    });
}
