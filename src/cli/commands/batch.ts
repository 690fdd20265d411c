/** `vix batch`: runs every line of a file, from the check to the report, however often it is stopped. */
import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { cancelOpen, KnownCancel } from "../batch/cancel.js";
import { BatchDisplay } from "../batch/display.js";
import { moveFiles, sweepFiles, sweepPartials } from "../batch/folder.js";
import { checkInput, hasLine, identifiedLines, type CheckedInput } from "../batch/input.js";
import { isDone, Ledger } from "../batch/ledger.js";
import { LineChecker, type Line } from "../batch/line.js";
import { lockFolder } from "../batch/lock.js";
import { writeReports, type Ended } from "../batch/report.js";
import type { Totals } from "../batch/report-run.js";
import { Runner } from "../batch/runner.js";
import { inputFile } from "../batch/input-file.js";
import { onDisk } from "../disk.js";
import { EXIT, withFields } from "../exit.js";
import type { Session } from "../session.js";
import { checkFolder } from "../tasks/save.js";
import { plural, seconds, taskWords } from "../terminal/format.js";

export interface BatchOptions {
  readonly output: string;
  readonly flow?: string;
  readonly atOnce: number;
  readonly retries: number;
  /** Longest outage of the server, in ms. */
  readonly outage: number;
  readonly dryRun?: boolean;
}

/** Length of an outage before it is reported, in ms. */
const OUTAGE_TOLD_MS = 10_000;

/** How long to wait for the server to cancel tasks, in ms. */
const CANCEL_MS = 5000;

export async function batchCommand(
  session: Session,
  given: string,
  options: BatchOptions,
): Promise<number> {
  const input = await inputFile(given, resolve(options.output));
  try {
    return await runFile(session, input.path, input.folder, options);
  } finally {
    await input.remove();
  }
}

/** @param folder base of relative paths in the file */
async function runFile(
  session: Session,
  file: string,
  folder: string,
  options: BatchOptions,
): Promise<number> {
  const { out, signal } = session;
  const startedAt = performance.now();
  const took = (): number => Number(((performance.now() - startedAt) / 1000).toFixed(1));
  const dir = resolve(options.output);
  checkFolder(dir);
  const checker = new LineChecker(session, options.flow, folder);
  const hasFlow = options.flow !== undefined;
  const display = new BatchDisplay(out);
  const input = await stoppable(session, () =>
    checkInput(file, hasFlow, checker, signal, (count) => display.checking(count)),
  );
  if (options.dryRun === true) {
    out.live.clear();
    out.line(`${plural(input.total, "line")} checked; nothing was sent.`);
    return out.done({ total: input.total, flows: input.flows, seconds: took() });
  }

  await onDisk(dir, () => mkdir(dir, { recursive: true }));
  const lock = await onDisk(dir, () => lockFolder(dir));
  try {
    if (lock.deadPid !== undefined) await sweepPartials(dir, lock.deadPid);
    const ledger = await Ledger.open(join(dir, "ledger.jsonl"));
    try {
      const batch = new Batch(session, { file, hasFlow, dir, checker, input, ledger, display });
      const totals = await batch.run(options);
      out.live.clear();
      const report = await batch.report(totals);
      const shown = relative(process.cwd(), join(dir, "report.html"));
      const failures = totals.failed > 0 ? `, ${totals.failed} failed` : "";
      out.line(`${totals.done} of ${totals.total} done${failures} in ${seconds(took())}: ${shown}`);
      const document = { ...totals, seconds: took(), report };
      return out.done(document, totals.done === totals.total ? EXIT.done : EXIT.failed);
    } finally {
      await ledger.close();
    }
  } finally {
    display.close();
    await lock.release();
  }
}

interface Parts {
  readonly file: string;
  readonly hasFlow: boolean;
  readonly dir: string;
  readonly checker: LineChecker;
  readonly input: CheckedInput;
  readonly ledger: Ledger;
  readonly display: BatchDisplay;
}

class Batch {
  readonly #session: Session;
  readonly #parts: Parts;

  constructor(session: Session, parts: Parts) {
    this.#session = session;
    this.#parts = parts;
  }

  /** Runs the unfinished lines, a few at a time. */
  async run({ atOnce, retries, outage }: BatchOptions): Promise<Totals> {
    const { signal } = this.#session;
    const { ledger, checker, dir, input, display } = this.#parts;
    await sweepFiles(dir, ledger.entries.values());
    const client = await this.#session.client({
      poll: { outageMs: Math.min(outage, OUTAGE_TOLD_MS) },
    });
    // A wrong address or password is reported at once; a server that has responded once is waited for.
    await stoppable(this.#session, () => client.whoami({ signal }));
    // Waits end at the first error that concerns more than one line. The tasks keep running, and are adopted
    // next time.
    const stop = new AbortController();
    const runner = new Runner({
      client,
      ledger,
      checker,
      dir,
      retries,
      outageMs: outage,
      signal: AbortSignal.any([signal, stop.signal]),
      onTrouble: ({ message }) => display.trouble(message),
      onMissing: (line, names) => display.missing(line, names),
      onFailure: (line, error, again) => display.failure(line, error.message, again),
    });
    const lines = this.#lines();
    display.start(input.total);
    let failure: unknown;
    const work = async (): Promise<void> => {
      try {
        for (let next = await lines.next(); !next.done; next = await lines.next()) {
          if (failure !== undefined || signal.aborted) return;
          const { line, id } = next.value;
          const before = ledger.entries.get(id);
          if (before) await onDisk(dir, () => moveFiles(dir, ledger, before, line.line));
          if (before && isDone(before)) await runner.saveMissing(line, before);
          if (!before || !isDone(before)) {
            display.began();
            await runner.run(line, id);
            display.ended(isDone(ledger.entries.get(id) as never));
          } else display.skipped();
        }
      } catch (error) {
        failure ??= error;
        stop.abort(error);
      }
    };
    const cancels = new KnownCancel(client, ledger, (task) => runner.owns(task), CANCEL_MS);
    const cancel = (): void => cancels.start();
    signal.addEventListener("abort", cancel);
    if (signal.aborted) cancel();
    await Promise.all(Array.from({ length: atOnce }, work));
    signal.removeEventListener("abort", cancel);
    await sweepFiles(dir, ledger.entries.values());
    if (signal.aborted) {
      // Creates that were answered meanwhile.
      cancel();
      const known = await cancels.running();
      const { ids, isComplete } = await cancelOpen(
        { client, checker },
        ledger,
        this.#lines(),
        AbortSignal.timeout(CANCEL_MS / 2),
      );
      const running = [...known, ...ids].sort((a, b) => a - b);
      const totals = this.#totals();
      await this.report(totals);
      throw this.#session.interrupt.error(stoppedWords(running, isComplete), running, totals);
    }
    if (failure !== undefined) {
      const totals = this.#totals();
      await this.report(totals).catch(() => undefined);
      throw withFields(failure, totals);
    }
    return this.#totals();
  }

  /** @returns path of `report.json` */
  async report(totals: Totals): Promise<string> {
    const { dir, ledger, input } = this.#parts;
    const lines = (): AsyncGenerator<{ line: Line; id: string }, void> => this.#lines();
    const ended = async function* (): AsyncGenerator<Ended> {
      for await (const { line, id } of lines()) {
        const entry = ledger.entries.get(id);
        if (entry) yield { entry, prompt: promptOf(line) };
      }
    };
    const removed = [...ledger.entries.values()].filter(({ id }) => !hasLine(input, id));
    return writeReports(dir, totals, ended, removed);
  }

  #lines(): AsyncGenerator<{ line: Line; id: string }, void> {
    const { file, hasFlow, checker, input } = this.#parts;
    return identifiedLines(file, hasFlow, checker, input);
  }

  #totals(): Totals {
    const { ledger, input } = this.#parts;
    let done = 0;
    let failed = 0;
    for (const entry of ledger.entries.values()) {
      if (!hasLine(input, entry.id)) continue;
      if (isDone(entry)) done++;
      else if (entry.shots.some(({ error }) => error !== undefined)) failed++;
    }
    return { total: input.total, done, failed };
  }
}

function stoppedWords(running: readonly number[], isComplete: boolean): string {
  const resume = "Run the same command again to resume.";
  if (running.length > 0)
    return `Stopped; the server did not confirm that ${taskWords(running)} ended. ${resume} To cancel: vix cancel ${running.join(" ")}`;
  return isComplete
    ? `Stopped; the running tasks were cancelled. ${resume}`
    : `Stopped; the server did not confirm that all tasks ended: \`vix tasks\` lists them. ${resume}`;
}

/** What a person asked for: the prompt, otherwise all texts. */
function promptOf({ params }: Line): string {
  const prompt = params.get("prompt");
  if (typeof prompt === "string") return prompt;
  return [...params]
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(", ");
}

/** Runs a step; if it was stopped, its error becomes the stop error. */
async function stoppable<T>({ signal, interrupt }: Session, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (signal.aborted) throw interrupt.error("Stopped; nothing was created.");
    throw error;
  }
}
