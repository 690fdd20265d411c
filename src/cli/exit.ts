/** Exit codes, and messages for failures. */
import type { VisionatrixError } from "../index.js";

/** Exit codes of `vix`; scripts rely on them. */
export const EXIT = {
  done: 0,
  /** Invalid usage, parameters, or input file; nothing was created. */
  usage: 1,
  /** A task failed or is gone; some lines of a batch failed. */
  failed: 2,
  /** The server cannot be reached, or its responses are not those of a Visionatrix server. */
  server: 3,
  credentials: 4,
  interrupted: 130,
  terminated: 143,
} as const;

/** What a failing command reports. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly taskIds?: readonly number[];
  readonly problems?: readonly unknown[];
}

/** A failure detected by the command line itself. */
export class CliError extends Error {
  override readonly name: string = "CliError";
  readonly code: string;
  readonly exitCode: number;
  readonly hint: string | undefined;
  readonly taskIds: readonly number[];
  /** More fields of the JSON document, besides `error`. */
  readonly fields: object;

  constructor(
    code: string,
    message: string,
    {
      exitCode = EXIT.usage,
      hint,
      taskIds = [],
      fields = {},
      cause,
    }: {
      exitCode?: number;
      hint?: string | undefined;
      taskIds?: readonly number[];
      fields?: object;
      cause?: unknown;
    } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.exitCode = exitCode;
    this.hint = hint;
    this.taskIds = taskIds;
    this.fields = fields;
  }
}

/** Exit codes of the library's errors; any other code means wrong usage, and nothing was created. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  task_failed: EXIT.failed,
  task_gone: EXIT.failed,
  task_stalled: EXIT.failed,
  task_not_found: EXIT.failed,
  not_reachable: EXIT.server,
  connection_lost: EXIT.server,
  redirected: EXIT.server,
  invalid_response: EXIT.server,
  not_found: EXIT.server,
  busy: EXIT.server,
  server_error: EXIT.server,
  submit_uncertain: EXIT.server,
  // Tasks exist, and their files stay on the server.
  not_saved: EXIT.failed,
  timeout: EXIT.server,
  not_a_file: EXIT.server,
  download_failed: EXIT.server,
  download_changed: EXIT.server,
  not_authenticated: EXIT.credentials,
  admin_required: EXIT.credentials,
  aborted: EXIT.interrupted,
};

const HINTS: Readonly<Record<string, string>> = {
  not_reachable: "Run `vix doctor` for details.",
  not_authenticated: "Log in with `vix login`, or set VIX_USERNAME and VIX_PASSWORD.",
  admin_required: "This requires an admin's credentials.",
  flow_not_installed: "`vix flows` lists what can be run.",
  task_failed: "`vix rerun ID` runs it again.",
  not_found: "Is this the address of a Visionatrix server? Run `vix doctor` to check.",
  submit_uncertain: "Check `vix tasks` before you run it again.",
};

/** Messages in terms of the command line, where the library's refer to its own options. */
const MESSAGES: Readonly<Record<string, string>> = {
  not_authenticated: "The server refused the user name or password, or requires them.",
};

/** The same for parts of messages. */
const WORDS: readonly (readonly [string | RegExp, string])[] = [
  ["pass the option { allowLargeCount: true }", "add --allow-large-count"],
  [/ Call client\.settle\(error\).*$/, ""],
  ["The idempotencyKey", "The key"],
  [/ ?\(?task\.rerun\(\) runs it again\.?\)?$/, ""],
  ["its timeoutMs", "--timeout"],
];

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  return EXIT_CODES[codeOf(error)] ?? EXIT.usage;
}

/** An error as the JSON document shows it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CliError) {
    const { code, message, hint, taskIds, problems } = error as CliError &
      Pick<Failure, "problems">;
    return {
      code,
      message,
      ...(hint !== undefined && { hint }),
      ...withIds(taskIds),
      ...(problems && { problems }),
    };
  }
  const code = codeOf(error);
  if (code === "internal")
    return {
      code,
      message: `Unexpected: ${error instanceof Error ? error.message : String(error)}`,
      hint: "This is a bug in vix; please report it with the command that you ran.",
    };
  const { message, taskIds, problems } = error as VisionatrixError & { problems?: unknown[] };
  const hint = HINTS[code];
  return {
    code,
    message: MESSAGES[code] ?? inWords(message),
    ...(hint !== undefined && { hint }),
    ...withIds(taskIds),
    ...(problems && { problems: problems.map(plainProblem) }),
  };
}

/** An error with what its command did until then. */
export function withFields(
  error: unknown,
  fields: object,
  changes: { hint?: string | undefined; taskIds?: readonly number[]; exitCode?: number } = {},
): CliError {
  const { code, message, hint, taskIds = [] } = failureOf(error);
  const exitCode = exitCodeOf(error);
  return new CliError(code, message, { exitCode, hint, taskIds, ...changes, fields, cause: error });
}

/** The code of a library error, recognised by its shape so that the library need not be loaded. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && "taskIds" in error
    ? String(error.code)
    : "internal";
}

function withIds(taskIds: readonly number[]): Pick<Failure, "taskIds"> {
  return taskIds.length > 0 ? { taskIds } : {};
}

/** A message of the library in terms of the command line. */
export function inWords(message: string): string {
  return WORDS.reduce((text, [from, to]) => text.replace(from, to), message);
}

/** A problem without its value if that is a file, which JSON cannot represent. */
function plainProblem(problem: unknown): unknown {
  const { value, ...rest } = problem as { value: unknown };
  return typeof value === "object" && value !== null ? rest : { ...rest, value };
}
