/** Where an error is in a document, what was found there, and what to do. */
export interface ErrorDetails {
  /** JSON pointer (RFC 6901) into the description, e.g. `/paths/~1vapi~1tasks~1create~1x/put`. */
  readonly pointer?: string | undefined;
  /** What was found there, shortened. */
  readonly value?: string | undefined;
  /** What to do next, in one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * An error caused from outside this program: an invalid description, a server that does not respond, a folder
 * that cannot be written. `code` is stable; scripts may rely on it.
 */
export class CodegenError extends Error {
  override readonly name: string = "CodegenError";
  readonly code: string;
  readonly pointer: string | undefined;
  readonly value: string | undefined;
  readonly hint: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.pointer = details.pointer;
    this.value = details.value;
    this.hint = details.hint;
  }
}
