/** `manifest.json`: the source of the generated folder, and the hash of each file in it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** Name of the manifest in the generated folder. */
export const MANIFEST = "manifest.json";

export interface Manifest {
  readonly generator: "visionatrix-codegen";
  /** Version of the generator. */
  readonly version: string;
  /** SHA-256 of the snapshot in canonical form. */
  readonly snapshot: string;
  /** SHA-256 of the description of the task endpoints, if `tasks.d.ts` is generated too. */
  readonly tasks?: string;
  /** Path with `/` → SHA-256, sorted by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** SHA-256 of a text in UTF-8, in hexadecimal. */
export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The version of this package. */
export function generatorVersion(): string {
  const url = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as { version: string }).version;
}

/** The text of a manifest. */
export function writeManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * Reads a manifest; an invalid one counts as missing. Its paths decide which files may be removed, so only
 * paths that we would write ourselves are accepted.
 */
export function parseManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (
      !isRecord(value) ||
      value["generator"] !== "visionatrix-codegen" ||
      !isRecord(value["files"])
    ) {
      return undefined;
    }
    const files = Object.fromEntries(
      Object.entries(value["files"]).filter(
        (file): file is [string, string] => isOurPath(file[0]) && typeof file[1] === "string",
      ),
    );
    return {
      generator: "visionatrix-codegen",
      version: String(value["version"]),
      snapshot: String(value["snapshot"]),
      ...(typeof value["tasks"] === "string" ? { tasks: value["tasks"] } : {}),
      files,
    };
  } catch {
    return undefined;
  }
}

/** Whether this generator could give a file this path. */
export function isOurPath(path: string): boolean {
  return /^(?:flows\/[A-Za-z0-9_][A-Za-z0-9_-]*\.ts|index\.ts|flow-map\.ts|tasks\.d\.ts)$/.test(
    path,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
