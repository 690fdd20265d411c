/** What the server's responses say about its health. Pure. */
import type { FlowDrift } from "../../index.js";
import { plural, seconds } from "../terminal/format.js";

/** One line of the report. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  readonly hint?: string;
}

/** A worker as the server lists it. */
export interface Worker {
  readonly worker_id: string;
  /** UTC, written without an offset. */
  readonly last_seen: string;
}

/** The server itself counts workers that reported within this time, in ms. */
const FRESH_MS = 180_000;

/** Tolerated clock difference, in ms; the header has a resolution of one second. */
const CLOCK_MS = 120_000;

export function clockCheck(clock: { server: number; from: number; to: number } | undefined): Check {
  const name = "clock";
  if (!clock) return { name, ok: true, message: "the server does not send its time" };
  const { server, from, to } = clock;
  const off = server + 1000 < from ? server + 1000 - from : server > to ? server - to : 0;
  if (Math.abs(off) <= CLOCK_MS)
    return { name, ok: true, message: off === 0 ? "the same as here" : `${words(off)} here` };
  return {
    name,
    ok: false,
    message: `the server's clock is ${words(off)} the one here`,
    hint: "Set the clock of one of the two; times in lists and reports are wrong until then.",
  };
}

function words(off: number): string {
  return `${seconds(Math.abs(off) / 1000)} ${off > 0 ? "ahead of" : "behind"}`;
}

export function driftCheck(drift: readonly FlowDrift[]): Check {
  const name = "drift";
  const [first] = drift;
  if (!first) return { name, ok: true, message: "the generated code matches the server" };
  const more = drift.length > 1 ? ` (and ${plural(drift.length - 1, "more difference")})` : "";
  return {
    name,
    ok: false,
    message: `${first.message}${more}`,
    hint: "Generate the code again: vix-codegen pull --from URL, then vix-codegen generate.",
  };
}

/** @param now the server's clock, in ms */
export function workersCheck(workers: readonly Worker[], now: number): Check {
  const name = "workers";
  const hint = "Tasks wait for a worker. Is one running, and may this user see it?";
  if (workers.length === 0) return { name, ok: true, message: "none visible", hint };
  const ages = workers.map(({ last_seen: seen }) => now - Date.parse(utc(seen)));
  const youngest = Math.min(...ages);
  const last = `last seen ${seconds(Math.max(0, youngest) / 1000)} ago`;
  if (!(youngest <= FRESH_MS))
    return { name, ok: false, message: `${plural(workers.length, "worker")}, ${last}`, hint };
  const fresh = ages.filter((age) => age <= FRESH_MS).length;
  return { name, ok: true, message: `${fresh} of ${workers.length} active, ${last}` };
}

/** A date from the server with its offset added. */
function utc(date: string): string {
  return /(Z|[+-]\d\d:?\d\d)$/i.test(date) ? date : `${date}Z`;
}
