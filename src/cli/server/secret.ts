/** Reads a line from the terminal without echo. */
import { CliError, EXIT } from "../exit.js";

export async function readSecret(question: string, signal: AbortSignal): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  const stopped = (): CliError =>
    new CliError("aborted", "Nothing was changed.", { exitCode: EXIT.interrupted });
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = "";
      signal.addEventListener("abort", () => reject(stopped()), { once: true });
      stdin.on("end", () => reject(stopped()));
      // Pasted text arrives in one chunk.
      stdin.on("data", (text: string) => {
        for (const character of text)
          if (character === "\r" || character === "\n") {
            resolve(typed);
            return;
          }
          // Ctrl-C and Ctrl-D: in raw mode they arrive as characters.
          else if (character === "\u0003" || character === "\u0004") {
            reject(stopped());
            return;
          } else if (character === "\u007f" || character === "\b")
            typed = Array.from(typed).slice(0, -1).join("");
          else typed += character;
      });
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stdin.removeAllListeners("data");
    stderr.write("\n");
  }
}
