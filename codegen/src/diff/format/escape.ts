/**
 * The only place where a report's text is fitted to what reads it. Everything that comes from a
 * description may be hostile, so each format has one function here through which all of it goes.
 */
import { escapeInvisible } from "../../json/value.js";

/**
 * For terminals and logs: one line, on which everything shows. The older kind of GitHub's workflow
 * commands, `##[error]`, is obeyed anywhere in a line of a log; the newer, `::error::`, where a line
 * starts with it, which is why lines start with words of ours.
 */
export function forTerminal(text: string): string {
  return escapeInvisible(text).replaceAll("##[", "#\\u0023[");
}

/** For JSON that may end up in a log: the same value, with everything visible and nothing to obey. */
export function forJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent)
    .split("\n")
    .map((line) => forTerminal(line))
    .join("\n");
}

/** Characters that end or change a code span, or split a table's cell. */
const UNSAFE_IN_CODE = /[`|\\]|##\[|^\s|\s$|^$/;

/**
 * For Markdown, as code: GitHub makes no link, mention, markup, HTML or formula of what stands in it.
 * What a code span in a table cannot hold is written as entities, in which nothing has a meaning.
 */
export function markdownCode(text: string): string {
  const visible = escapeInvisible(text);
  return UNSAFE_IN_CODE.test(visible) ? `<code>${entities(visible)}</code>` : `\`${visible}\``;
}

function entities(text: string): string {
  return text.replace(/[^\p{L}\p{N} ]/gu, (char) => `&#${char.codePointAt(0) ?? 0};`);
}

/** For the message of a workflow command. */
export function commandMessage(text: string): string {
  return forTerminal(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** For a property of a workflow command, such as `file`. */
export function commandProperty(text: string): string {
  return commandMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
