/**
 * The only place that escapes a report's text for its reader. Everything from a description may be hostile,
 * so each format has one function here that all of its text passes through.
 */
import { escapeInvisible } from "../../json/value.js";

/**
 * For terminals and logs: one line, with everything visible. GitHub obeys the older form of workflow
 * commands, `##[error]`, anywhere in a line of a log, and the newer form, `::error::`, at the start of a
 * line; so every line starts with our own words.
 */
export function forTerminal(text: string): string {
  return escapeInvisible(text).replaceAll("##[", "#\\u0023[");
}

/** For JSON that may end up in a log: the same value, with everything visible and no commands. */
export function forJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent)
    .split("\n")
    .map((line) => forTerminal(line))
    .join("\n");
}

/** Characters that end or change a code span, or split a table cell. */
const UNSAFE_IN_CODE = /[`|\\]|##\[|^\s|\s$|^$/;

/**
 * For Markdown, as code: GitHub makes no link, mention, markup, HTML, or formula of it. Characters that a
 * code span in a table cannot hold are written as entities, which have no meaning of their own.
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
