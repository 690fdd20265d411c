/** A folder to save into. Invariant: nothing is ever written outside of it, not even through a link. */
import { lstat, mkdir, realpath, rename, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { VisionatrixError } from "../errors/errors.js";
import { sweep } from "./partials.js";
import { place } from "./place.js";
import type { Collision } from "./save-options.js";

/** Messages for file system error codes. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOENT: "the folder or the unfinished file in it was deleted",
  ENOTDIR: "a file has the name of a folder in the path",
  EEXIST: "a file has the name of a folder in the path",
  EISDIR: "a folder already has this name",
  ENAMETOOLONG: "the name is too long for this file system",
  EMFILE: "this process has too many files open",
  ENFILE: "this machine has too many files open",
  EBUSY: "another program has the file open",
  EFBIG: "the file is larger than the system allows",
  EIO: "the disk reports an error",
};

export class Folder {
  /** The path the caller gave, made absolute; errors and returned paths use it. */
  readonly path: string;
  readonly #root: string;
  readonly #resume: boolean;
  /** Folders that were created, each after its parent. */
  readonly #made: string[];
  /** Paths of the files named through this object, in `folded` form. */
  readonly #named = new Set<string>();
  readonly #swept = new Map<string, Promise<void>>();

  private constructor(path: string, root: string, made: string[], resume: boolean) {
    this.#resume = resume;
    this.path = path;
    this.#root = root;
    this.#made = made;
  }

  /**
   * Opens a folder, and creates it if needed.
   * @param resume keep other processes' unfinished files longer, so that a save can resume them
   */
  static async open(dir: string, resume: boolean): Promise<Folder> {
    const path = resolve(dir);
    try {
      const outermost = await mkdir(path, { recursive: true });
      const made: string[] = [];
      if (outermost !== undefined)
        for (let each = path; each.startsWith(outermost); each = dirname(each)) made.unshift(each);
      return new Folder(path, await realpath(path), made, resume);
    } catch (cause) {
      throw notSaved(path, cause);
    }
  }

  /** Runs a file system step; turns its error into one that says why nothing can be saved. */
  async doing<T>(step: () => Promise<T> | undefined): Promise<T> {
    try {
      return (await step()) as T;
    } catch (cause) {
      throw notSaved(this.path, cause);
    }
  }

  /** The real path of the folder of a name. It is created if needed, and is certainly inside. */
  folderOf(name: readonly string[]): Promise<string> {
    return this.doing(() => this.#folderOf(name));
  }

  /**
   * Gives a complete file its name.
   * @param decide what to do with an existing file of that name, where `collision` alone does not say; `own`
   * means that this object named it too
   * @returns its final path
   */
  async publish(
    partial: string,
    name: readonly string[],
    collision: Collision,
    decide?: (path: string, own: boolean) => Promise<"keep" | "replace" | undefined>,
  ): Promise<string> {
    return this.doing(async () => {
      const folder = await this.#folderOf(name);
      const last = name.at(-1) as string;
      const [, stem = last, extension = ""] = /^(.+?)(\.[^.]*)?$/s.exec(last) ?? [];
      for (let number = 1; ; number++) {
        const file = number === 1 ? last : `${stem}-${number}${extension}`;
        const path = join(folder, file);
        const shown = join(this.path, ...name.slice(0, -1), file);
        const own = this.#named.has(folded(path));
        if (await place(partial, path)) {
          this.#named.add(folded(path));
          return shown;
        }
        const decision = decide && (await isFile(path)) ? await decide(path, own) : undefined;
        if (decision === "keep") return shown;
        // A file never replaces another one of the same call.
        if (!own && (decision === "replace" || collision === "overwrite")) {
          await rename(partial, path);
          this.#named.add(folded(path));
          return shown;
        }
        if (collision === "error")
          throw new VisionatrixError(
            "name_taken",
            `${shown} exists already: move it away, or save with collision "number", "overwrite" or "skip-same".`,
          );
      }
    });
  }

  /** Removes the folders it created that are empty. */
  async discard(): Promise<void> {
    for (const path of [...this.#made].reverse())
      await rmdir(path).catch(() => {
        // Not empty.
      });
  }

  async #folderOf(name: readonly string[]): Promise<string> {
    let real = this.#root;
    for (const [depth, part] of name.slice(0, -1).entries()) {
      const path = join(real, part);
      await mkdir(path).then(
        () => this.#made.push(path),
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        },
      );
      real = await realpath(path);
      // Checked before anything is created in it, because it may be a link.
      if (!this.#holds(real))
        throw new VisionatrixError(
          "outside_folder",
          `${join(this.path, ...name.slice(0, depth + 1))} is a link to ${real}, outside the folder; nothing was written there.`,
        );
      if (!(await stat(real)).isDirectory()) await mkdir(real);
    }
    let swept = this.#swept.get(real);
    if (!swept) {
      swept = sweep(real, this.#resume);
      this.#swept.set(real, swept);
    }
    await swept;
    return real;
  }

  #holds(real: string): boolean {
    return real === this.#root || real.startsWith(this.#root.replace(/[/\\]$/, "") + sep);
  }
}

/** One spelling for all paths that are the same on this platform's disks. */
function folded(path: string): string {
  return /^(win32|darwin)$/.test(process.platform) ? path.normalize("NFC").toLowerCase() : path;
}

/** Whether it is a regular file: a link would read another file, and a pipe would never end. */
async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

function notSaved(path: string, cause: unknown): unknown {
  if (cause instanceof VisionatrixError || !(cause instanceof Error) || !("code" in cause))
    return cause;
  const reason = REASONS[String(cause.code)] ?? cause.message;
  return new VisionatrixError("not_saved", `Cannot save into ${path}: ${reason}.`, { cause });
}
