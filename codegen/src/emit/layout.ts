/** Lays out lists and objects: on one line where they fit, else one member per line. */
import { code, joinCode, type Code } from "./safe-text.js";

/** Width of generated lines. A single text longer than it stays whole. */
export const WIDTH = 100;

/** Where a piece of code stands. */
interface Room {
  /** Indentation of its line. */
  readonly indent: 2 | 4;
  /** Columns that are taken before it and after it. */
  readonly before: number;
  readonly after?: number;
}

/** A list literal. */
export function listCode(members: readonly Code[], room: Room): Code {
  const flat = code`[${joinCode(members, ", ")}]`;
  return fits(flat, room) ? flat : code`[${memberLines(members, room)}]`;
}

/** An object literal. */
export function objectCode(members: readonly Code[], room: Room): Code {
  const flat = code`{ ${joinCode(members, ", ")} }`;
  return fits(flat, room) ? flat : code`{${memberLines(members, room)}}`;
}

function memberLines(members: readonly Code[], { indent }: Room): Code {
  const lines = members.map((member) => code`${MARGIN[indent + 2] ?? code``}${member},\n`);
  return code`\n${joinCode(lines, "")}${MARGIN[indent] ?? code``}`;
}

/** A union of types; where it does not fit, it starts on a new line. */
export function unionCode(members: readonly Code[], room: Room): Code {
  const flat = code` ${joinCode(members, " | ")}`;
  if (fits(flat, room)) return flat;
  return joinCode(
    members.map((member) => code`\n${MARGIN[room.indent + 2] ?? code``}| ${member}`),
    "",
  );
}

function fits(flat: Code, { indent, before, after = 0 }: Room): boolean {
  return !flat.includes("\n") && indent + before + flat.length + after <= WIDTH;
}

const MARGIN: Readonly<Record<number, Code>> = {
  2: code`  `,
  4: code`    `,
  6: code`      `,
};
