/** `vix run`: runs a flow, from the check of its parameters to the files on disk. */
import type { Plan, Run, TaskOutcome, UploadProgress } from "../../index.js";
import { CliError, codeOf, withFields } from "../exit.js";
import { checkReferences } from "../flows/files.js";
import { findFlow, type FoundFlow } from "../flows/find-flow.js";
import { addFlowOptions } from "../flows/options.js";
import { openParams, readParams, splitParam, typedValue } from "../flows/params.js";
import type { Act } from "../options.js";
import { firstPass, secondPass, type RunFlags } from "../run/arguments.js";
import { cancelledOf, stoppedError } from "../run/stopped.js";
import type { Session } from "../session.js";
import { Display } from "../tasks/display.js";
import { failureOfTasks } from "../tasks/failure.js";
import { checkFolder, saveAndShow, type SavedFile } from "../tasks/save.js";
import { waitForTasks } from "../tasks/wait.js";
import { barLine, Pace } from "../terminal/bar.js";
import { oneLine } from "../terminal/clean.js";
import { bytes, plural, seconds, taskWords } from "../terminal/format.js";

/** @param before options given before the command name */
export async function runCommand(act: Act, args: readonly string[], before: object): Promise<void> {
  const { flow: name, flags } = firstPass(args);
  if (name === undefined) {
    const command = secondPass(undefined, () => undefined);
    if (args.length === 0)
      throw new CliError("usage", "No flow is given.", { hint: "`vix flows` lists them." });
    command.outputHelp();
    return;
  }
  await act({ ...before, ...flags }, async (session) => {
    const found = await findFlow(session, name);
    const typed = new Map<string, unknown>();
    const command = secondPass(found, (into) =>
      addFlowOptions(into, found, (parameter, value) => typed.set(parameter, value)),
    );
    command.parse([...args], { from: "user" });
    return runFlow(session, found, typed, command.opts());
  });
}

async function runFlow(
  session: Session,
  found: FoundFlow,
  typed: ReadonlyMap<string, unknown>,
  flags: RunFlags,
): Promise<number> {
  const { out } = session;
  const { flow } = found;
  checkFolder(flags.output);
  const params = await gather(found, typed, flags);
  const values = await openParams(found, params, process.cwd());
  if (flags.dryRun) {
    const { plan } = await import("../../index.js");
    return showPlan(session, await plan(flow, values, flags));
  }

  // A person typed the addresses, so they may lead wherever that person has access.
  const client = await session.client({ fetchUrls: { allowPrivate: true } });
  await checkReferences(client, values, session.signal);
  const startedAt = performance.now();
  const deadline = flags.timeout === undefined ? undefined : startedAt + flags.timeout;
  const run = await submit(session, found, values, flags, client);
  out.live.clear();
  const tasks = run.tasks.map(({ id, seed }) => ({ id, seed: seed ?? null }));
  const ids = tasks.map(({ id }) => id);
  if (flags.detach) {
    for (const id of ids) out.line(String(id));
    return out.done({ flow: flow.id, tasks });
  }
  const [seed] = tasks.map((task) => task.seed);
  out.note(`${flow.id}: ${taskWords(ids)}${seed == null ? "" : `, seed ${seed}`}`);

  const saved: SavedFile[] = [];
  const fields = (): object => ({
    flow: flow.id,
    tasks,
    files: ids.flatMap((id) => saved.filter(({ task }) => task === id)),
    seconds: Number(((performance.now() - startedAt) / 1000).toFixed(2)),
  });
  const display = new Display(out, flow.id, client);
  let outcomes: TaskOutcome[];
  try {
    outcomes = await waitForTasks(run.tasks, {
      signal: session.signal,
      timeoutMs: deadline === undefined ? undefined : Math.max(1, deadline - performance.now()),
      onChange: (views) => display.update(views),
      onEnd: async ({ files }) => {
        saved.push(
          ...(await saveAndShow(out, files, flags.output, {
            signal: session.signal,
            metadata: flags.metadata,
            preview: flags.preview,
          })),
        );
      },
    });
  } catch (error) {
    display.close();
    const stopped = await stoppedError(error, session.interrupt, ids, () => run.cancel(), fields());
    if (stopped !== error) throw stopped;
    const isUnsaved = codeOf(error) === "not_saved";
    const hint = `\`vix save ${ids.join(" ")}\` saves the files.`;
    throw withFields(error, fields(), { taskIds: ids, ...(isUnsaved && { hint }) });
  }
  display.close();
  const failure = failureOfTasks(outcomes, fields());
  if (failure) throw failure;
  const document = fields() as { seconds: number };
  out.note(`${plural(saved.length, "file")} in ${seconds(document.seconds)}`);
  return out.done(document);
}

/** The parameters; typed ones override those of the file. */
async function gather(
  found: FoundFlow,
  typed: ReadonlyMap<string, unknown>,
  flags: RunFlags,
): Promise<Map<string, unknown>> {
  const params = new Map<string, unknown>(
    flags.params === undefined ? [] : Object.entries(await readParams(flags.params)),
  );
  for (const text of flags.param ?? []) {
    const [name, value] = splitParam(text);
    params.set(name, typedValue(found, name, value));
  }
  for (const [name, value] of typed) params.set(name, value);
  return params;
}

async function submit(
  session: Session,
  { flow }: FoundFlow,
  values: Record<string, unknown>,
  flags: RunFlags,
  client: Awaited<ReturnType<Session["client"]>>,
): Promise<Run> {
  const { signal, interrupt, out } = session;
  const pace = new Pace();
  const onUploadProgress = ({ loaded, total }: UploadProgress): void => {
    pace.add(performance.now(), loaded);
    out.live.draw((columns) => [uploadLine(loaded, total, pace, columns)]);
  };
  try {
    return await flow(client, values, {
      signal,
      timeoutMs: flags.timeout,
      ...(out.live.on && { onUploadProgress }),
      idempotencyKey: flags.key,
      allowLargeCount: flags.allowLargeCount,
    });
  } catch (error) {
    const taskIds = (error as { taskIds?: readonly number[] }).taskIds ?? [];
    throw await stoppedError(error, interrupt, taskIds, () => cancelledOf(error));
  }
}

function uploadLine(
  loaded: number,
  total: number | undefined,
  pace: Pace,
  columns: number,
): string {
  const rate = pace.perSecond === undefined ? [] : [`${bytes(pace.perSecond)}/s`];
  if (total === undefined) return ["uploading", bytes(loaded), ...rate].join("  ");
  const facts = [`${bytes(loaded)} of ${bytes(total)}`, ...pace.rest(total), ...rate];
  return barLine("uploading", loaded / total, facts, columns);
}

/** Shows what would be sent. */
function showPlan({ out }: Session, { flow, parts, seed, seedDrawn, count }: Plan): number {
  const shown = parts.map(({ name, value }) =>
    typeof value === "string"
      ? { name, value }
      : { name, file: { name: value.name, size: value.size ?? null } },
  );
  out.note(`${flow}: ${plural(count, "task")}; nothing was sent`);
  for (const part of shown) {
    const value =
      "file" in part
        ? `${part.file.name} (${bytes(part.file.size ?? undefined)})`
        : part.name === "seed" && seedDrawn
          ? `${part.value} (drawn)`
          : part.value;
    out.line(`${part.name}: ${oneLine(value)}`);
  }
  return out.done({ flow, seed: seed ?? null, count, parts: shown });
}
