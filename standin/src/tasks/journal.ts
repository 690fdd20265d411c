/** Keeps tasks in a folder: one line for each change, written before the change is reported. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { StoredBlob, BlobStore } from "../blobs.js";
import type { TaskStore } from "./store.js";
import type { InputFile, ResultFile, Task } from "./task.js";

/** The folder has a format that this version cannot read. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

type Json = Record<string, unknown>;

const pathIn = (dir: string): string => join(dir, "tasks.jsonl");

interface Line {
  readonly op: "put" | "remove" | "last-id";
  readonly id: number;
  readonly task?: Json;
}

/** Fields that JSON cannot hold as they are. */
function toJson(task: Task): Json {
  const file = (one: InputFile | ResultFile): Json => {
    const { blob, ...rest } = one;
    return { ...rest, file: blob.file, size: blob.size };
  };
  return {
    ...task,
    params: [...task.params],
    sentSeed: task.sentSeed?.toString(),
    seed: task.seed.toString(),
    inputs: task.inputs.map(file),
    results: task.results.map(file),
  };
}

/** One {@link StoredBlob} for each file on disk, however many tasks use it. */
class Files {
  readonly #known = new Map<string, StoredBlob>();
  last = 0;

  get(file: string, size: number): StoredBlob {
    let blob = this.#known.get(file);
    if (blob === undefined) {
      this.#known.set(file, (blob = { file, size, users: 0 }));
      this.last = Math.max(this.last, Number.parseInt(file, 10));
    }
    blob.users += 1;
    return blob;
  }
}

type StoredFile<T extends { blob: StoredBlob }> = Omit<T, "blob"> & { file: string; size: number };

function fromJson(value: Json, files: Files): Task {
  const stored = value as unknown as Omit<
    Task,
    "inputs" | "results" | "params" | "seed" | "sentSeed"
  > & {
    inputs: StoredFile<InputFile>[];
    results: StoredFile<ResultFile>[];
    sentSeed?: string;
    seed: string;
    params: [string, string][];
  };
  const withBlob = <T extends { file: string; size: number }>({ file, size, ...rest }: T) => ({
    ...rest,
    blob: files.get(file, size),
  });
  return {
    ...stored,
    params: new Map(stored.params),
    sentSeed: stored.sentSeed === undefined ? undefined : BigInt(stored.sentSeed),
    seed: BigInt(stored.seed),
    inputs: stored.inputs.map(withBlob),
    results: stored.results.map(withBlob),
  };
}

function readLines(path: string): Line[] {
  const lines: Line[] = [];
  for (const text of readFileSync(path, "utf8").split("\n")) {
    if (text === "") continue;
    try {
      lines.push(JSON.parse(text) as Line);
    } catch {
      // A process killed while it writes leaves half a line, at the end.
      break;
    }
  }
  return lines;
}

export class Journal {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #stopListening: () => void;

  /** Fills `store` from the folder, and records all changes from then on. */
  constructor(dir: string, store: TaskStore, blobs: BlobStore) {
    mkdirSync(dir, { recursive: true });
    this.#path = pathIn(dir);
    if (existsSync(this.#path)) this.#load(store, blobs);
    this.#rewrite(store);
    this.#descriptor = openSync(this.#path, "a");
    this.#stopListening = store.onChange((task, change) => {
      const line: Line =
        change === "removed"
          ? { op: "remove", id: task.id }
          : { op: "put", id: task.id, task: toJson(task) };
      appendFileSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    });
  }

  /** Deletes the content of the folder. No journal may be open on it. */
  static remove(dir: string): void {
    rmSync(pathIn(dir), { force: true });
  }

  close(): void {
    this.#stopListening();
    closeSync(this.#descriptor);
  }

  #load(store: TaskStore, blobs: BlobStore): void {
    const tasks = new Map<number, Json>();
    let lastId = 0;
    for (const line of readLines(this.#path)) {
      lastId = Math.max(lastId, line.id);
      if (line.op === "remove") tasks.delete(line.id);
      if (line.op === "put" && line.task !== undefined) tasks.set(line.id, line.task);
    }
    const files = new Files();
    try {
      for (const task of tasks.values()) store.add(fromJson(task, files));
    } catch (error) {
      throw new JournalError(`${this.#path} was not written by this version`, { cause: error });
    }
    store.lastId = lastId;
    blobs.skipTo(files.last + 1);
  }

  /** Removes outdated lines. Writes a new file and renames it, so that a kill loses nothing. */
  #rewrite(store: TaskStore): void {
    const lines: Line[] = [{ op: "last-id", id: store.lastId }];
    for (const task of store.all()) lines.push({ op: "put", id: task.id, task: toJson(task) });
    writeFileSync(`${this.#path}.part`, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    renameSync(`${this.#path}.part`, this.#path);
  }
}
