/**
 * Keeps a second process out of DIR. The lock names its holder by process id and start time. A holder is dead
 * if no process has its id, or if that process started at another time.
 */
import { execFileSync } from "node:child_process";
import { link, open, readFile, rename, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../exit.js";

interface Holder {
  readonly pid: number;
  /** Undefined when the system does not tell. */
  readonly began?: string | undefined;
}

/** A lock that is held. */
export interface Lock {
  /** The killed process that held it before, if any. */
  readonly deadPid: number | undefined;
  release(): Promise<void>;
}

/**
 * Locks a folder.
 * @throws CliError `locked` when a living process holds it
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const path = join(folder, ".vix-lock");
  const own: Holder = { pid: process.pid, began: beganAt(process.pid) };
  const text = JSON.stringify(own);
  const draft = `${path}-${process.pid}`;
  await rm(draft, { force: true });
  const file = await open(draft, "wx");
  await file.writeFile(text);
  await file.close();
  let deadPid: number | undefined;
  try {
    // A link appears complete with its content, or not at all.
    for (let tries = 0; !(await linked(draft, path)); tries++) {
      const found = await readFile(path, "utf8").catch(() => undefined);
      if (found === undefined) continue;
      const holder = parse(found);
      if ((holder && isAlive(holder)) || tries > 100)
        throw new CliError(
          "locked",
          `Process ${holder?.pid ?? "?"} is already running a batch in ${folder}.`,
          { hint: "Wait until it ends, or stop it." },
        );
      deadPid = holder?.pid;
      await takeAway(path, found, draft);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return {
    deadPid,
    release: async () => {
      const held = await readFile(path, "utf8").catch(() => undefined);
      if (held === text) await rm(path, { force: true });
    },
  };
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new CliError("not_saved", `The folder cannot be locked: ${(error as Error).message}.`);
  }
}

/** Removes the lock of a dead holder; restores a lock that another process took at the same moment. */
async function takeAway(path: string, dead: string, draft: string): Promise<void> {
  const aside = `${draft}-dead`;
  try {
    await rename(path, aside);
  } catch {
    return; // Another process was faster.
  }
  if ((await readFile(aside, "utf8").catch(() => dead)) !== dead)
    await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function parse(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder | null;
    return typeof holder?.pid === "number" ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process is alive, and belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = beganAt(pid);
  return began === undefined || now === undefined || began === now;
}

/** When a process started, in the system's own format; undefined when unknown. */
function beganAt(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      const status = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The program's name stands in parentheses, and may contain anything.
      const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
      // A zombie: it has ended, and its parent has not collected its status.
      if (fields[0] === "Z") return "ended";
      return `${boot} ${fields[19]}`;
    }
    if (process.platform === "win32") return undefined;
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    const args = ["-o", "lstart=", "-p", String(pid)];
    return execFileSync("ps", args, { env, encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}
