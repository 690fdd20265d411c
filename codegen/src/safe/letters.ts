/** The non-ASCII letters allowed in names: those that all recent compilers agree on. */

/** A non-ASCII letter, as a part of a pattern. */
const LETTER =
  "(?=\\p{L})[\\u00c0-\\u024f\\u0370-\\u052f\\u0531-\\u0587\\u05d0-\\u05ea\\u0620-\\u064a\\u0904-\\u0939\\u0e01-\\u0e30\\u1e00-\\u1fff\\u3041-\\u30fa\\u4e00-\\u9fa5\\uac00-\\ud7a3]";

/** The words in an id. */
export const WORD = new RegExp(`(?:[A-Za-z0-9]|${LETTER})+`, "gu");

/** Accents that combine with the letter before them, and the katakana long vowel. */
const AFTER_LETTER = "(?:[\\u0300-\\u034e]|[\\u0350-\\u036f]|\\u30fc)";

/** An identifier. */
export const PLAIN_NAME = new RegExp(
  `^(?:[A-Za-z_$]|${LETTER})(?:[A-Za-z0-9_$]|${LETTER}|${AFTER_LETTER})*$`,
  "u",
);
