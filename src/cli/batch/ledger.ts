/**
 * The log of a batch, `DIR/ledger.jsonl`: what it did and is about to do, so that it can resume after any
 * interruption.
 *
 * Invariants:
 * 1. A step is on disk before it is taken: `append` resolves when the record is written, and the caller
 *    waits.
 * 2. Records are only appended. A crash may truncate the last one, which is then dropped. A damaged record
 *    before others is an error.
 * 3. `plan` names shots and their key before a create is sent. Until `tasks` records the response, the create
 *    may or may not have happened. It is settled by its key, and never sent under another one. A create that
 *    was rejected after some of its tasks were created stays open too.
 * 4. A task named by `tasks` belongs to its shot until another one replaces it. The replaced task is deleted,
 *    and stays to be deleted until `dropped` confirms it. `replaced` names the twin of a task that the
 *    library has removed, so nothing is left to delete.
 * 5. A shot with `saved` is finished for good: its files are complete and have their names.
 */
import { createReadStream } from "node:fs";
import { open, truncate, type FileHandle } from "node:fs/promises";
import { CliError } from "../exit.js";
import { movedName } from "./names.js";

/**
 * One record. `id` is a line's hash and its index among equal lines; `shots` are the indices of its tasks,
 * from 0.
 */
export type LedgerRecord =
  | {
      do: "plan";
      id: string;
      line: number;
      flow: string;
      /** Number of tasks of the line. */
      count: number;
      /** Seed of the first shot; null when the flow takes none. */
      seed: number | null;
      shots: number[];
      key: string;
      /** Highest task id known at that time. */
      after: number;
    }
  | { did: "tasks"; id: string; key: string; tasks: (number | null)[] }
  | { did: "failed"; id: string; shot: number; error: LedgerError }
  | { did: "saved"; id: string; shot: number; files: LedgerFile[]; seconds: number }
  | { did: "dropped"; id: string; task: number }
  | { did: "replaced"; id: string; shot: number; task: number }
  | { do: "move"; id: string; line: number }
  | { did: "moved"; id: string; line: number };

export interface LedgerError {
  readonly code: string;
  readonly message: string;
}

export interface LedgerFile {
  /** Relative to DIR. */
  path: string;
  readonly kind: string;
}

/** One task of a line. */
export interface Shot {
  readonly seed: number | null;
  task?: number;
  /** Replaced tasks whose deletion is not confirmed. */
  stale: number[];
  error?: LedgerError | undefined;
  files?: LedgerFile[];
  seconds?: number;
}

/** A create whose response is not in the ledger. */
export interface OpenCreate {
  readonly key: string;
  readonly shots: readonly number[];
  readonly after: number;
}

/** The state of a line. */
export interface Entry {
  readonly id: string;
  line: number;
  /** The former line number in its file names, while they are being renamed. */
  movedFrom?: number | undefined;
  readonly flow: string;
  readonly shots: Shot[];
  open: OpenCreate[];
}

export function isDone({ shots }: Entry): boolean {
  return shots.every(({ files }) => files !== undefined);
}

/** Applies a record to the entries. Pure but for the entries. */
export function apply(entries: Map<string, Entry>, record: LedgerRecord): void {
  let entry = entries.get(record.id);
  if ("do" in record && record.do === "plan") {
    const { id, line, flow, count, seed, key, shots, after } = record;
    entry ??= {
      id,
      line,
      flow,
      open: [],
      shots: Array.from({ length: count }, (_, at) => ({
        seed: seed === null ? null : seed + at,
        stale: [],
      })),
    };
    entries.set(id, entry);
    entry.open.push({ key, shots, after });
    return;
  }
  // Without its plan, a record of a line means nothing.
  if (!entry) return;
  if ("do" in record) {
    entry.movedFrom ??= entry.line;
    entry.line = record.line;
    for (const { files = [] } of entry.shots)
      for (const file of files) file.path = movedName(file.path, record.line);
    return;
  }
  const shot = "shot" in record ? entry.shots[record.shot] : undefined;
  switch (record.did) {
    case "tasks": {
      const create = entry.open.find(({ key }) => key === record.key);
      entry.open = entry.open.filter((other) => other !== create);
      for (const [index, task] of record.tasks.entries()) {
        const made = entry.shots[create?.shots[index] ?? -1];
        if (!made || task === null) continue;
        if (made.task !== undefined) made.stale.push(made.task);
        made.task = task;
        made.error = undefined;
      }
      return;
    }
    case "failed":
      if (shot) shot.error = record.error;
      return;
    case "saved":
      if (shot)
        Object.assign(shot, { files: record.files, seconds: record.seconds, error: undefined });
      return;
    case "replaced":
      if (shot) shot.task = record.task;
      return;
    case "moved":
      entry.movedFrom = undefined;
      return;
    case "dropped":
      for (const one of entry.shots) one.stale = one.stale.filter((task) => task !== record.task);
  }
}

export class Ledger {
  /** By id, in the order of their first plans. */
  readonly entries: Map<string, Entry>;
  readonly #file: FileHandle;
  #waiting: { text: string; written: () => void; failed: (error: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;

  private constructor(file: FileHandle, entries: Map<string, Entry>) {
    this.#file = file;
    this.entries = entries;
  }

  /** @throws CliError when a record before the last is damaged */
  static async open(path: string): Promise<Ledger> {
    const file = await open(path, "a");
    const entries = await readLedger(path);
    return new Ledger(file, entries);
  }

  /** Highest task id in the ledger; 0 when there is none. */
  get highest(): number {
    let highest = 0;
    for (const { shots } of this.entries.values())
      for (const { task = 0 } of shots) highest = Math.max(highest, task);
    return highest;
  }

  /** Appends a record; resolves when it is on disk. Concurrent records are written together. */
  async append(record: LedgerRecord): Promise<void> {
    await new Promise<void>((written, failed) => {
      this.#waiting.push({ text: `${JSON.stringify(record)}\n`, written, failed });
      this.#writing ??= this.#write();
    });
    apply(this.entries, record);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #write(): Promise<void> {
    // Records appended in the same turn are included.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#file.appendFile(batch.map(({ text }) => text).join(""));
        await this.#file.datasync();
        for (const { written } of batch) written();
      } catch (cause) {
        const message = `The ledger cannot be written: ${(cause as Error).message}.`;
        const error = new CliError("not_saved", message, { cause });
        for (const { failed } of batch) failed(error);
      }
    }
    this.#writing = undefined;
  }
}

/** Reads the records and truncates a damaged end. */
async function readLedger(path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let good = 0;
  let at = 0;
  let damaged = false;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const text = rest.subarray(0, end).toString();
      rest = rest.subarray(end + 1);
      at += end + 1;
      const record = parse(text);
      if (record && damaged) throw damagedError(path);
      if (record) {
        apply(entries, record);
        good = at;
      } else damaged = true;
    }
  }
  if (good < at + rest.length) await truncate(path, good);
  return entries;
}

function parse(text: string): LedgerRecord | undefined {
  try {
    const record = JSON.parse(text) as LedgerRecord | null;
    return typeof record === "object" && typeof record?.id === "string" ? record : undefined;
  } catch {
    return undefined;
  }
}

function damagedError(path: string): CliError {
  return new CliError("ledger_damaged", `${path} is damaged.`, {
    hint: "Move the folder away and start again, or repair the ledger by hand.",
  });
}
