import { Command } from "commander";
import { readDescription } from "./model/read.js";
import { readText } from "./commands/client.js";
import { isDone } from "./write/folder.js";
import { CodegenError } from "./errors.js";

const program = new Command("vix-codegen");

program
  .command("pull")
  .option("--from <source>")
  .option("--out <file>", "", "specs/flows.openapi.json")
  .action(async ({ from, out }: { from: string; out: string }) => {
    const { keepSnapshot } = await import("./commands/pull.js");
    const report = keepSnapshot(readText(from), out);
    console.log(`${report.flows} flows; ${out} ${report.changed ? "written" : "unchanged"}`);
  });

interface Options {
  spec: string;
  out: string;
  runtime: string;
  tasks?: string;
}

function options(command: Command): Command {
  return command
    .option("--spec <file>", "", "specs/flows.openapi.json")
    .option("--out <dir>", "", "generated")
    .option("--runtime <specifier>", "", "visionatrix-client")
    .option("--tasks <file>");
}

options(program.command("generate")).action(async ({ spec, ...rest }: Options) => {
  const { generate } = await import("./commands/generate.js");
  const report = await generate({ model: readDescription(readText(spec)), ...rest });
  console.log(
    `${report.flows} flows; ${report.added.length} files added, ${report.changed.length} changed, ${report.removed.length} removed`,
  );
});

options(program.command("check")).action(async ({ spec, ...rest }: Options) => {
  const { check } = await import("./commands/check.js");
  const report = await check({ model: readDescription(readText(spec)), ...rest });
  for (const path of [...report.added, ...report.changed, ...report.removed]) console.log(path);
  if (!isDone(report)) process.exitCode = 1;
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CodegenError)) throw error;
  console.error(`vix-codegen: ${error.message} [${error.code}]`);
  for (const line of [error.pointer, error.value, error.hint]) if (line) console.error(`  ${line}`);
  process.exitCode = 1;
}
