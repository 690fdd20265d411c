/** Converts text of a description to text of a documentation comment: prose, values, and example code. */
import { escapeInvisible } from "../json/value.js";
import { isPlainName, literal } from "./code.js";
import { SOURCE_DIRECTIVE } from "./directive.js";

declare const safe: unique symbol;
/** Text that is safe on one line of a comment. Only this module creates it. */
export type Comment = string & { readonly [safe]: "comment" };

/**
 * A text made harmless for one line of a comment: no end of comment, no tag, no markup, no line break,
 * nothing invisible.
 */
export function prose(text: string | number): Comment {
  if (typeof text === "string" && PLAIN.test(text)) return text as Comment;
  const line = String(text)
    .replace(/[\s\u0085]+/g, " ")
    .trim();
  return escapeInvisible(line)
    .replace(/[@{}<>[\]`]/g, "\\$&")
    .replace(/\*(?=\/)/g, "*\\")
    .replace(SOURCE_DIRECTIVE, "$1\\s")
    .replace(/#(?=__)/g, "\\#") as Comment;
}

/** Fast path for most texts: words separated by single spaces, and nothing that needs an escape. */
const PLAIN = /^[\w.,:;()"'%+=?!-]+(?: [\w.,:;()"'%+=?!-]+)*$/;

/** A value of a parameter in prose: texts quoted, numbers as they are. */
export function value(fact: string | number | boolean): Comment {
  return prose(JSON.stringify(fact));
}

/** A literal in example code: nothing in it is read as the end of the comment or as markup. */
export function exampleLiteral(fact: string | number | boolean): Comment {
  return literal(fact).replace(
    /[*@`{}#<>]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ) as Comment;
}

/** An object key in example code. */
export function exampleKey(name: string): Comment {
  if (name === "__proto__") return `["__proto__"]` as Comment;
  return isPlainName(name) ? (name as Comment) : exampleLiteral(name);
}
