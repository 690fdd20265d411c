/**
 * A record, checked against its flow, and its identity. Two lines are equal if flow, parameters, count, and
 * the bytes of their files are equal, wherever they stand. Equal lines are told apart by their order.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { CliError, inWords } from "../exit.js";
import { pathOfValue } from "../flows/files.js";
import { findFlow, type FoundFlow } from "../flows/find-flow.js";
import { openParams, typedValue } from "../flows/params.js";
import type { Session } from "../session.js";
import { LineError, type LineRecord } from "./records.js";

/** A valid line. */
export interface Line {
  readonly line: number;
  readonly found: FoundFlow;
  readonly count: number;
  /** As written, with files as paths. Without `count`. */
  readonly params: ReadonlyMap<string, unknown>;
  /** Hash of flow, parameters, count, and files. */
  readonly hash: string;
}

export class LineChecker {
  readonly #session: Session;
  readonly #flow: string | undefined;
  readonly #folder: string;
  readonly #flows = new Map<string, Promise<FoundFlow>>();
  readonly #digests = new Map<string, { size: number; mtimeMs: number; digest: string }>();

  /**
   * @param flow flow for lines without one
   * @param folder base of relative paths in lines
   */
  constructor(session: Session, flow: string | undefined, folder: string) {
    this.#session = session;
    this.#flow = flow;
    this.#folder = folder;
  }

  /** @throws LineError with every problem of the line */
  async check(record: LineRecord | LineError): Promise<Line> {
    const line = await this.read(record);
    const { plan } = await import("../../index.js");
    const { count } = line;
    await this.#told(line.line, async () =>
      // A `count` of 1 is omitted, because some flows take none.
      plan(line.found.flow, { ...(await this.open(line)), ...(count > 1 && { count }) }),
    );
    return line;
  }

  /** The line of a record that was already checked. */
  async read(record: LineRecord | LineError): Promise<Line> {
    if (record instanceof LineError) throw record;
    const { line } = record;
    const name = record.flow ?? this.#flow;
    if (name === undefined) throw new LineError(line, "it has no flow; set one with --flow");
    const found = await this.#told(line, () => this.#find(name));
    const params = new Map<string, unknown>();
    for (const [key, value] of record.params)
      params.set(key, record.texts ? typedValue(found, key, value as string) : value);
    const count = countOf(line, record);
    const hash = await this.#told(line, () => this.#hash(found, params, count));
    return { line, found, count, params, hash };
  }

  /** The parameters of a line with their files opened; without `count`. */
  async open({ found, params }: Line): Promise<Record<string, unknown>> {
    return openParams(found, params, this.#folder);
  }

  async #find(name: string): Promise<FoundFlow> {
    let found = this.#flows.get(name);
    if (!found) this.#flows.set(name, (found = findFlow(this.#session, name)));
    return found;
  }

  async #hash(
    { flow, parameters }: FoundFlow,
    params: ReadonlyMap<string, unknown>,
    count: number,
  ): Promise<string> {
    const values: [string, unknown][] = [];
    for (const [name, value] of [...params].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const isFile = parameters.some((known) => known.name === name && known.type === "file");
      const path = isFile ? pathOfValue(value, this.#folder) : undefined;
      values.push([name, path === undefined ? value : { sha256: await this.#digest(name, path) }]);
    }
    return createHash("sha256")
      .update(JSON.stringify([flow.id, count, values], sortedKeys))
      .digest("base64url")
      .slice(0, 22);
  }

  async #digest(name: string, path: string): Promise<string> {
    try {
      const { size, mtimeMs } = await stat(path);
      const known = this.#digests.get(path);
      if (known?.size === size && known.mtimeMs === mtimeMs) return known.digest;
      const hash = createHash("sha256");
      for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
      const digest = hash.digest("base64url");
      this.#digests.set(path, { size, mtimeMs, digest });
      return digest;
    } catch (error) {
      throw new CliError(
        "invalid_input",
        `\`${name}\` cannot be read: ${(error as Error).message}`,
      );
    }
  }

  /** Converts a line's problem to a LineError; an unreachable server stays its own error. */
  async #told<T>(line: number, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== undefined && OF_A_LINE.has(code))
        throw new LineError(line, lineWords((error as Error).message));
      throw error;
    }
  }
}

/** A message of the library about a line. A batch has no option for large counts. */
function lineWords(message: string): string {
  return inWords(message)
    .replace("add --allow-large-count", "use several lines")
    .replace(/\.$/, "");
}

/** Error codes that a line can cause. */
const OF_A_LINE = new Set([
  "flow_unknown",
  "invalid_params",
  "invalid_input",
  "file_unreadable",
  "empty_file",
]);

function countOf(line: number, { count, texts }: LineRecord): number {
  if (count === undefined) return 1;
  const value = texts && typeof count === "string" && /^\s*\d+\s*$/.test(count) ? +count : count;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1)
    throw new LineError(
      line,
      `count must be a whole number of at least 1, not ${JSON.stringify(count)}`,
    );
  return value;
}

/** Sorts the keys of nested objects, whose order does not matter. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
