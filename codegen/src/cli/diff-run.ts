/** Runs `vix-codegen diff`: from its options to its output and exit code. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { readIgnoreFile, type Acceptance } from "../diff/ignore.js";
import { fails, report, type Report } from "../diff/report.js";
import { loadPlace, parsePlace, type Place } from "../diff/source.js";
import { CodegenError } from "../errors.js";
import { quote } from "../json/value.js";
import type { Model } from "../model/flow.js";
import type { LeftOut } from "../model/left-out.js";
import { readDescription } from "../model/read.js";
import { collectLeftOut, reportLeftOut } from "./left-out.js";
import { loadOptions, type DiffOptions } from "./options.js";
import { printFailure } from "./print.js";

/** Compares, prints, and sets the exit code: 1 by `--fail-on`, 2 when the comparison failed. */
export async function runDiff(sources: readonly string[], options: DiffOptions): Promise<void> {
  const { gitDriver, textconv, failOn } = options;
  // The reader of our output may close it early.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    if (gitDriver || textconv) {
      const { asLines, runAsDriver } = await import("../diff/git-driver.js");
      const isPaged = process.env["GIT_PAGER_IN_USE"] !== undefined;
      process.stdout.write(
        textconv ? asLines(sources[0] ?? "") : await runAsDriver(sources, wantsColor(isPaged)),
      );
      return;
    }
    const comparison = await compare(sources, options);
    process.stdout.write(await print(comparison, options));
    if (fails(comparison.result, failOn)) process.exitCode = 1;
    reportLeftOut(comparison.result.leftOut);
  } catch (error) {
    printFailure(error, options.json ?? options.format === "json");
    process.exitCode = 2;
  }
}

interface Comparison {
  readonly result: Report;
  readonly old: string;
  readonly now: string;
  readonly newPlace: Place;
  readonly newText: string;
}

async function compare(sources: readonly string[], options: DiffOptions): Promise<Comparison> {
  const [old, now] = sidesOf(sources, options.spec);
  const newPlace = parsePlace(now);
  const loading = { ...loadOptions(options), validators: undefined };
  const [oldText, newText] = await allInOrder(
    [parsePlace(old), newPlace].map((place) => loadPlace(place, loading, options.flows)),
  );
  const { leftOut, leaveOut } = collectLeftOut(options);
  const models = [oldText, newText].map((text = "") => readDescription(text, { leaveOut }));
  const [oldModel, newModel] = onlyFlows(withoutLeftOut(models, leftOut), options.flows);
  const result = report(oldModel, newModel, {
    leftOut,
    acceptances: readAcceptances(options),
    today: new Date().toISOString().slice(0, 10),
  });
  return { result: await searched(result, options), old, now, newPlace, newText: newText ?? "" };
}

/**
 * All results, or the error of the first side that failed, so that the same comparison always fails the same
 * way.
 */
async function allInOrder<T>(sides: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(sides);
  return settled.map((side) => {
    if (side.status === "rejected") throw side.reason;
    return side.value;
  });
}

function sidesOf(sources: readonly string[], spec: string): readonly [string, string] {
  if (sources.length > 2) {
    throw new CodegenError("options_conflict", "More than two descriptions are given.", {
      value: sources.map(quote).join(" "),
      hint: "Give OLD and NEW, or leave out one or both; put a pattern for --usage in quotes.",
    });
  }
  const fromHere = relative(process.cwd(), resolve(spec)).split(sep).join("/");
  const [old = `HEAD:./${fromHere}`, now = spec] = sources;
  if (old === "-" && now === "-") {
    throw new CodegenError("options_conflict", "Both sides are standard input.", {
      hint: "Give - for one of them.",
    });
  }
  return [old, now];
}

/** A flow that cannot be read on one side is skipped on both: it is neither new nor removed. */
function withoutLeftOut(models: readonly Model[], leftOut: readonly LeftOut[]): Model[] {
  const ids = new Set(leftOut.map(({ flow }) => flow));
  return models.map(({ flows }) => ({ flows: flows.filter(({ id }) => !ids.has(id)) }));
}

/** A flow on only one side is a finding here, not a mistake. */
function onlyFlows(
  models: readonly Model[],
  ids: readonly string[] | undefined,
): readonly [Model, Model] {
  const [old = { flows: [] }, now = { flows: [] }] = models;
  if (ids === undefined) return [old, now];
  const missing = ids.filter((id) => ![...old.flows, ...now.flows].some((flow) => flow.id === id));
  if (missing.length > 0) {
    throw new CodegenError(
      "flow_unknown",
      `Neither side has the flow ${missing.map(quote).join(", ")}.`,
      {
        hint: "Write ids as the server does, in lower case.",
      },
    );
  }
  const pick = ({ flows }: Model): Model => ({ flows: flows.filter(({ id }) => ids.includes(id)) });
  return [pick(old), pick(now)];
}

function readAcceptances({ ignore, spec }: DiffOptions): Acceptance[] {
  const path = ignore ?? join(dirname(spec), "diff-ignore.json");
  if (ignore === undefined && !existsSync(path)) return [];
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new CodegenError("file_unreadable", `The file ${path} cannot be read.`, {
      value: (cause as NodeJS.ErrnoException).code ?? "",
      hint: "Check the path given with --ignore.",
      cause,
    });
  }
  return readIgnoreFile(text);
}

async function searched(result: Report, { usage }: DiffOptions): Promise<Report> {
  if (usage === undefined) return result;
  const { withUsage } = await import("../diff/usage/find.js");
  return { ...result, changes: withUsage(result.changes, usage, process.cwd()) };
}

async function print(comparison: Comparison, options: DiffOptions): Promise<string> {
  const { result, old, now, newPlace, newText } = comparison;
  switch (options.json ? "json" : (options.format ?? "text")) {
    case "json":
      return (await import("../diff/format/json.js")).formatJson(result);
    case "markdown":
      return (await import("../diff/format/markdown.js")).formatMarkdown(result);
    case "github": {
      const [{ formatGithub }, { locate }] = await Promise.all([
        import("../diff/format/github.js"),
        import("../diff/locate.js"),
      ]);
      return formatGithub(result, { file: fileOf(newPlace), locator: locate(newText) });
    }
    case "text": {
      const { formatText } = await import("../diff/format/text.js");
      return formatText(result, { color: wantsColor(false), old, now });
    }
  }
}

/** The path of the new description in the repository, which annotations need. */
function fileOf(place: Place): string | undefined {
  if (place.kind === "git") return place.path.replace(/^\.\//, "");
  if (place.source === "-" || place.source.includes("://")) return undefined;
  const top = process.env["GITHUB_WORKSPACE"] ?? process.cwd();
  return relative(top, resolve(place.source)).split(sep).join("/");
}

/** Whether to use colour: on a terminal, unless disabled (https://no-color.org). */
function wantsColor(isPaged: boolean): boolean {
  const { NO_COLOR: no = "", FORCE_COLOR: force = "", TERM: term } = process.env;
  if (no !== "") return false;
  if (force !== "") return force !== "0";
  return (isPaged || process.stdout.isTTY) && term !== "dumb";
}
