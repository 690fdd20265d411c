/** Makes texts from other sources harmless for a terminal. */

/* eslint-disable no-control-regex -- they are what is looked for */
const CONTROLS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Drops characters that a terminal would obey or that reorder text; line breaks and tabs stay. */
export function clean(text: string): string {
  return text.replace(CONTROLS, "");
}

/** The same, on one line. */
export function oneLine(text: string): string {
  return clean(text.replace(/\s+/g, " ")).trim();
}
