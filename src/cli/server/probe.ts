/** Requests that only `vix doctor` makes, and that the library has no call for. */
import type { ServerSettings } from "./settings.js";

/** Longest wait for a response, in ms. */
const TIMEOUT_MS = 10_000;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The server's clock, and the earliest and latest local time that it corresponds to, in ms. */
  readonly clock:
    { readonly server: number; readonly from: number; readonly to: number } | undefined;
}

/** Requests a path below the base address. */
export async function probe(
  { baseUrl, auth }: ServerSettings,
  path: string,
  signal: AbortSignal,
): Promise<Answer> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (auth)
    headers["authorization"] =
      `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}`;
  const from = Date.now();
  const response = await fetch(`${baseUrl}${path}`, {
    headers,
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const to = Date.now();
  const date = Date.parse(response.headers.get("date") ?? "");
  const text = await response.text();
  return {
    status: response.status,
    body: parsed(text),
    clock: Number.isNaN(date) ? undefined : { server: date, from, to },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
