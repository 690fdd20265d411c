/**
 * The servers stored by `vix login`, with their credentials, in one file that only its owner can read.
 * Credentials belong to the address they were given for, and are never sent to another.
 */
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CliError } from "../exit.js";
import type { Env } from "../terminal/streams.js";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Servers {
  /** Address used when none is given. */
  readonly current?: string;
  /** By address; null when the server requires none. */
  readonly servers: Readonly<Record<string, Credentials | null>>;
}

/** Path of the file. */
export function serversPath(env: Env): string {
  const base =
    env["XDG_CONFIG_HOME"] ||
    (process.platform === "win32" && env["APPDATA"]) ||
    join(env["HOME"] || homedir(), ".config");
  return join(base, "vix", "servers.json");
}

/**
 * Reads the file; empty when there is none.
 * @param warn called when other users may read it
 */
export function readServers(path: string, warn: (message: string) => void): Servers {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
    if (process.platform !== "win32" && statSync(path).mode & 0o077)
      warn(`${path} can be read by others; run: chmod 600 ${path}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { servers: {} };
    throw new CliError("config", `${path} cannot be read: ${(error as Error).message}.`);
  }
  try {
    const { current, servers } = JSON.parse(text) as Partial<Servers>;
    if (servers && typeof servers === "object")
      return { ...(current !== undefined && { current }), servers };
  } catch {
    // The parser's message quotes the file, passwords included.
  }
  throw new CliError("config", `${path} is damaged.`, {
    hint: "Delete it and run `vix login` again.",
  });
}

/** Writes the file atomically, readable by its owner only. */
export function writeServers(path: string, servers: Servers): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${process.pid}`;
  try {
    writeFileSync(partial, `${JSON.stringify(servers, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(partial, 0o600);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new CliError("config", `${path} cannot be written: ${(error as Error).message}.`);
  }
}
