/** Shared by `generate` and `check`: renders the files that the output folder should contain. */
import { readFileSync } from "node:fs";
import { writeCanonical } from "../canonical/write.js";
import { emit } from "../emit/emit.js";
import { emitTasksTypes, TASKS_PATH } from "../emit/tasks-types.js";
import { CodegenError } from "../errors.js";
import type { Model } from "../model/flow.js";
import { nameFlows } from "../names/names.js";
import type { Expectation } from "../verify/read-back.js";
import type { Folder } from "../write/folder.js";
import { generatorVersion, MANIFEST, sha256, writeManifest } from "../write/manifest.js";

/** Everything that determines what is generated. */
export interface ClientInput {
  readonly model: Model;
  readonly runtime: string;
  /** Path of the description of the task endpoints; only the client package's own repository has one. */
  readonly tasks?: string | undefined;
}

/** The expected files, and what the read-back must find in them. */
export interface WantedClient {
  readonly files: ReadonlyMap<string, string>;
  readonly expectation: Expectation;
}

/** Renders the client. The folder is only read for types of the task endpoints that are still current. */
export async function renderClient(
  input: ClientInput,
  folder: Folder,
  snapshot = snapshotHash(input.model),
): Promise<WantedClient> {
  const { files, views } = emit(input.model, { runtime: input.runtime });
  const all = new Map(files);
  const tasks = input.tasks === undefined ? undefined : readText(input.tasks);
  if (tasks !== undefined) all.set(TASKS_PATH, await tasksTypes(tasks, folder));
  const hashes = [...all].map(([path, text]): [string, string] => [path, sha256(text)]);
  all.set(
    MANIFEST,
    writeManifest({
      generator: "visionatrix-codegen",
      version: generatorVersion(),
      snapshot,
      ...(tasks === undefined ? {} : { tasks: sha256(tasks) }),
      files: Object.fromEntries(hashes.sort(([a], [b]) => (a < b ? -1 : 1))),
    }),
  );
  return {
    files: all,
    expectation: { runtime: input.runtime, views, names: nameFlows(input.model.flows) },
  };
}

/** SHA-256 of the snapshot of a model. */
export function snapshotHash(model: Model): string {
  return sha256(writeCanonical(model));
}

/** openapi-typescript takes a second, so it runs only if the manifest does not confirm the existing types. */
async function tasksTypes(description: string, { manifest, ours }: Folder): Promise<string> {
  const present = ours.get(TASKS_PATH);
  const isCurrent =
    present !== undefined &&
    manifest?.version === generatorVersion() &&
    manifest.tasks === sha256(description) &&
    manifest.files[TASKS_PATH] === sha256(present);
  return isCurrent ? present : emitTasksTypes(description);
}

/** Reads a text file. @throws CodegenError `file_unreadable`. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CodegenError("file_unreadable", `The file ${path} cannot be read.`, {
      value: (error as NodeJS.ErrnoException).code ?? "",
      hint: "Check the path.",
      cause: error,
    });
  }
}
