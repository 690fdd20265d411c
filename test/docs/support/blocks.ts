/**
 * The code blocks of a Markdown page. Notes for the tests are in an HTML comment before a block, which
 * readers do not see:
 *
 * - `not run: REASON`: the block is neither run nor compiled
 * - `stays running`: its command is a server, which runs until the page ends
 * - `given: CODE`: TypeScript that the block requires
 */
import { readFileSync } from "node:fs";

export interface Block {
  /** The page's path in the repository. */
  readonly page: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  /** The word after the fence; empty if there is none. */
  readonly language: string;
  /** `name` of ```` ```ts [name] ````: the file that the reader is told to save. */
  readonly file: string | undefined;
  readonly text: string;
  readonly notes: Readonly<Partial<Record<Note, string>>>;
}

const NOTES = ["not run", "stays running", "given"] as const;
type Note = (typeof NOTES)[number];

const FENCE = /^( *)(`{3,})(\w*)(?: \[([^\]]+)\])?[^\n]*\n(.*?)^\1\2 *$/gms;
export function blocksOf(page: string): Block[] {
  const markdown = readFileSync(page, "utf8");
  return [...markdown.matchAll(FENCE)].map((match): Block => {
    const [, indent = "", , language = "", file, body = ""] = match;
    const before = markdown.slice(0, match.index);
    return {
      page,
      line: before.split("\n").length,
      language,
      file,
      text: body.replace(new RegExp(`^${indent}`, "gm"), ""),
      notes: notesOf(before),
    };
  });
}

function notesOf(before: string): Block["notes"] {
  const notes: Partial<Record<Note, string>> = {};
  let rest = before.trimEnd();
  while (rest.endsWith("-->")) {
    const begin = rest.lastIndexOf("<!--");
    const text = rest.slice(begin + "<!--".length, -"-->".length).trim();
    const note = NOTES.find((name) => text.startsWith(name));
    if (!note) break;
    notes[note] = text.slice(note.length).replace(/^:\s*/, "");
    rest = rest.slice(0, begin).trimEnd();
  }
  return notes;
}
