/** The secret by which the app recognises its own tasks, stored where only its owner can read it. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../exit.js";
import { serversPath } from "../server/servers-file.js";
import type { Env } from "../terminal/streams.js";

export function secretPath(env: Env): string {
  return join(dirname(serversPath(env)), "ui-secret");
}

/**
 * Reads the secret, or creates it the first time.
 * @throws CliError when it cannot be stored
 */
export function keptSecret(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      // Two processes that start at once both use what the first one wrote.
      writeFileSync(path, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (process.platform !== "win32" && statSync(path).mode & 0o077) chmodSync(path, 0o600);
    const secret = readFileSync(path, "utf8").trim();
    if (secret.length >= 64) return secret;
  } catch (error) {
    throw new CliError("config", `${path} cannot be used: ${(error as Error).message}.`);
  }
  throw new CliError("config", `${path} is damaged.`, {
    hint: "Delete it; the app then no longer lists the tasks that it made before.",
  });
}
