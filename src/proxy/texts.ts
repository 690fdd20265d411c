/**
 * The server's texts as a page may see them: without its paths and addresses. The server quotes its users'
 * prompts in errors, so the work is bounded: texts are cut first, and each word is tested by itself. Pure.
 */

/** Characters of a text that are looked at. */
const MOST_READ = 2000;

/** Characters of a text that are shown. */
const MOST_SHOWN = 1000;

/** Words within a name of a path, such as the second one of `/home/ann smith/x`, that are looked ahead. */
const MOST_WORDS = 3;

const HIDDEN = "…";

/** A quoted path, which may contain spaces; on Windows too. */
const QUOTED_PATH = /(['"`])(?:[a-z]:[\\/]|\\\\|~|\.{0,2}[\\/])[^'"`\n]{1,500}\1/gi;

const BETWEEN_WORDS = /([\s'"`()<>{}|,;=]+)/;

/** `/opt`, `~ann/x`, `../x`, `C:\x`, `\\nas\x`. */
const PATH_START = /^(?:[a-z]:[\\/]|\\\\|~\w{0,64}[\\/]|\.{1,2}[\\/]|\/[\w.~/-])/i;

const SEPARATOR = /[\\/]/g;

/** `1/2`, `2024/01/31`. */
const NUMBERS = /^[\d/]{1,20}$/;

const FILE_NAME = /\.[a-z]\w{0,15}$/i;

const IP_V4 = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?$/;

/** Shortened, in full, or with a zone; also the address of a network card. */
const IP_V6 = /^(?=.{0,50}::|(?:.{0,5}:){5})[\da-f:.]{2,50}(?:%\w{1,20})?$/i;

const HOST_AND_PORT = /^[\w.-]{0,250}[a-z][\w.-]{0,250}:\d{2,5}$/i;

/** Endings of names in a network. */
const HOST_NAME =
  /^(?:[\w-]{1,63}\.){1,8}(?:lan|local|localdomain|internal|intranet|home|corp|arpa|com|org|net|io|dev|app|cloud|eu|de|uk|cn|us)$/i;

const USER_AT_HOST = /^[\w.-]{1,100}@[\w.-]{1,250}$/;

/** Words that a host name follows. */
const BEFORE_HOST = /^(?:host|hostname|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH)$/i;

/** The text with everything that reveals the machine replaced by "…". */
export function safeText(text: string): string {
  const parts = shortened(text).replace(QUOTED_PATH, `$1${HIDDEN}$1`).split(BETWEEN_WORDS);
  // Words are at even positions, and what separates them between.
  for (let at = 0; at < parts.length; at += 2) {
    if (!isSecret(parts, at)) continue;
    const end = isPath(parts[at] as string) ? endOfPath(parts, at) : at;
    parts.fill("", at, end + 1);
    parts[at] = HIDDEN;
    at = end;
  }
  return parts.join("").slice(0, MOST_SHOWN);
}

/** Drops the last word of a long text as well: half of a path may not look like one. */
function shortened(text: string): string {
  if (text.length <= MOST_READ) return text;
  const start = text.slice(0, MOST_READ);
  return start.slice(0, start.lastIndexOf(" ") + 1) + HIDDEN;
}

function isSecret(parts: readonly string[], at: number): boolean {
  const word = parts[at] as string;
  const bare = word.replace(/^\[/, "").replace(/[\].:!?]{1,5}$/, "");
  const after = parts[at - 2] ?? "";
  return (
    isPath(word) ||
    [IP_V4, IP_V6, HOST_NAME, HOST_AND_PORT, USER_AT_HOST].some((kind) => kind.test(bare)) ||
    /^\[[\da-f:.%]{2,50}\](?::\d{1,5})?/i.test(word) ||
    (BEFORE_HOST.test(after) && /^[\w-]+[\d.-][\w.-]*$/.test(bare))
  );
}

function isPath(word: string): boolean {
  if (word.includes("://") || PATH_START.test(word)) return true;
  const separators = word.match(SEPARATOR)?.length ?? 0;
  if (separators === 0 || NUMBERS.test(word)) return false;
  return separators > 1 || FILE_NAME.test(word.replace(/[.:!?]{1,5}$/, ""));
}

/** The last word of a path that begins at a word: names in it may have spaces. */
function endOfPath(parts: readonly string[], start: number): number {
  let end = start;
  for (let at = start + 2; at <= end + 2 * MOST_WORDS && at < parts.length; at += 2) {
    const word = parts[at] as string;
    if (parts[at - 1] !== " " || PATH_START.test(word) || word.includes("://")) break;
    if (/[\\/]./.test(word) || (at === end + 2 && FILE_NAME.test(word))) end = at;
  }
  return end;
}
