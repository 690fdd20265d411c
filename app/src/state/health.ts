/** Whether the server can be reached, and by whose fault not. */
import { ConnectionError, HttpError } from "visionatrix-client";
import { store } from "./store.js";

/**
 * `app` the program `vix ui` does not answer · `locked` it was started anew · `server` the server behind it
 * does not answer · `credentials` the server refuses ours
 */
export type Health = "unknown" | "ok" | "app" | "locked" | "server" | "credentials";

export const health = store<Health>("unknown");

/** What an error says of the connection; undefined for errors that say nothing of it. Pure. */
function healthOf(error: unknown): Health | undefined {
  if (error instanceof ConnectionError) return "app";
  if (!(error instanceof HttpError)) return undefined;
  const { status, detail } = error;
  if (status === 401 || status === 403) return "locked";
  if (status === 502 || status === 503 || status === 504) return "server";
  return status === 500 && /credentials/.test(detail) ? "credentials" : undefined;
}

export function heardWell(): void {
  health.set("ok");
}

export function heardFailure(error: unknown): void {
  // Anything else that goes wrong with a plain list is the server's fault as well.
  health.set(healthOf(error) ?? "server");
}
