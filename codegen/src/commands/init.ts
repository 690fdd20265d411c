/** `vix-codegen init`: writes settings, and on request workflows, into somebody's project. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { initFiles, type InitFile, type InitWishes } from "../init/files.js";
import { packageManagerOf } from "../init/package-manager.js";

export interface InitInput extends Omit<InitWishes, "packageManager" | "format"> {
  /** Top of the project. */
  readonly folder: string;
  /** TypeScript where the project has a tsconfig.json, unless told otherwise. */
  readonly format?: InitWishes["format"] | undefined;
  /** Asked before a file that is there is changed. */
  readonly mayChange: (path: string) => Promise<boolean>;
}

/** What became of each file. */
export interface InitReport {
  readonly written: readonly string[];
  /** As they should be already. */
  readonly same: readonly string[];
  /** There, different, and left as they were. */
  readonly kept: readonly string[];
}

/** Writes what is missing; what is there is changed only where `mayChange` says so. */
export async function init({
  folder,
  format,
  mayChange,
  ...wishes
}: InitInput): Promise<InitReport> {
  const present = readdirSync(folder);
  const files = initFiles({
    ...wishes,
    format: format ?? (present.includes("tsconfig.json") ? "ts" : "json"),
    packageManager: packageManagerOf(present, declaredManager(folder)),
  });
  const written: string[] = [];
  const same: string[] = [];
  const kept: string[] = [];
  for (const file of files) {
    const path = join(folder, file.path);
    const old = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    const text = textOf(file, old);
    if (text === old) same.push(file.path);
    else if (old !== undefined && !(await mayChange(file.path))) kept.push(file.path);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      written.push(file.path);
    }
  }
  return { written, same, kept };
}

/** What the file should hold: of an addition, the lines that are not there yet follow the rest. */
function textOf({ text, isAddition }: InitFile, old: string | undefined): string {
  if (!isAddition || old === undefined) return text;
  const there = new Set(old.split(/\r?\n/));
  const missing = text.split("\n").filter((line) => line !== "" && !there.has(line));
  if (missing.length === 0) return old;
  const start = old === "" || old.endsWith("\n") ? old : `${old}\n`;
  return `${start}${missing.join("\n")}\n`;
}

function declaredManager(folder: string): string | undefined {
  try {
    const text = readFileSync(join(folder, "package.json"), "utf8");
    const { packageManager } = JSON.parse(text) as { packageManager?: unknown };
    return typeof packageManager === "string" ? packageManager : undefined;
  } catch {
    return undefined;
  }
}
