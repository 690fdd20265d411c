/** `vix mcp`: starts the package `visionatrix-mcp` with the server that `vix` uses. */
import { codeOf, CliError } from "../exit.js";
import { serverSettings, type ServerOptions } from "../server/settings.js";
import type { Env } from "../terminal/streams.js";

/** Not a dependency: most users of the command line serve no agents. */
const PACKAGE = "visionatrix-mcp";

interface McpPackage {
  readonly main: (args: readonly string[], env: Env) => Promise<void>;
}

/**
 * Serves tools until its host disconnects, like the package's own command.
 * @param args options of the package
 */
export async function mcpCommand(
  args: readonly string[],
  options: ServerOptions,
  env: Env = process.env,
): Promise<void> {
  const { main } = await load();
  try {
    await main(args, { ...env, ...serverEnvironment(options, env) });
  } catch (error) {
    if (error instanceof CliError || codeOf(error) !== "internal") throw error;
    throw new CliError("usage", (error as Error).message, {
      hint: "`vix mcp --help` lists the options.",
    });
  }
}

/**
 * The server in the environment variables that the package reads; if none is known, the package's own default
 * applies.
 */
function serverEnvironment(options: ServerOptions, env: Env): Env {
  try {
    const { baseUrl, auth } = serverSettings(options, env, (message) =>
      process.stderr.write(`vix: ${message}\n`),
    );
    return { VIX_URL: baseUrl, VIX_USERNAME: auth?.username, VIX_PASSWORD: auth?.password };
  } catch (error) {
    if (error instanceof CliError && error.code === "no_server") return {};
    throw error;
  }
}

async function load(): Promise<McpPackage> {
  try {
    return (await import(PACKAGE)) as McpPackage;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Only if the package itself is missing; one of its own dependencies is another matter.
    if (code === "ERR_MODULE_NOT_FOUND" && message.includes(`'${PACKAGE}'`))
      throw new CliError(
        "not_installed",
        `\`vix mcp\` needs the package ${PACKAGE}, which is not installed.`,
        { hint: `Install it beside this one: npm install ${PACKAGE}` },
      );
    throw error;
  }
}
