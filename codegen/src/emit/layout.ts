/** Lays out lists and objects: on one line where they fit, else one member per line. */
import type { Code } from "./safe-text.js";

/** Width of generated lines. A single text longer than it stays whole. */
export const WIDTH = 100;

/** `open` … `close` with members in between, indented by `indent` and after `before` columns of its line. */
export function bracketed(
  open: "[" | "{",
  members: readonly Code[],
  close: "]" | "}",
  { indent, before, after }: { indent: number; before: number; after: number },
): Code {
  if (members.length === 0) return `${open}${close}` as Code;
  const space = open === "{" ? " " : "";
  const flat = `${open}${space}${members.join(", ")}${space}${close}`;
  if (!flat.includes("\n") && indent + before + flat.length + after <= WIDTH) return flat as Code;
  const margin = " ".repeat(indent);
  const lines = members.map((member) => `${margin}  ${member},\n`).join("");
  return `${open}\n${lines}${margin}${close}` as Code;
}

/** A union of types, on one line where it fits after `before` columns. */
export function union(
  members: readonly Code[],
  { indent, before }: { indent: number; before: number },
): Code {
  const flat = members.join(" | ");
  if (indent + before + flat.length + 1 <= WIDTH) return flat as Code;
  return members.map((member) => `\n${" ".repeat(indent + 2)}| ${member}`).join("") as Code;
}
