/** The server's texts as a page may see them: without its paths and addresses. Pure. */

/** A quoted path, which may contain spaces; on Windows too. */
const QUOTED_PATH = /(['"`])(?:[A-Za-z]:[\\/]|\\\\|\/)(?:(?!\1).)*\1/g;

/** A path with at least two names. */
const PATH = /(?<![\w.])(?:[A-Za-z]:[\\/]|\\\\|~?\/)[^\s'"`()<>|,;]+/g;

const URL_LIKE = /\b[a-z][a-z0-9+.-]*:\/\/[^\s'"`)>,;]+/gi;

/** `10.0.0.7:8188`, `localhost:8188`, `gpu-box.lan:8188`, `[::1]:8188`. */
const HOST =
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\[[\da-f:]+\](?::\d+)?|\b[\w.-]*[a-z][\w-]*:\d{2,5}\b/gi;

/** The text with everything that reveals the machine replaced by "…". */
export function safeText(text: string): string {
  return text
    .replace(URL_LIKE, "…")
    .replace(QUOTED_PATH, "$1…$1")
    .replace(PATH, "…")
    .replace(HOST, "…")
    .slice(0, 1000);
}
