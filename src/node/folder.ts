/** A folder to save into. Invariant: nothing is ever written outside of it, also not through a link. */
import { lstat, mkdir, realpath, rename, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { VisionatrixError } from "../errors/errors.js";
import { sweep } from "./partials.js";
import { place } from "./place.js";
import type { Collision } from "./save-options.js";

/** What the codes of the file system mean to somebody who saves. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOENT: "the folder is gone, or the unfinished file in it",
  ENOTDIR: "a file is where a folder should be",
  EEXIST: "a file is where a folder should be",
  EISDIR: "a folder has that name",
  ENAMETOOLONG: "the name is too long for this file system",
  EMFILE: "this process has too many files open",
  ENFILE: "this machine has too many files open",
  EBUSY: "another program has the file open",
  EFBIG: "the file is larger than the system allows",
  EIO: "the disk reports an error",
};

export class Folder {
  /** As the caller named it, made absolute; errors and returned paths show it. */
  readonly path: string;
  readonly #root: string;
  readonly #resume: boolean;
  /** Folders that had to be made, each after the one that it is in. */
  readonly #made: string[];
  /** Paths that files got through this, each as `folded` has it. */
  readonly #named = new Set<string>();
  readonly #swept = new Map<string, Promise<void>>();

  private constructor(path: string, root: string, made: string[], resume: boolean) {
    this.#resume = resume;
    this.path = path;
    this.#root = root;
    this.#made = made;
  }

  /**
   * Opens a folder, and makes it if need be.
   * @param resume keep unfinished files of other processes for longer, to go on with
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

  /** Runs a step on the file system; what it throws becomes an error that says why nothing can be saved. */
  async doing<T>(step: () => Promise<T> | undefined): Promise<T> {
    try {
      return (await step()) as T;
    } catch (cause) {
      throw notSaved(this.path, cause);
    }
  }

  /** The real path of the folder that a name is in; it is made if need be, and surely inside. */
  folderOf(name: readonly string[]): Promise<string> {
    return this.doing(() => this.#folderOf(name));
  }

  /**
   * Gives a complete file its name.
   * @param decide what to do with a file that has the name, where `collision` alone does not say; `own`
   * is one that got its name through this as well
   * @returns the path it has now
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
        // A file of this call never replaces another one of it.
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

  /** Removes the folders that were made and are empty. */
  async discard(): Promise<void> {
    for (const path of [...this.#made].reverse())
      await rmdir(path).catch(() => {
        // Something is in it.
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
      // Before anything is made in it: it may be a link.
      if (!this.#holds(real))
        throw new VisionatrixError(
          "outside_folder",
          `${join(this.path, ...name.slice(0, depth + 1))} is a link that leads out of the folder, to ${real}; nothing was written there.`,
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

/** One text for all paths that are the same to the disks of this platform. */
function folded(path: string): string {
  return /^(win32|darwin)$/.test(process.platform) ? path.normalize("NFC").toLowerCase() : path;
}

/** Whether it is a plain file: of a link another file would be read, and a pipe would never end. */
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
