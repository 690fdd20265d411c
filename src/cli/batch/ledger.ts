/**
 * The log of a batch, `DIR/ledger.jsonl`: what it did and is about to do, so that it can resume after any
 * interruption.
 *
 * Invariants:
 * 1. A step is on disk before it is taken: `append` resolves when the record is written, and the caller
 *    waits.
 * 2. Records are only appended. A crash may truncate the last one, which is then dropped. Any other damage is
 *    an error, and a file that is not a ledger stays as it is.
 * 3. `plan` names shots and their key before a create is sent. Until `tasks` records the response, the create
 *    may or may not have happened. It is settled by its key, and never sent under another one. A create that
 *    was rejected after some of its tasks were created stays open too.
 * 4. A task named by `tasks` belongs to its shot until another one replaces it. The replaced task is deleted,
 *    and stays to be deleted until `dropped` confirms it. `replaced` names the twin of a task that the
 *    library has removed, so nothing is left to delete. A task of an earlier process is adopted, cancelled or
 *    deleted only while it carries the marker of its plan: a server that was reset, or another one, has other
 *    tasks under the same ids.
 * 5. A shot with `saved` is finished for good: its files are complete and have their names.
 */
import { createReadStream } from "node:fs";
import { open, truncate, type FileHandle } from "node:fs/promises";
import { notSaved, onDisk } from "../disk.js";
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
      /** Marker that the server shows with each task of the key. */
      marker: string;
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

/** A task, with the marker that proves it to be the batch's own. */
export interface MarkedTask {
  readonly id: number;
  readonly marker: string;
}

/** One task of a line. */
export interface Shot {
  readonly seed: number | null;
  task?: MarkedTask;
  /** Replaced tasks whose deletion is not confirmed. */
  stale: MarkedTask[];
  error?: LedgerError | undefined;
  files?: LedgerFile[];
  seconds?: number;
}

/** A create whose response is not in the ledger. */
export interface OpenCreate {
  readonly key: string;
  readonly marker: string;
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
    const { id, line, flow, count, seed, key, marker, shots, after } = record;
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
    entry.open.push({ key, marker, shots, after });
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
        if (!create || !made || task === null) continue;
        if (made.task) made.stale.push(made.task);
        made.task = { id: task, marker: create.marker };
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
      if (shot?.task) shot.task = { ...shot.task, id: record.task };
      return;
    case "moved":
      entry.movedFrom = undefined;
      return;
    case "dropped":
      for (const one of entry.shots) one.stale = one.stale.filter(({ id }) => id !== record.task);
  }
}

export class Ledger {
  /** By id, in the order of their first plans. */
  readonly entries: Map<string, Entry>;
  readonly #file: FileHandle;
  #waiting: { text: string; written: () => void; failed: (error: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;
  /** The first failure to write. Part of a record may be on disk, so nothing may follow it. */
  #failure: CliError | undefined;

  private constructor(file: FileHandle, entries: Map<string, Entry>) {
    this.#file = file;
    this.entries = entries;
  }

  /** @throws CliError when more than the last record is damaged, or the file is not a ledger */
  static async open(path: string): Promise<Ledger> {
    const file = await onDisk(path, () => open(path, "a"));
    try {
      return new Ledger(file, await onDisk(path, () => readLedger(path)));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Highest task id in the ledger; 0 when there is none. */
  get highest(): number {
    let highest = 0;
    for (const { shots } of this.entries.values())
      for (const { task } of shots) highest = Math.max(highest, task?.id ?? 0);
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
        if (this.#failure) throw this.#failure;
        await this.#file.appendFile(batch.map(({ text }) => text).join(""));
        await this.#file.datasync();
        for (const { written } of batch) written();
      } catch (cause) {
        this.#failure ??= notSaved("The ledger", cause);
        for (const { failed } of batch) failed(this.#failure);
      }
    }
    this.#writing = undefined;
  }
}

/** Reads the records and truncates a damaged last one. */
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
      if (damaged) throw damagedError(path);
      const record = parse(text);
      if (record) {
        apply(entries, record);
        good = at;
      } else damaged = true;
    }
  }
  if (rest.length > 0 && damaged) throw damagedError(path);
  if (good === 0 && (damaged || !isFirstRecord(rest.toString()))) throw damagedError(path);
  if (good < at + rest.length) await truncate(path, good);
  return entries;
}

/** What every ledger begins with. */
const FIRST = '{"do":"plan","id":"';

/** Whether a text without a line end may be the first record of a ledger, of which a crash left a part. */
function isFirstRecord(text: string): boolean {
  return text.startsWith(FIRST) || FIRST.startsWith(text);
}

function parse(text: string): LedgerRecord | undefined {
  try {
    const record = JSON.parse(text) as LedgerRecord | null;
    return typeof record?.id === "string" && ("do" in record || "did" in record)
      ? record
      : undefined;
  } catch {
    return undefined;
  }
}

function damagedError(path: string): CliError {
  return new CliError("ledger_damaged", `${path} is damaged, or is not the ledger of a batch.`, {
    hint: "Choose another folder, or repair the ledger by hand.",
  });
}
