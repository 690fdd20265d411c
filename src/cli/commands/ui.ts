/** `vix ui`: serves the app to the user of this machine, until Ctrl-C. */
import { hostname } from "node:os";
import type { Client } from "../../index.js";
import { createProxy, type Proxy } from "../../proxy/index.js";
import { CliError } from "../exit.js";
import { readPasswordFile } from "../server/settings.js";
import type { Session } from "../session.js";
import { readAssets } from "../ui/assets.js";
import { openBrowser } from "../ui/open-browser.js";
import { keptSecret, secretPath } from "../ui/secret-file.js";
import { startUi, type Ui, type UiOptions } from "../ui/server.js";

export interface UiCommandOptions {
  readonly port?: number;
  readonly host?: string;
  readonly allowHost?: readonly string[];
  readonly pagePasswordFile?: string;
  readonly open?: boolean;
  readonly json?: boolean;
}

/** Used when free, so that bookmarks and the page's settings persist. */
const USUAL_PORT = 8289;

const LOOPBACK = "127.0.0.1";

/** Shorter ones are too easy to guess. */
const MIN_PASSWORD = 8;

export async function uiCommand(session: Session, options: UiCommandOptions): Promise<number> {
  const { out, env, signal, interrupt } = session;
  const { host = LOOPBACK, port, open = true, allowHost = [] } = options;
  if (out.json) throw new CliError("usage", "`vix ui` has no --json: it serves a page.");
  const password = passwordFor(host, options, env["VIX_UI_PASSWORD"]);
  const { baseUrl } = session.settings();
  const assets = readAssets();
  const proxy = proxyOf(await session.client(), keptSecret(secretPath(env)));
  const ui = await startAt(
    { proxy, assets, server: baseUrl, host, password, names: [hostname(), ...allowHost] },
    port,
  );
  const address = `http://${password === undefined || isAny(host) ? LOOPBACK : bracketed(host)}:${ui.port}/`;
  out.line(`Visionatrix app for ${baseUrl}`);
  out.line(`  ${address}?token=${ui.token}`);
  if (password !== undefined)
    out.line(
      `  Others reach it at http://${bracketed(isAny(host) ? hostname() : host)}:${ui.port}/ with the password, unencrypted.`,
    );
  out.line("Press Ctrl-C to stop it; tasks continue on the server.");
  if (open) openBrowser(`${address}?token=${ui.onceToken}`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  ui.close();
  return interrupt.exitCode ?? 0;
}

/** The user of this machine may do whatever the server allows them. */
function proxyOf(client: Client, secret: string): Proxy {
  return createProxy({
    client,
    flows: "installed",
    owner: () => "the person at this machine",
    secret,
    limits: { count: Infinity, bodyBytes: Infinity, unfinished: Infinity },
  });
}

/** On the given port; by default on the usual one, or on a free one if that is taken. */
async function startAt(options: Omit<UiOptions, "port">, port: number | undefined): Promise<Ui> {
  try {
    return await startUi({ ...options, port: port ?? USUAL_PORT });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (port === undefined && code === "EADDRINUSE") return startUi({ ...options, port: 0 });
    throw new CliError(
      "invalid_option",
      code === "EADDRINUSE"
        ? `Port ${port} on ${options.host} is already in use.`
        : `Cannot listen on ${options.host}: ${message}.`,
    );
  }
}

/**
 * The password for browsers on the network; undefined when none can connect.
 * @throws CliError when the network would have access without one
 */
function passwordFor(
  host: string,
  { pagePasswordFile }: UiCommandOptions,
  fromEnv: string | undefined,
): string | undefined {
  const password = pagePasswordFile === undefined ? fromEnv : readPasswordFile(pagePasswordFile);
  if (["127.0.0.1", "::1", "localhost"].includes(host)) return undefined;
  if (password === undefined || password === "")
    throw new CliError("usage", `--host ${host} opens the app to the network: set a password.`, {
      hint: "Give --page-password-file FILE, or set VIX_UI_PASSWORD.",
    });
  if (password.length < MIN_PASSWORD)
    throw new CliError("usage", `The page password must have at least ${MIN_PASSWORD} characters.`);
  return password;
}

function isAny(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
