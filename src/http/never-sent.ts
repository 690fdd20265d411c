/** Whether a request that failed can have reached the server: read from what `fetch` threw. Pure. */

/** The innermost message of a failed fetch; the outer one only says "fetch failed". */
export function reasonOf(error: unknown): string {
  const { cause, message, code } = error as { cause?: unknown; message?: string; code?: string };
  return cause instanceof Error ? reasonOf(cause) : (code ?? message ?? String(error));
}

/** Codes that Node, Bun and Deno give to a connection that never came to be, too few handles included. */
const NEVER_SENT =
  /EMFILE|ENFILE|ENOBUFS|ECONNREFUSED|ConnectionRefused|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT|CERT|UNABLE_TO_|WRONG_VERSION_NUMBER|FailedToOpenSocket|connect error|dns error|bad port/;

/**
 * Whether the server surely got nothing of the request. Browsers tell no reason, so there the answer is
 * always no.
 */
export function surelyNeverSent(error: unknown): boolean {
  const { code, syscall, message, cause, errors } = error as {
    code?: string;
    syscall?: string;
    message?: string;
    cause?: unknown;
    errors?: unknown[];
  };
  return (
    // A connection that stood can become unreachable too, in the middle of a request.
    (!/read|write/.test(syscall ?? "") && NEVER_SENT.test(`${code} ${cause ? "" : message}`)) ||
    (cause != null && surelyNeverSent(cause)) ||
    // One entry for each address that was tried.
    (errors?.length ? errors.every(surelyNeverSent) : false)
  );
}

/** Codes and messages of an error and of those beneath it. */
export function reasonsOf(error: unknown): string {
  const { cause, message, code } = Object(error) as {
    cause?: unknown;
    message?: string;
    code?: string;
  };
  return `${code} ${message} ${cause == null ? "" : reasonsOf(cause)}`;
}
