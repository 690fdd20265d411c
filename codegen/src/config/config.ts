/** The project's own settings: `vix.config.ts` or `vix.config.json` next to its package.json. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CodegenError } from "../errors.js";

/** Settings of a project; each is the default of a command option. */
export interface Config {
  /** Source of `pull`: a server's base URL, a document's URL, or a file. Default: the published flows. */
  readonly source?: string;
  /** The snapshot. Default: `specs/flows.openapi.json`. */
  readonly snapshot?: string;
  /** Folder of the generated files. Default: `generated`. */
  readonly out?: string;
  /** Module that the generated code imports the client from. Default: `visionatrix-client`. */
  readonly runtime?: string;
  /** Ids of the flows to keep. Default: all. */
  readonly flows?: readonly string[];
  /** Description of the task endpoints; only the client package's own repository has one. */
  readonly tasks?: string;
}

/** File names, in order of precedence. */
const CONFIG_FILES = ["vix.config.ts", "vix.config.json"] as const;

const TEXTS = ["source", "snapshot", "out", "runtime", "tasks"] as const;

/**
 * The settings of the project in `folder`; empty without a settings file. @throws CodegenError
 * `config_invalid`.
 */
export async function readConfig(folder: string): Promise<Config> {
  const name = CONFIG_FILES.find((file) => existsSync(join(folder, file)));
  if (name === undefined) return {};
  const text = readFileSync(join(folder, name), "utf8");
  try {
    return checked(name.endsWith(".ts") ? await evaluate(text) : (JSON.parse(text) as unknown));
  } catch (cause) {
    if (cause instanceof CodegenError) throw cause;
    throw invalid(`${name} cannot be read: ${(cause as Error).message}`, cause);
  }
}

/** The default export of a TypeScript module. It may import types, but nothing at run time. */
async function evaluate(text: string): Promise<unknown> {
  const { ts } = await import("ts-morph");
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
  });
  const address = `data:text/javascript;base64,${Buffer.from(outputText).toString("base64")}`;
  const module = (await import(address)) as { default?: unknown };
  return module.default;
}

function checked(value: unknown): Config {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("The settings are not an object.");
  }
  const known = new Set<string>([...TEXTS, "flows", "$schema"]);
  const settings = value as Record<string, unknown>;
  for (const [key, setting] of Object.entries(settings)) {
    if (!known.has(key)) throw invalid(`There is no setting ${JSON.stringify(key)}.`);
    const isFlows = key === "flows" && Array.isArray(setting);
    const isRight = isFlows
      ? setting.every((id) => typeof id === "string" && id !== "")
      : key !== "flows" && typeof setting === "string" && setting !== "";
    if (setting !== undefined && !isRight) {
      throw invalid(`The setting ${key} is not ${key === "flows" ? "a list of ids" : "a string"}.`);
    }
  }
  return settings;
}

function invalid(message: string, cause?: unknown): CodegenError {
  return new CodegenError("config_invalid", message, {
    hint: `Settings are source, snapshot, out, runtime, flows and tasks; see "vix-codegen init --help".`,
    cause,
  });
}
