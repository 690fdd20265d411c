/** `vix-codegen init`: writes settings, and on request workflows, into a project. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { initFiles, type InitFile, type InitWishes } from "../init/files.js";
import { packageManagerOf } from "../init/package-manager.js";

export interface InitInput extends Omit<InitWishes, "packageManager" | "format"> {
  /** Root folder of the project. */
  readonly folder: string;
  /** Default: TypeScript if the project has a tsconfig.json. */
  readonly format?: InitWishes["format"] | undefined;
  /** Called before an existing file is changed. */
  readonly mayChange: (path: string) => Promise<boolean>;
}

/** The outcome for each file. */
export interface InitReport {
  readonly written: readonly string[];
  /** Already correct. */
  readonly same: readonly string[];
  /** Existing files that differ, left unchanged. */
  readonly kept: readonly string[];
}

/** Writes missing files; changes existing ones only if `mayChange` allows it. */
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

/** The new content of the file. For an addition, the missing lines are appended. */
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
