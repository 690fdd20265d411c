/** The current content of the output folder, and the changes it needs. */
import { lstatSync, readdirSync, readFileSync, type Dirent } from "node:fs";
import { join, relative } from "node:path";
import { CodegenError } from "../errors.js";
import { HEADER } from "../emit/header.js";
import { byCodeUnit } from "../model/flow.js";
import { isOurPath, MANIFEST, parseManifest, sha256, type Manifest } from "./manifest.js";

/** The files of an output folder. */
export interface Folder {
  readonly exists: boolean;
  readonly manifest: Manifest | undefined;
  /** Content of the files that we wrote, by path, including the manifest. */
  readonly ours: ReadonlyMap<string, string>;
  /** Paths of everything else. */
  readonly foreign: readonly string[];
  /** Our files that were changed since. */
  readonly edited: readonly string[];
  /** Paths of all folders below. */
  readonly folders: readonly string[];
}

/** Reads a folder; a missing one is empty. */
export function readFolder(dir: string): Folder {
  const ours = new Map<string, string>();
  const foreign: string[] = [];
  const edited: string[] = [];
  const listed = list(dir);
  const paths = listed?.files;
  const manifestText = paths?.includes(MANIFEST) === true ? read(dir, MANIFEST) : undefined;
  const manifest = manifestText === undefined ? undefined : parseManifest(manifestText);
  for (const path of paths ?? []) {
    if (path === MANIFEST) {
      if (manifestText === undefined || manifest === undefined) foreign.push(path);
      else ours.set(path, manifestText);
      continue;
    }
    const text = isOurPath(path) ? read(dir, path) : undefined;
    const hash = manifest?.files[path];
    // If the manifest was lost or never finished, the header alone marks a file as ours.
    if (text === undefined || (hash === undefined && !text.startsWith(HEADER))) {
      foreign.push(path);
      continue;
    }
    ours.set(path, text);
    if (hash !== undefined && sha256(text) !== hash) edited.push(path);
  }
  return {
    exists: paths !== undefined,
    manifest,
    ours,
    foreign,
    edited,
    folders: listed?.folders ?? [],
  };
}

/** The changes that a folder needs. Lists are sorted. */
export interface Plan {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Compares the content of a folder with the expected content. Pure. */
export function planChanges(
  ours: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): Plan {
  const paths = [...wanted.keys()].sort(byCodeUnit);
  return {
    added: paths.filter((path) => !ours.has(path)),
    changed: paths.filter((path) => ours.has(path) && ours.get(path) !== wanted.get(path)),
    removed: [...ours.keys()].filter((path) => !wanted.has(path)).sort(byCodeUnit),
  };
}

/** Whether there is nothing to do. */
export function isDone({ added, changed, removed }: Plan): boolean {
  return added.length + changed.length + removed.length === 0;
}

/** @throws CodegenError `file_not_ours` when a file that we did not write has a name that we need. */
export function refuseForeign(
  dir: string,
  folder: Folder,
  wanted: ReadonlyMap<string, string>,
): void {
  const paths = [...wanted.keys()];
  const inTheWay = [
    // A file or link in the place of one of our files or folders.
    ...folder.foreign.filter((path) =>
      paths.some((our) => our === path || our.startsWith(`${path}/`)),
    ),
    ...folder.folders.filter((path) => wanted.has(path)),
  ];
  if (inTheWay.length === 0) return;
  throw new CodegenError(
    "file_not_ours",
    `Files not written by vix-codegen have names that it needs: ${inTheWay.join(", ")}.`,
    {
      value: dir,
      hint: "Move these files away, or give another folder with --out.",
    },
  );
}

/** Everything below a folder, with `/`; undefined when there is no folder. Links are not followed. */
function list(dir: string): { files: string[]; folders: string[] } | undefined {
  let entries: Dirent[];
  try {
    entries = readdirSync(dir, { withFileTypes: true, recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CodegenError("output_unreadable", "The output folder cannot be read.", {
      value: dir,
      hint: "Give a folder with --out.",
      cause: error,
    });
  }
  const paths = (isWanted: (entry: Dirent) => boolean): string[] =>
    entries
      .filter(isWanted)
      .map((entry) => relative(dir, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
      .sort(byCodeUnit);
  return {
    files: paths((entry) => !entry.isDirectory()),
    folders: paths((entry) => entry.isDirectory()),
  };
}

/** The text of a file. A link is never ours, whatever it points at: it may lead out of the folder. */
function read(dir: string, path: string): string | undefined {
  const full = join(dir, path);
  return lstatSync(full).isSymbolicLink() ? undefined : readFileSync(full, "utf8");
}
