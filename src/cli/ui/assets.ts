/** The files of the built app, read once: there are few, and they are small. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError } from "../exit.js";

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Next to `dist/src/`, which this file is built into. */
const FOLDER = fileURLToPath(new URL("../../../app/", import.meta.url));

/**
 * Reads the app's files, by the paths that pages request.
 * @throws CliError when the package was not built completely
 */
export function readAssets(folder: string = FOLDER): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const type = TYPES[extname(entry.name)];
      const name = path.slice(folder.length).replaceAll("\\", "/");
      if (type) assets.set(`/${name}`, { type, body: readFileSync(path) });
    }
  } catch {
    // Reported below, with what is missing.
  }
  if (!assets.has("/index.html"))
    throw new CliError("internal", "The app is not in this package.", {
      hint: "In a clone, `npm run build` makes it.",
    });
  return assets;
}
