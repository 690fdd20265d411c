/**
 * `vix-codegen diff` on the command line: names, options, help. The implementation is in diff-run.ts, loaded
 * when it runs.
 */
import { Command, Option } from "commander";
import { FORMATS, type DiffOptions } from "./options.js";

export function diffCommand(): Command {
  return (
    new Command("diff")
      .description(
        "Report how a change of a description affects code that calls the flows.\n\n" +
          "OLD and NEW are each a file, the URL of a document, a server's base URL, - for standard input, or " +
          "REV:path in git. NEW defaults to the snapshot in the work tree, " +
          "OLD to the committed snapshot.",
      )
      .argument("[old]", "OLD (default: the snapshot as committed)")
      .argument("[new]", "NEW (default: the snapshot in the work tree)")
      // Git passes more arguments to its driver; for other callers, diff-run.ts reports the error.
      .allowExcessArguments()
      .option("--spec <file>", "the snapshot", "specs/flows.openapi.json")
      .addOption(
        new Option(
          "--format <format>",
          "text for people, markdown for a pull request, json for scripts, github for annotations",
        ).choices(FORMATS),
      )
      .option("--json", "the same as --format json")
      .addOption(
        new Option(
          "--fail-on <class>",
          "exit with 1 if a change is in this class or a more severe one",
        ).choices(["breaking", "behaviour", "any"]),
      )
      .option(
        "--ignore <file>",
        "changes that reviewers accepted (default: diff-ignore.json beside the snapshot, if it exists)",
      )
      .option(
        "--usage <glob>",
        "also show where these TypeScript files use what changed, such as 'src/**/*.ts'; can be repeated",
        (glob: string, globs: readonly string[] | undefined) => [...(globs ?? []), glob],
      )
      .addOption(new Option("--git-driver", "read the arguments of a git diff driver").hideHelp())
      .addOption(new Option("--textconv", "print a description as lines for git").hideHelp())
      .exitOverride(({ exitCode }) => {
        process.exit(exitCode === 0 ? 0 : 2);
      })
      .addHelpText(
        "after",
        `
Exit codes:
  0  no change in the class given with --fail-on, or no class given
  1  a change in that class
  2  the comparison itself failed
  3  as 0, but some flows could not be read and were not compared (a warning names them)

Examples:
  $ vix-codegen diff                                        # the committed snapshot and the work tree's
  $ vix-codegen diff origin/main:specs/flows.openapi.json   # what this branch changes
  $ vix-codegen diff specs/flows.openapi.json http://localhost:8288 --fail-on breaking
  $ vix-codegen diff old.json new.json --usage 'src/**/*.ts'
  $ vix-codegen diff HEAD~1:specs/flows.openapi.json --format markdown > comment.md`,
      )
      .action(async (_old, _new, options: DiffOptions, { args }: Command) => {
        const { runDiff } = await import("./diff-run.js");
        await runDiff(args, options);
      })
  );
}
