/**
 * Who installs. The command has it done by a process of its own, so that a kill of the command leaves no
 * half-swapped folder: that process begins when it has been given the whole job, and then comes to its end
 * whatever happens to the command. Until then it loads the parser, which takes as long as all the rest.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CodegenError } from "../errors.js";
import { install, type Job } from "./install.js";
import { settleLeftovers } from "./leftovers.js";

export interface Installer {
  /** The process that answers for what is staged. */
  readonly pid: number;
  /** @throws CodegenError what `install` throws, and `interrupted`. */
  readonly install: (job: Job) => Promise<void>;
  /** Ends it if it was given nothing to do. */
  readonly stop: () => void;
}

/** Starts an installer for an output folder. */
export type StartInstaller = (out: string) => Installer;

/** Installs in this process. */
export const installHere: StartInstaller = () => ({
  pid: process.pid,
  install,
  stop: () => undefined,
});

/** What the process answers: what `install` threw, or nothing. */
export interface Answer {
  readonly error?: Pick<CodegenError, "code" | "message" | "pointer" | "value" | "hint">;
}

/** Installs in a process of its own, which starts at once. */
export const installApart: StartInstaller = (out) => {
  const entry = fileURLToPath(new URL("./installer-process.js", import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, entry, out], {
    // A group of its own: Ctrl-C is for the command, which knows what to do.
    detached: true,
    windowsHide: true,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  // Whatever is wrong with the process, it ends without an answer.
  child.on("error", () => undefined);
  if (child.pid === undefined) return installHere(out);
  const answered = new Promise<Answer>((fulfil) => child.once("message", fulfil));
  const ended = new Promise<undefined>((fulfil) => {
    child.once("exit", () => fulfil(undefined));
  });
  let isIdle = true;
  return {
    pid: child.pid,
    install: async (job) => {
      isIdle = false;
      child.send(job, () => undefined);
      const answer = await Promise.race([answered, ended]);
      if (child.connected) child.disconnect();
      if (answer === undefined) {
        await settleLeftovers(out);
        throw interrupted();
      }
      if (answer.error !== undefined) {
        throw new CodegenError(answer.error.code, answer.error.message, answer.error);
      }
    },
    stop: () => {
      if (isIdle) child.kill();
    },
  };
};

function interrupted(): CodegenError {
  return new CodegenError(
    "interrupted",
    "The process that puts the generated files in place ended before it was done.",
    { hint: "The folder holds the old client or the new one. Run the command again." },
  );
}
