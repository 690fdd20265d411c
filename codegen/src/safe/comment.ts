/** Text of a description → text inside a documentation comment: prose, values, and the code of an example. */
import { escapeInvisible } from "../json/value.js";
import { isPlainName, literal } from "./code.js";
import { SOURCE_DIRECTIVE } from "./directive.js";

declare const safe: unique symbol;
/** Text that may stand in a comment as it is, on one line. Only this module makes it. */
export type Comment = string & { readonly [safe]: "comment" };

/**
 * A text on one line of a comment, made harmless: no end of comment, no tag, no markup, no line break,
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

/** Words with single spaces between them, and nothing that needs an escape: most texts, told in no time. */
const PLAIN = /^[\w.,:;()"'%+=?!-]+(?: [\w.,:;()"'%+=?!-]+)*$/;

/** A value of a parameter in prose: texts in quotes, numbers as they are. */
export function value(fact: string | number | boolean): Comment {
  return prose(JSON.stringify(fact));
}

/** A literal in the code of an example: nothing in it is read as the end of the comment or as markup. */
export function exampleLiteral(fact: string | number | boolean): Comment {
  return literal(fact).replace(
    /[*@`{}#<>]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ) as Comment;
}

/** A key of an object in the code of an example. */
export function exampleKey(name: string): Comment {
  if (name === "__proto__") return `["__proto__"]` as Comment;
  return isPlainName(name) ? (name as Comment) : exampleLiteral(name);
}
