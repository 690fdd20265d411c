/**
 * `vix doctor`: checks that the server responds, accepts the credentials, matches the generated code, and
 * gets work done.
 */
import type { Client } from "../../index.js";
import { CliError, codeOf, EXIT, exitCodeOf, failureOf } from "../exit.js";
import { generatedFlows } from "../flows/generated.js";
import { probe } from "../server/probe.js";
import type { ServerSettings } from "../server/settings.js";
import type { Session } from "../session.js";
import { oneLine } from "../terminal/clean.js";
import { seconds } from "../terminal/format.js";
import { clockCheck, driftCheck, workersCheck, type Check, type Worker } from "../doctor/checks.js";
import { tinyRun } from "../doctor/tiny-run.js";

export interface DoctorOptions {
  readonly run?: boolean;
}

export async function doctorCommand(session: Session, { run }: DoctorOptions): Promise<number> {
  const { out } = session;
  const checks: Check[] = [];
  let exitCode: number = EXIT.done;
  const note = (check: Check, code: number = EXIT.server): void => {
    checks.push(check);
    if (!check.ok && exitCode === EXIT.done) exitCode = code;
    const { green, red, bold } = out.colours;
    const mark = check.ok ? green("ok   ") : red("WRONG");
    out.line(`${mark}  ${bold(check.name.padEnd(11))} ${oneLine(check.message)}`);
    if (check.hint !== undefined) out.line(`                    ${oneLine(check.hint)}`);
  };

  const settings = session.settings();
  note({ name: "address", ok: true, message: settings.baseUrl });
  const client = await session.client();
  if (await reach(session, client, settings, note)) await inspect(session, client, settings, note);
  if (run === true && exitCode === EXIT.done) note(await tinyRun(session, client), EXIT.failed);
  session.signal.throwIfAborted();
  if (exitCode === EXIT.done) return out.done({ checks });
  return out.done({ checks }, exitCode);
}

type Note = (check: Check, code?: number) => void;

/** Whether the server responds and accepts the credentials. */
async function reach(
  { signal }: Session,
  client: Client,
  settings: ServerSettings,
  note: Note,
): Promise<boolean> {
  const startedAt = performance.now();
  try {
    const user = await client.whoami({ signal });
    const took = seconds((performance.now() - startedAt) / 1000);
    note({ name: "server", ok: true, message: `answered in ${took}` });
    const as = `${user.user_id}${user.is_admin ? ", an admin" : ""}`;
    note({
      name: "credentials",
      ok: true,
      message: settings.auth ? `accepted: ${as}` : `none given; the server treats you as ${as}`,
    });
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    const { message, hint } = failureOf(error);
    const refused = codeOf(error) === "not_authenticated";
    if (refused) note({ name: "server", ok: true, message: "answers" });
    note(
      {
        name: refused ? "credentials" : "server",
        ok: false,
        message,
        ...(hint !== undefined && { hint }),
      },
      exitCodeOf(error) === EXIT.credentials ? EXIT.credentials : EXIT.server,
    );
    return false;
  }
}

async function inspect(
  { signal }: Session,
  client: Client,
  settings: ServerSettings,
  note: Note,
): Promise<void> {
  const asked = async <T>(name: string, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) throw new CliError("aborted", "Stopped.", { exitCode: EXIT.interrupted });
      note({ name, ok: false, message: failureOf(error).message });
      return undefined;
    }
  };
  const status = await asked("version", () => probe(settings, "/vapi/other/update-status", signal));
  if (status) {
    const { current_version: version } = (status.body ?? {}) as { current_version?: string };
    // Depends on permissions, not on health.
    note({ name: "version", ok: true, message: version ?? "only admins can see it" });
    note(clockCheck(status.clock), EXIT.usage);
  }
  const installed = await asked("flows", () => client.flows({ signal }));
  if (installed) {
    const generated = await generatedFlows();
    const known = generated.filter(({ id }) => installed.some(({ name }) => name === id));
    note({
      name: "flows",
      ok: true,
      message: `${installed.length} installed, ${known.length} of them with generated code`,
    });
    const { verifyFlows } = await import("../../index.js");
    const drift = await asked("drift", () =>
      // A flow that is not installed is not drift.
      verifyFlows(client, known as never, { signal }),
    );
    if (drift) note(driftCheck(drift), EXIT.usage);
  }
  const workers = await asked("workers", () => probe(settings, "/vapi/workers/info", signal));
  if (workers) note(workersCheck(listOf(workers.body), workers.clock?.server ?? Date.now()));
}

function listOf(body: unknown): Worker[] {
  return Array.isArray(body) ? (body as Worker[]) : [];
}
