/**
 * `report.json` and `report.html`: the outcome of every line. Each is written as a stream, and appears
 * complete or not at all.
 */
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { onDisk } from "../disk.js";
import type { Entry } from "./ledger.js";
import { cardOf, FOOT, headOf } from "./report-html.js";
import { runOf, type Totals } from "./report-run.js";

/** A line that has ended, with its request. */
export interface Ended {
  readonly entry: Entry;
  readonly prompt: string;
}

/**
 * Writes both reports.
 * @param ended the lines of FILE in its order
 * @param removed lines that FILE no longer has
 * @returns path of `report.json`
 */
export async function writeReports(
  dir: string,
  totals: Totals,
  ended: () => AsyncIterable<Ended>,
  removed: readonly Entry[],
): Promise<string> {
  const gone = removed.filter(({ shots }) => shots.some(({ files }) => files));
  const json = async function* (): AsyncGenerator<string> {
    const { total, done, failed } = totals;
    yield `{"total":${total},"done":${done},"failed":${failed},"runs":[`;
    let comma = "";
    for await (const { entry } of ended()) {
      const run = runOf(entry);
      if (!run) continue;
      yield `${comma}\n${JSON.stringify(run)}`;
      comma = ",";
    }
    yield "\n]";
    const list = gone.map((entry) => {
      const { flow, shots } = entry;
      return {
        flow,
        taskIds: shots.flatMap(({ task }) => task?.id ?? []),
        seeds: shots.flatMap(({ seed }) => seed ?? []),
        files: shots.flatMap(({ files = [] }) => files.map(({ path }) => path)),
      };
    });
    yield `${gone.length > 0 ? `,"removed":${JSON.stringify(list)}` : ""}}\n`;
  };
  const html = async function* (): AsyncGenerator<string> {
    yield headOf(totals);
    for await (const { entry, prompt } of ended()) {
      const run = runOf(entry);
      if (run) yield cardOf(run, entry, prompt);
    }
    yield FOOT;
  };
  const path = join(dir, "report.json");
  await writeWhole(path, json());
  await writeWhole(join(dir, "report.html"), html());
  return path;
}

async function writeWhole(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const partial = `${path}.part`;
  await onDisk(path, async () => {
    try {
      await pipeline(Readable.from(pieces), createWriteStream(partial));
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true }).catch(() => undefined);
      throw error;
    }
  });
}
