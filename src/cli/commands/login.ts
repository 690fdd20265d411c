/** `vix login`: asks for a server and its credentials, tests them, and stores them. */
import { text as readAll } from "node:stream/consumers";
import { createInterface } from "node:readline/promises";
import { CliError, EXIT } from "../exit.js";
import { passwordOf, parseAddress, type ServerOptions } from "../server/settings.js";
import {
  readServers,
  serversPath,
  writeServers,
  type Credentials,
} from "../server/servers-file.js";
import { readSecret } from "../server/secret.js";
import type { Session } from "../session.js";

const DEFAULT_URL = "http://localhost:8288";

export async function loginCommand(
  session: Session,
  url: string | undefined,
  options: ServerOptions,
): Promise<number> {
  const { out, env, signal } = session;
  const warn = (message: string): void => out.note(`vix: ${message}`);
  const path = serversPath(env);
  const known = readServers(path, warn);
  const address =
    url ?? options.url ?? env["VIX_URL"] ?? (await ask("Server", DEFAULT_URL, signal));
  const { baseUrl, auth: inAddress } = parseAddress(address);
  const auth = await credentials(session, { ...options, ...inAddress });

  const { createClient } = await import("../../index.js");
  const user = await createClient({ baseUrl, auth }).whoami({ signal });
  if (!auth) out.note("The server asks for no credentials.");
  writeServers(path, {
    current: baseUrl,
    servers: { ...known.servers, [baseUrl]: auth ?? null },
  });
  out.line(`Logged in to ${baseUrl} as ${auth?.username ?? user.user_id}.`);
  return out.done({ url: baseUrl, user: user.user_id });
}

/** The credentials from the options, otherwise from a prompt; undefined for a server without authentication. */
async function credentials(
  { out, signal }: Session,
  options: ServerOptions,
): Promise<Credentials | undefined> {
  const username = options.username ?? (await ask("User name (empty for none)", "", signal));
  if (username === "") return undefined;
  const given = passwordOf(options, (message) => out.note(`vix: ${message}`));
  const password = given ?? (await secret(`Password of ${username}`, signal));
  if (password === "") throw new CliError("usage", "The password is empty.");
  return { username, password };
}

async function ask(question: string, otherwise: string, signal: AbortSignal): Promise<string> {
  // Standard input may contain the password, and nothing else.
  if (!process.stdin.isTTY) return otherwise;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const shown = otherwise === "" ? question : `${question} [${otherwise}]`;
    return (await lines.question(`${shown}: `, { signal })).trim() || otherwise;
  } catch {
    throw new CliError("aborted", "Nothing was changed.", { exitCode: EXIT.interrupted });
  } finally {
    lines.close();
  }
}

async function secret(question: string, signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) return (await readAll(process.stdin)).replace(/\r?\n$/, "");
  return readSecret(`${question}: `, signal);
}
