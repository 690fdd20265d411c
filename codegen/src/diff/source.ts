/** Resolves OLD and NEW of a comparison to the text of a description. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { CodegenError } from "../errors.js";
import { quote } from "../json/value.js";
import { loadSource, type LoadOptions } from "../pull/load.js";
import { parseSource } from "../pull/source.js";

/** One side of a comparison. */
export type Place =
  | { readonly kind: "git"; readonly revision: string; readonly path: string }
  | { readonly kind: "other"; readonly source: string };

/** Distinguishes `REV:path` from files and addresses. An existing file of that exact name wins. */
export function parsePlace(text: string, isFile: (path: string) => boolean = existsSync): Place {
  const colon = text.indexOf(":");
  const isAddress = /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
  // `C:\…` and `C:/…` are files on Windows.
  const isDrive = /^[a-z]:[\\/]/i.test(text);
  if (colon < 0 || isAddress || isDrive || colon === text.length - 1 || isFile(text)) {
    return { kind: "other", source: text };
  }
  return { kind: "git", revision: text.slice(0, colon), path: text.slice(colon + 1) };
}

/** The text of one side. @throws CodegenError as `pull` does, and `git_failed`. */
export async function loadPlace(
  place: Place,
  options: LoadOptions,
  flows?: readonly string[],
): Promise<string> {
  if (place.kind === "git") return loadFromGit(place.revision, place.path, options.maxBytes);
  const fetched = await loadSource(parseSource(place.source, flows), options);
  return fetched.changed ? fetched.text : "";
}

/** The file as it is in a commit, or in the index if the revision is empty. */
async function loadFromGit(revision: string, path: string, maxBytes: number): Promise<string> {
  const object = `${revision}:${path}`;
  // Git would read a leading dash as an option.
  if (object.startsWith("-")) throw gitFailed(object, "a revision does not begin with a dash");
  return new Promise((resolve, reject) => {
    execFile(
      "git",
      ["cat-file", "blob", object],
      { encoding: "utf8", maxBuffer: maxBytes, windowsHide: true },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(gitFailed(object, stderr.split("\n")[0] || error.message, error));
      },
    );
  });
}

function gitFailed(object: string, reason: string, cause?: unknown): CodegenError {
  return new CodegenError("git_failed", `Git has no ${quote(object)}.`, {
    value: quote(reason),
    hint:
      "Check the revision and the path: it is relative to the top of the repository, or to this folder with ./ " +
      "before it. In CI, fetch the revision first (actions/checkout: fetch-depth: 0).",
    cause,
  });
}
