/** Ctrl-C and SIGTERM: the first asks the command to stop, the second exits at once. */
import { CliError, EXIT } from "./exit.js";

export class Interrupt {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #exitCode: number | undefined;

  constructor() {
    this.signal = this.#controller.signal;
  }

  /** The exit code of an interrupted command; undefined before the first signal. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /**
   * Listens until the process ends.
   * @param first called at the first signal
   * @param second called at the second; must exit at once
   */
  listen(first: () => void, second: (exitCode: number) => void): void {
    for (const [name, exitCode] of [
      ["SIGINT", EXIT.interrupted],
      ["SIGTERM", EXIT.terminated],
    ] as const)
      process.on(name, () => {
        if (this.#exitCode !== undefined) second(exitCode);
        this.#exitCode = exitCode;
        first();
        this.#controller.abort(new Error(`stopped by ${name}`));
      });
  }

  /** The error of a stopped command. */
  error(message: string, taskIds: readonly number[] = [], fields: object = {}): CliError {
    const exitCode = this.#exitCode ?? EXIT.interrupted;
    return new CliError("aborted", message, { exitCode, taskIds, fields });
  }
}
