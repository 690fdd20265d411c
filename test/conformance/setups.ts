/** The servers that cases need: stand-ins with several set-ups, or one real server. */
import { type LanguageRequest, type StandinOptions, startStandin } from "visionatrix-standin";
import { privateFlows } from "./private-flows.js";
import { type Credentials, Target } from "./target.js";

/**
 * What a case needs from a server. A real server has one set-up; cases that need another are skipped there.
 */
export type Setup =
  /** Any server that runs no task itself. */
  | "any"
  /** Authentication on, an admin and a second user, no worker of its own. */
  | "secured"
  /** Authentication off. */
  | "open"
  /** One allowed origin. */
  | "cors"
  /** Runs tasks itself. */
  | "engine"
  /** Has the flows of `private-flows.ts`. */
  | "private"
  /** May be broken: no other case runs on it. */
  | "spare"
  /** An installation takes a moment. */
  | "installing"
  /** Its admin is the one from its environment, not from its database. */
  | "override"
  /** Runs no task itself, and its time moves only when a case moves it. */
  | "paused"
  /** Runs one task at a time, of {@link TASK_MS} each, and its time moves only when a case moves it. */
  | "working"
  /** Has a language model that turns letters into capitals. */
  | "speaking";

export const ALLOWED_ORIGIN = "http://app.example";

/** How long an installation takes on a server that is `installing`. */
export const INSTALL_MS = 10_000;

/** How long a task takes on a server that is `working`. */
export const TASK_MS = 10_000;

/** Why a case that moves the clock cannot run on a real server. */
export const MOVES_TIME = "a real server would take the time itself";

/** A "language model": translates to capitals, makes a prompt from a theme, and fails for texts with `!`. */
function capitals({ wanted, text }: LanguageRequest): string {
  if (text.includes("!")) throw new Error("out of words");
  return wanted === "translate" ? text.toUpperCase() : `a prompt on ${text}`;
}

const SETUPS: Record<Setup, StandinOptions> = {
  secured: {
    workers: 0,
    auth: { admin: { password: "secret", admin: true }, alice: "wonderland" },
  },
  any: { workers: 0 },
  open: { workers: 0 },
  cors: { workers: 0, corsOrigins: [ALLOWED_ORIGIN] },
  engine: { speed: "instant", maxPictureSide: 64 },
  private: { workers: 0, ...privateFlows },
  spare: { workers: 0, ...privateFlows },
  installing: { workers: 0, clock: "virtual", installMs: INSTALL_MS },
  override: { workers: 0, auth: "root:secret" },
  speaking: { workers: 0, languageModel: capitals },
  paused: { workers: 0, clock: "virtual" },
  working: { clock: "virtual", duration: TASK_MS, maxPictureSide: 64 },
};

const realUrl = process.env["VIX_CONFORMANCE_URL"];

function credentials(suffix: string): Credentials | undefined {
  const username = process.env[`VIX_USERNAME${suffix}`];
  const password = process.env[`VIX_PASSWORD${suffix}`];
  return username === undefined || password === undefined ? undefined : { username, password };
}

/** Why a case with this set-up cannot run; undefined if it can. */
export function whyNot(setup: Setup, standinOnly: string | undefined): string | undefined {
  if (realUrl === undefined) return undefined;
  if (standinOnly !== undefined) return standinOnly;
  if (setup === "any") return undefined;
  const secured = credentials("") !== undefined;
  if (setup === "secured") {
    if (!secured) return "needs authentication: set VIX_USERNAME and VIX_PASSWORD of an admin";
    return credentials("_2") === undefined
      ? "needs a second user that is no admin: set VIX_USERNAME_2 and VIX_PASSWORD_2"
      : undefined;
  }
  if (setup === "open") return secured ? "needs a server without authentication" : undefined;
  if (setup === "cors") {
    return process.env["VIX_CORS_ORIGIN"] === ALLOWED_ORIGIN
      ? undefined
      : `needs a server with CORS_ORIGINS=${ALLOWED_ORIGIN}: say so with VIX_CORS_ORIGIN`;
  }
  return setup === "engine" ? "needs an engine" : `needs a server that is ${setup}`;
}

/** Starts the server for a set-up, or returns the real server. */
export async function startTarget(setup: Setup): Promise<Target> {
  if (realUrl !== undefined) {
    return new Target(realUrl.replace(/\/+$/, ""), credentials(""), credentials("_2"));
  }
  const standin = await startStandin(SETUPS[setup]);
  if (setup === "override") {
    return new Target(standin.url, { username: "root", password: "secret" }, undefined, standin);
  }
  if (setup !== "secured") return new Target(standin.url, undefined, undefined, standin);
  return new Target(
    standin.url,
    { username: "admin", password: "secret" },
    { username: "alice", password: "wonderland" },
    standin,
  );
}
