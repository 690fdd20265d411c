/** Shows images in terminals that support it, which take the bytes of a file unchanged. */
import { readFile } from "node:fs/promises";
import type { Env } from "./streams.js";

/** A terminal's image protocol. */
export type Protocol = "kitty" | "iterm";

/** Largest file that is shown, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Chunk size of an image for kitty, in characters. */
const CHUNK = 4096;

/** The image protocol of the terminal, from its environment variables. */
export function protocolOf(env: Env): Protocol | undefined {
  // Multiplexers forward nothing unless configured to.
  if (env["TMUX"] || env["STY"]) return undefined;
  const { TERM = "", TERM_PROGRAM = "" } = env;
  if (env["KITTY_WINDOW_ID"] || TERM === "xterm-kitty" || /ghostty/i.test(TERM_PROGRAM))
    return "kitty";
  return /^(iTerm\.app|WezTerm|mintty|vscode)$/.test(TERM_PROGRAM) ? "iterm" : undefined;
}

/** The escape sequence that shows an image; undefined if the terminal cannot show it. */
export function pictureSequence(
  content: Buffer,
  mediaType: string,
  protocol: Protocol,
): string | undefined {
  const data = content.toString("base64");
  if (protocol === "iterm")
    return mediaType.startsWith("image/")
      ? `\u001b]1337;File=inline=1;size=${content.length};height=20:${data}\u0007\n`
      : undefined;
  if (mediaType !== "image/png") return undefined;
  let sequence = "";
  for (let at = 0; at < data.length; at += CHUNK) {
    const more = at + CHUNK < data.length ? 1 : 0;
    const head = at === 0 ? `a=T,f=100,r=20,q=2,m=${more}` : `m=${more}`;
    sequence += `\u001b_G${head};${data.slice(at, at + CHUNK)}\u001b\\`;
  }
  return `${sequence}\n`;
}

/** Shows an image on stdout, if the terminal supports it. */
export async function preview(path: string, mediaType: string): Promise<void> {
  const protocol = protocolOf(process.env);
  if (!protocol || !mediaType.startsWith("image/")) return;
  const content = await readFile(path);
  if (content.length > MAX_BYTES) return;
  const sequence = pictureSequence(content, mediaType, protocol);
  if (sequence !== undefined) process.stdout.write(sequence);
}
