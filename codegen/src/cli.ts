/**
 * Entry point of the command: parses the arguments, runs, and turns every failure into one message and exit
 * code 1.
 */
import { createProgram } from "./cli/program.js";
import { printFailure } from "./cli/print.js";

try {
  await createProgram().parseAsync();
} catch (error) {
  printFailure(error, process.argv.includes("--json"));
  process.exitCode = 1;
}
