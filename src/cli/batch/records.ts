/** Reads the FILE of a batch as a stream of records, each with the line where it starts. */
import { createReadStream } from "node:fs";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { CliError } from "../exit.js";

/** The content of a line, before its flow is known. */
export interface LineRecord {
  /** First physical line, from 1. */
  readonly line: number;
  readonly flow: string | undefined;
  readonly count: unknown;
  readonly params: ReadonlyMap<string, unknown>;
  /** Whether the values are texts, to be converted to their parameters' types. */
  readonly texts: boolean;
}

/** What is wrong with one line. */
export class LineError extends Error {
  override readonly name = "LineError";
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads a file as a stream: CSV if its name ends in `.csv`, otherwise JSON Lines.
 * @param hasFlow whether there is a flow for lines that name none, which may then contain only parameters
 */
export async function* readRecords(
  file: string,
  hasFlow: boolean,
): AsyncGenerator<LineRecord | LineError, void> {
  const isCsv = extname(file).toLowerCase() === ".csv";
  try {
    yield* isCsv ? csvRecords(file) : jsonRecords(file, hasFlow);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("CSV_") || code?.startsWith("INVALID_") || "records" in (error as object))
      throw new CliError("invalid_input", `${file}: ${message}.`);
    if (code === undefined) throw error;
    throw new CliError("invalid_input", `${file} cannot be read: ${message}.`, { cause: error });
  }
}

async function* jsonRecords(
  file: string,
  hasFlow: boolean,
): AsyncGenerator<LineRecord | LineError> {
  let line = 0;
  for await (const text of lines(file)) {
    line++;
    if (text.trim() !== "") yield jsonRecord(line, text, hasFlow);
  }
}

async function* lines(file: string): AsyncGenerator<string> {
  let pieces: string[] = [];
  for await (const chunk of textOf(file)) {
    const parts = chunk.split("\n");
    for (const [index, part] of parts.entries()) {
      pieces.push(part);
      if (index === parts.length - 1) break;
      yield pieces.join("");
      pieces = [];
    }
  }
  yield pieces.join("");
}

/** The text of a file: UTF-8, or UTF-16 where a byte order mark says so. The mark is dropped. */
async function* textOf(file: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of createReadStream(file)) {
      decoder ??= new TextDecoder(encodingOf(chunk as Buffer), { fatal: true });
      yield decoder.decode(chunk as Buffer, { stream: true });
    }
    yield decoder?.decode() ?? "";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_ENCODING_INVALID_ENCODED_DATA") throw error;
    throw new CliError("invalid_input", `${file} is not UTF-8.`, {
      hint: "Save it with the encoding UTF-8.",
    });
  }
}

function encodingOf(head: Buffer): string {
  const mark = head.subarray(0, 2).toString("hex");
  return { fffe: "utf-16le", feff: "utf-16be" }[mark] ?? "utf-8";
}

const KEYS = new Set(["flow", "params", "count"]);

function jsonRecord(line: number, text: string, hasFlow: boolean): LineRecord | LineError {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return new LineError(line, `it is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(content)) return new LineError(line, "it is not a JSON object");
  // If there is a flow for all lines, a line may be just its parameters.
  const isBare = hasFlow && !("params" in content && isObject(content["params"]));
  if (isBare) return record(line, undefined, undefined, Object.entries(content), false);
  const unknown = Object.keys(content).filter((key) => !KEYS.has(key));
  if (unknown.length > 0)
    return new LineError(
      line,
      `unknown key ${unknown.map((key) => JSON.stringify(key)).join(", ")}; ` +
        "a line has flow, params and count",
    );
  const { flow, params = {}, count } = content;
  if (flow !== undefined && typeof flow !== "string")
    return new LineError(line, "flow is not a string");
  if (!isObject(params)) return new LineError(line, "params is not a JSON object");
  return record(line, flow, count, Object.entries(params), false);
}

async function* csvRecords(file: string): AsyncGenerator<LineRecord | LineError> {
  const { parse } = await import("csv-parse");
  const text = Readable.from(textOf(file));
  const parser = parse({
    info: true,
    raw: true,
    record_delimiter: ["\r\n", "\n"],
    skip_empty_lines: true,
    relax_column_count: true,
  });
  text.on("error", (error) => parser.destroy(error)).pipe(parser);
  let header: string[] | undefined;
  for await (const row of parser) {
    const { record: cells, info, raw } = row as CsvRow;
    if (raw.trim() === "") continue;
    const line = info.lines - (raw.trim().match(/\n/g)?.length ?? 0);
    if (!header) header = checkedHeader(file, cells);
    else yield csvRecord(line, header, cells);
  }
}

interface CsvRow {
  readonly record: string[];
  /** `lines` counts up to the last line of the record. */
  readonly info: { readonly lines: number };
  readonly raw: string;
}

function checkedHeader(file: string, cells: string[]): string[] {
  const names = cells.map((cell) => cell.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (names.includes(""))
    throw new CliError("invalid_input", `${file}, line 1: a column has no name.`);
  if (twice !== undefined)
    throw new CliError(
      "invalid_input",
      `${file}, line 1: the column ${JSON.stringify(twice)} appears twice.`,
    );
  return names;
}

function csvRecord(
  line: number,
  header: readonly string[],
  cells: readonly string[],
): LineRecord | LineError {
  if (cells.length !== header.length)
    return new LineError(
      line,
      `it has ${cells.length} cells, but the header has ${header.length} columns`,
    );
  // An empty cell means that no value was given.
  const given = header.flatMap((name, index): [string, string][] =>
    cells[index] ? [[name, cells[index]]] : [],
  );
  const flow = given.find(([name]) => name === "flow")?.[1];
  const params = given.filter(([name]) => name !== "flow");
  return record(line, flow?.trim(), undefined, params, true);
}

/** Takes the count out of the parameters, where it may also be given. */
function record(
  line: number,
  flow: string | undefined,
  count: unknown,
  entries: readonly [string, unknown][],
  texts: boolean,
): LineRecord | LineError {
  const params = new Map(entries);
  const inParams = params.get("count");
  if (count !== undefined && inParams !== undefined)
    return new LineError(line, "count appears twice, beside params and inside them");
  params.delete("count");
  return { line, flow, count: count ?? inParams, params, texts };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
