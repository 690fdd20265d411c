/** Runs a command with parsed options, and prints its report. */
import { readText } from "../commands/client.js";
import { CodegenError } from "../errors.js";
import type { LeftOut } from "../model/left-out.js";
import { readDescription } from "../model/read.js";
import { takeNamed } from "../names/names.js";
import { isDone } from "../write/folder.js";
import { collectLeftOut, reportLeftOut } from "./left-out.js";
import { loadOptions, specPath, type ClientOptions, type SourceOptions } from "./options.js";
import {
  note,
  printCheck,
  printFailure,
  printGenerate,
  printJson,
  printLeftOut,
  printPull,
} from "./print.js";

export async function runPull(
  options: SourceOptions & { from?: string; out: string },
): Promise<void> {
  const { pull } = await import("../commands/pull.js");
  const { from, flows, out } = options;
  const { leftOut, leaveOut } = collectLeftOut(options);
  const report = await pull({ ...loadOptions(options), from, flows, out, leaveOut });
  if (options.json) printJson("pull", leftOut.length === 0, { ...report, leftOut, out });
  else printPull(report, out);
  reportLeftOut(leftOut);
}

type GenerateOptions = SourceOptions & ClientOptions & { watch?: true; interval: number };

export async function runGenerate(options: GenerateOptions): Promise<void> {
  if (options.spec !== undefined && options.from !== undefined) {
    throw new CodegenError(
      "options_conflict",
      "The options --spec and --from exclude each other.",
      {
        hint: "Give one of them.",
      },
    );
  }
  if (options.watch && options.from === "-") {
    throw new CodegenError("options_conflict", "Standard input cannot be watched.", {
      hint: "Give a server, a URL or a file with --from.",
    });
  }
  if (options.watch) return watchDescription(options);
  reportLeftOut(await generateOnce(options, await descriptionText(options)));
}

/** Generates and prints the report. @returns the flows that were left out. */
async function generateOnce(options: GenerateOptions, text: string): Promise<LeftOut[]> {
  const [{ generate }, { installApart }] = await Promise.all([
    import("../commands/generate.js"),
    import("../write/installer.js"),
  ]);
  const { out, runtime, tasks } = options;
  const { leftOut, leaveOut } = collectLeftOut(options);
  const description = readDescription(text, { only: options.flows, leaveOut });
  const model = takeNamed(description, leaveOut);
  const report = await generate({ model, out, runtime, tasks }, installApart);
  if (options.json) printJson("generate", leftOut.length === 0, { ...report, leftOut, out });
  else printGenerate(report, out);
  return leftOut;
}

async function descriptionText(options: GenerateOptions, signal?: AbortSignal): Promise<string> {
  if (options.from === undefined) return readText(specPath(options));
  const [{ loadSource }, { parseSource }] = await Promise.all([
    import("../pull/load.js"),
    import("../pull/source.js"),
  ]);
  const fetched = await loadSource(parseSource(options.from, options.flows), {
    ...loadOptions(options),
    signal,
  });
  return fetched.changed ? fetched.text : "";
}

/**
 * Generates now and after every change of the description. Errors are printed and leave the client unchanged.
 */
async function watchDescription(options: GenerateOptions): Promise<void> {
  const { watch } = await import("../commands/watch.js");
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
  if (!options.json) note(`watching ${options.from ?? specPath(options)}; Ctrl-C ends`);
  await watch({
    load: (signal) => descriptionText(options, signal),
    generate: async (text) => {
      for (const flow of await generateOnce(options, text)) printLeftOut(flow);
    },
    onError: (error) => printFailure(error, options.json ?? false),
    intervalMs: options.interval * 1_000,
    signal: stop.signal,
  });
}

export async function runCheck(options: ClientOptions): Promise<void> {
  const { check } = await import("../commands/check.js");
  const { out, runtime, tasks } = options;
  const { leftOut, leaveOut } = collectLeftOut(options);
  const model = takeNamed(readDescription(readText(specPath(options)), { leaveOut }), leaveOut);
  const report = await check({ model, out, runtime, tasks });
  const isCurrent = isDone(report);
  const ok = isCurrent && leftOut.length === 0;
  if (options.json) printJson("check", ok, { ...report, leftOut, out });
  else printCheck(report, out);
  if (!isCurrent) process.exitCode = 1;
  reportLeftOut(leftOut);
}
