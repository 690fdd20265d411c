/**
 * All output of a command. With `--json`, stdout carries exactly one document. Notes go to stderr. `--quiet`
 * leaves stderr empty unless there is an error.
 */
import { exitCodeOf, failureOf, CliError } from "./exit.js";
import { clean } from "./terminal/clean.js";
import { Live } from "./terminal/live.js";
import { coloursFor, writeAll, type Colours, type Env } from "./terminal/streams.js";

export interface OutputOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether stdout is a terminal that a person watches. */
  readonly terminal: boolean;
  /** For stdout. */
  readonly colours: Colours;
  /** The lines at the bottom of the terminal that are redrawn. */
  readonly live: Live;
  #ended = false;

  constructor({ json = false, quiet = false }: OutputOptions, env: Env = process.env) {
    this.json = json;
    this.quiet = quiet;
    this.terminal = process.stdout.isTTY;
    this.colours = coloursFor(process.stdout, env);
    this.live = new Live(process.stderr, env, quiet);
  }

  /** Prints a line of the result, for people. */
  line(text = ""): void {
    if (this.json) return;
    this.live.above(() => process.stdout.write(`${text}\n`));
  }

  /** Prints a note on stderr. */
  note(text: string): void {
    if (!this.quiet) this.live.above(() => process.stderr.write(`${clean(text)}\n`));
  }

  /** Ends the command with a document that describes what it did. */
  done(document: object, exitCode = 0): number {
    return this.#end({ ok: exitCode === 0, ...document }, exitCode);
  }

  /** Ends the command with an error. */
  fail(error: unknown): number {
    const failure = failureOf(error);
    const exitCode = exitCodeOf(error);
    const fields = error instanceof CliError ? error.fields : {};
    this.live.clear();
    if (!this.json && !this.#ended) {
      const { red } = coloursFor(process.stderr, process.env);
      const hint = failure.hint === undefined ? "" : `${clean(failure.hint)}\n`;
      writeAll(2, `${red("vix:")} ${clean(failure.message).trimEnd()}\n${hint}`);
    }
    return this.#end({ ok: false, error: failure, ...fields }, exitCode);
  }

  #end(document: object, exitCode: number): number {
    this.live.clear();
    if (this.json && !this.#ended) writeAll(1, `${JSON.stringify(document)}\n`);
    this.#ended = true;
    return exitCode;
  }
}
