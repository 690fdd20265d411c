/**
 * The installer. The command delegates to a separate process, so that killing the command leaves no
 * half-swapped folder: that process starts once it has the whole job, and then finishes whatever happens to
 * the command. Until then it loads the parser, which takes as long as everything else.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CodegenError } from "../errors.js";
import { install, type Job } from "./install.js";
import { settleLeftovers } from "./leftovers.js";

export interface Installer {
  /** The process responsible for the staged files. */
  readonly pid: number;
  /** @throws CodegenError the errors of `install`, and `interrupted`. */
  readonly install: (job: Job) => Promise<void>;
  /** Stops it if it received no job. */
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

/** The response of the process: the error of `install`, or nothing. */
export interface Answer {
  readonly error?: Pick<CodegenError, "code" | "message" | "pointer" | "value" | "hint">;
}

/** Installs in a separate process, which starts at once. */
export const installApart: StartInstaller = (out) => {
  const entry = fileURLToPath(new URL("./installer-process.js", import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, entry, out], {
    // A separate process group: Ctrl-C goes only to the command, which handles it.
    detached: true,
    windowsHide: true,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  // A broken process exits without a response, which is handled below.
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
    "The process that installs the generated files ended too early.",
    { hint: "The folder has either the old files or the new ones. Run the command again." },
  );
}
