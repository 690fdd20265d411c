// Builds the app into dist/app, unless it exists and its sources have not changed.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const OUT = "dist/app";

/** The sources of the app, including the built client. */
const SOURCES = ["app", "dist/src", "dist/generated", "package-lock.json"];

export async function buildApp() {
  const made = digest();
  if (stampOf(OUT) === made) return;
  const { build } = await import("vite");
  // A parallel build sees a complete app or none.
  const folder = `dist/app.${process.pid}`;
  await build({
    root: "app",
    configFile: "app/vite.config.ts",
    logLevel: "warn",
    build: { outDir: join("..", folder), emptyOutDir: true },
  });
  writeFileSync(join(folder, ".made-of"), made);
  rmSync(OUT, { recursive: true, force: true });
  try {
    renameSync(folder, OUT);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (stampOf(OUT) !== made) throw error;
  }
}

function stampOf(folder) {
  try {
    return readFileSync(join(folder, ".made-of"), "utf8");
  } catch {
    return undefined;
  }
}

function digest() {
  mkdirSync("dist", { recursive: true });
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap(filesIn).filter((path) => !isLeftOut(path)))
    hash.update(path).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

/** Parts of the client that no browser loads; they change more often than the rest. */
function isLeftOut(path) {
  return /^dist[\\/]src[\\/](cli|node|proxy)[\\/]|\.map$/.test(path);
}

function filesIn(path) {
  let entries;
  try {
    entries = readdirSync(path, { recursive: true, withFileTypes: true });
  } catch {
    return [path];
  }
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
