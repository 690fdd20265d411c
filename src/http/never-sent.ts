/** Decides from what `fetch` threw whether a failed request can have reached the server. Pure. */

/** The innermost message of a failed fetch; the outer one only says "fetch failed". */
export function reasonOf(error: unknown): string {
  const { cause, message, code } = error as { cause?: unknown; message?: string; code?: string };
  return cause instanceof Error ? reasonOf(cause) : (code ?? message ?? String(error));
}

/**
 * Codes of Node, Bun, and Deno for a connection that was never established, including a lack of file handles.
 */
const NEVER_SENT =
  /EMFILE|ENFILE|ENOBUFS|ECONNREFUSED|ConnectionRefused|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT|CERT|UNABLE_TO_|WRONG_VERSION_NUMBER|FailedToOpenSocket|connect error|dns error|bad port/;

/**
 * Whether the server certainly received nothing of the request. Always false in browsers, which give no
 * reason.
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
    // An established connection can become unreachable too, in the middle of a request.
    (!/read|write/.test(syscall ?? "") && NEVER_SENT.test(`${code} ${cause ? "" : message}`)) ||
    (cause != null && surelyNeverSent(cause)) ||
    // One entry per address tried.
    (errors?.length ? errors.every(surelyNeverSent) : false)
  );
}

/** Codes and messages of an error and its causes. */
export function reasonsOf(error: unknown): string {
  const { cause, message, code } = Object(error) as {
    cause?: unknown;
    message?: string;
    code?: string;
  };
  return `${code} ${message} ${cause == null ? "" : reasonsOf(cause)}`;
}
