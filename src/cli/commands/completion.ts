/** `vix completion`: prints the script with which a shell asks `vix __complete` for completions. */
import { CliError } from "../exit.js";
import { SCRIPTS } from "../completion/scripts.js";
import type { Session } from "../session.js";

export function completionCommand({ out }: Session, shell: string): Promise<number> {
  const script = SCRIPTS[shell.toLowerCase()];
  if (script === undefined)
    throw new CliError("usage", `There is no completion for ${shell}.`, {
      hint: "Choose bash, zsh or fish.",
    });
  out.line(script.trim());
  return Promise.resolve(out.done({}));
}
