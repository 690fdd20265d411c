/** The server and credentials of a command: from options, else from the environment, else from `vix login`. */
import { readFileSync } from "node:fs";
import { hideUser } from "../../http/hide-user.js";
import { CliError } from "../exit.js";
import type { Env } from "../terminal/streams.js";
import { readServers, serversPath, type Credentials, type Servers } from "./servers-file.js";

/** Options of every command that talks to a server. */
export interface ServerOptions {
  readonly url?: string;
  readonly username?: string;
  readonly password?: string;
  readonly passwordFile?: string;
}

export interface ServerSettings {
  readonly baseUrl: string;
  readonly auth: Credentials | undefined;
}

/**
 * Finds the address and the credentials.
 * @param warn called with warnings about unsafe settings
 * @throws CliError when no server is known
 */
export function serverSettings(
  options: ServerOptions,
  env: Env,
  warn: (message: string) => void,
): ServerSettings {
  const given = { username: options.username, password: passwordOf(options, warn) };
  const environment = { username: env["VIX_USERNAME"], password: env["VIX_PASSWORD"] };
  const needsFile = !options.url && !env["VIX_URL"];
  const servers = lazy(() => readServers(serversPath(env), warn));
  const address = options.url || env["VIX_URL"] || (needsFile ? servers().current : undefined);
  if (!address)
    throw new CliError("no_server", "No server is given.", {
      hint: "Give --url, set VIX_URL, or log in once with `vix login`.",
    });
  const url = parseAddress(address);
  if (options.url && url.auth?.password)
    warn("A password in --url can be seen by other users of this machine; use --password-file.");
  const username = given.username ?? url.auth?.username ?? environment.username;
  const password = given.password ?? (url.auth?.password || environment.password);
  if (username !== undefined && password !== undefined)
    return { baseUrl: url.baseUrl, auth: { username, password } };
  const known = servers().servers[url.baseUrl] ?? undefined;
  if (username === undefined && password === undefined)
    return { baseUrl: url.baseUrl, auth: known };
  if (username !== undefined && known?.username === username)
    return { baseUrl: url.baseUrl, auth: known };
  throw new CliError(
    "credentials_incomplete",
    username === undefined
      ? "There is a password, but no user name."
      : `There is no password for ${username}.`,
    { hint: "Give --username and --password-file, or set VIX_USERNAME and VIX_PASSWORD." },
  );
}

/** Address without credentials and trailing slash, and the credentials it contained. */
export function parseAddress(address: string): ServerSettings {
  let url: URL;
  let auth: Credentials | undefined;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(address) ? address : `http://${address}`);
    if (!/^https?:$/.test(url.protocol)) throw new Error("not http");
    const { username, password } = url;
    if (username)
      auth = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    const shown = JSON.stringify(hideUser(address));
    throw new CliError("invalid_option", `${shown} is not an http(s) address.`, {
      hint: "Give one such as http://localhost:8288.",
    });
  }
  url.username = url.password = url.hash = url.search = "";
  return { baseUrl: url.href.replace(/\/$/, ""), auth };
}

/** The password given by the options, if any. */
export function passwordOf(
  { password, passwordFile }: ServerOptions,
  warn: (message: string) => void,
): string | undefined {
  if (password !== undefined) {
    warn("A password on the command line can be seen by other users; use --password-file.");
    return password;
  }
  return passwordFile === undefined ? undefined : readPasswordFile(passwordFile);
}

/** @throws CliError when the file cannot be read */
export function readPasswordFile(path: string): string {
  try {
    // Editors end a file with a line break.
    return readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    throw new CliError(
      "invalid_option",
      `The password file cannot be read: ${(error as Error).message}.`,
    );
  }
}

function lazy(read: () => Servers): () => Servers {
  let value: Servers | undefined;
  return () => (value ??= read());
}
