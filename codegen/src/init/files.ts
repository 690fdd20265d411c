/** The files that `init` writes. Pure, except for reading our own templates. */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Config } from "../config/config.js";
import { CodegenError } from "../errors.js";
import { quote } from "../json/value.js";
import { COMMANDS, type Commands, type PackageManager } from "./package-manager.js";

export interface InitWishes {
  readonly config: Config;
  /** The form of the settings. */
  readonly format: "ts" | "json";
  readonly packageManager: PackageManager;
  readonly workflows: boolean;
  readonly check: boolean;
  readonly gitattributes: boolean;
}

/** A file, with its path relative to the project root. */
export interface InitFile {
  readonly path: string;
  readonly text: string;
  /** Lines to append to an existing file instead of replacing it. */
  readonly isAddition?: true;
}

/** All requested files. @throws CodegenError `init_path`. */
export function initFiles(wishes: InitWishes): InitFile[] {
  const { config, format, packageManager } = wishes;
  const { snapshot = "specs/flows.openapi.json", out = "generated" } = config;
  const layout: Layout = {
    ...COMMANDS[packageManager],
    snapshot: plain(snapshot),
    out: plain(out),
  };
  const workflow = (name: WorkflowName): InitFile => ({
    path: `.github/workflows/${name}.yml`,
    text: fillWorkflow(name, layout),
  });
  return [
    format === "ts"
      ? { path: "vix.config.ts", text: configModule(config) }
      : { path: "vix.config.json", text: `${JSON.stringify(config, undefined, 2)}\n` },
    ...(wishes.workflows ? [workflow("spec-diff"), workflow("spec-watch")] : []),
    ...(wishes.check ? [workflow("flows-check")] : []),
    ...(wishes.gitattributes
      ? [{ path: ".gitattributes", text: attributes(layout), isAddition: true as const }]
      : []),
  ];
}

function configModule(config: Config): string {
  const settings = Object.entries(config).map(
    ([key, value]) => `  ${key}: ${JSON.stringify(value)},\n`,
  );
  return `import type { Config } from "visionatrix-codegen";

// Source, snapshot, out, runtime, flows, tasks: the defaults of the options of vix-codegen.
export default {
${settings.join("")}} satisfies Config;
`;
}

function attributes({ out, snapshot }: Layout): string {
  return `${out}/** linguist-generated=true\n${snapshot} diff=vix-flows\n`;
}

export type WorkflowName = "spec-diff" | "spec-watch" | "flows-check";

/** What differs between repositories. */
export interface Layout extends Commands {
  readonly snapshot: string;
  readonly out: string;
  /** Where the workflows are documented. */
  readonly docs?: string;
  /** The command that generates. */
  readonly generate?: string;
}

/** A workflow for a repository. */
export function fillWorkflow(name: WorkflowName, layout: Layout): string {
  const { snapshot, out, install, run, hasCache } = layout;
  const values: Readonly<Record<string, string>> = {
    SNAPSHOT: snapshot,
    FOLDER: folderOf(snapshot),
    OUT: out,
    CACHE: hasCache ? "\n          cache: npm" : "",
    INSTALL: install.map((command) => `      - run: ${command}`).join("\n"),
    RUN: run,
    GENERATE: layout.generate ?? `${run} vix-codegen generate`,
    DOCS: layout.docs ?? "The documentation of visionatrix-codegen explains it.",
  };
  const template = readFileSync(
    new URL(`../../workflows/${name}.yml.tmpl`, import.meta.url),
    "utf8",
  );
  return template.replace(/@@([A-Z]+)@@/g, (mark, key: string) => values[key] ?? mark);
}

/** The snapshot's folder, which the workflows watch; it must not be the project root. */
function folderOf(snapshot: string): string {
  const folder = posix.dirname(snapshot);
  if (folder !== ".") return folder;
  throw new CodegenError("init_path", "The snapshot has no folder of its own.", {
    value: quote(snapshot),
    hint: "Give it one, such as specs/flows.openapi.json: the workflows watch that folder.",
  });
}

/** A path that is safe to use unquoted in a workflow and in a shell. */
function plain(path: string): string {
  const normal = posix.normalize(path).replace(/\/$/, "");
  if (/^[A-Za-z0-9_][\w.-]*(?:\/[A-Za-z0-9_][\w.-]*)*$/.test(normal)) return normal;
  throw new CodegenError("init_path", "A path cannot stand in a workflow.", {
    value: quote(path),
    hint: "Give a path below the current folder, of letters, digits, dots, dashes and slashes.",
  });
}
