/** Start options of a stand-in, and their checks. */
import type { BinarySpelling } from "./app.js";
import type { TaskDuration } from "./engine/schedule.js";
import type { Fault } from "./faults/fault.js";
import type { FlowFacts } from "./flows/facts.js";
import type { FlowOutput } from "./flows/listed.js";
import type { LanguageModel } from "./tasks/language.js";
import type { UserSettings } from "./users.js";

export interface StandinOptions {
  /** Port to listen on; 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /**
   * Turns authentication on: `"user:password"` for one admin, or users by name. Default off: everybody is the
   * admin, as on the real server.
   */
  readonly auth?: string | Readonly<Record<string, UserSettings>>;
  /** Flows: path of a description, or the parsed document. Default: the 52 public ones. */
  readonly flows?: string | object;
  /** Output nodes of private flows by flow id, which descriptions lack. Default: one image, node 9. */
  readonly outputs?: Readonly<Record<string, readonly FlowOutput[]>>;
  /** Other facts about private flows that descriptions lack, by flow id, such as display names. */
  readonly flowFacts?: Readonly<Record<string, FlowFacts>>;
  /** `"instant"`, or a factor: 1 is the default, 10 is ten times as fast. */
  readonly speed?: "instant" | number;
  /**
   * Factor for the real server's response times: 10 ms, and for a list 0.14 ms more for each task in it,
   * during which all other requests wait. Default 0: no delay.
   */
  readonly slow?: number;
  /**
   * Finished tasks at the start: a number for one flow that needs no file, or a number for each flow id. The
   * tasks belong to the first user, and their files can be fetched.
   */
  readonly history?: number | Readonly<Record<string, number>>;
  /** How long a task takes at speed 1: ms, a range of ms, or a function of the task. Default 2,000 ms. */
  readonly duration?: TaskDuration;
  /** Progress reports while the sampler works. Default: the number of steps of the task's own parameters. */
  readonly steps?: number;
  /** How long the installation of a flow takes, in ms; the flow is missing until then. Default 0. */
  readonly installMs?: number;
  /**
   * Translates and writes prompts if the settings `translations_provider` and `llm_provider` are `ollama` or
   * `gemini`. Default none: no provider can be reached.
   */
  readonly languageModel?: LanguageModel;
  /** Number of built-in workers. 0: tasks progress only through the worker-side calls. Default 1. */
  readonly workers?: number;
  /** `"virtual"`: time stands still until `standin.clock.advance(ms)`. Default `"real"`. */
  readonly clock?: "real" | "virtual";
  /** Faults to inject. */
  readonly faults?: readonly Fault[];
  /** Seed for faults with a `chance`, for seeds of tasks, and for durations. Default 1. */
  readonly seed?: number;
  /**
   * Folder that keeps tasks and files across restarts. Default: memory, and a temporary folder for large
   * files.
   */
  readonly data?: string;
  /** Origins that browsers may call from; `["*"]` for all. Default none, as on the real server. */
  readonly corsOrigins?: readonly string[];
  /** How descriptions declare a file: `"contentMediaType"` (newer servers, the default) or `"format"`. */
  readonly binary?: BinarySpelling;
  /** Time until an idle connection is closed, in ms. Default 5,000, as on the real server. */
  readonly keepAliveMs?: number;
  /** How many requests `standin.requests` remembers. Default 10,000. */
  readonly recordLimit?: number;
  /** How many bytes of each request's body are kept there. Default 0. */
  readonly recordBodies?: number;
  /** Opens the control path, `/_standin` unless named. Default off. Never open it to untrusted clients. */
  readonly control?: boolean | string;
  /** Longest side of drawn pictures, px. Default: as the flow says, and 256 with `speed: "instant"`. */
  readonly maxPictureSide?: number;
}

/** An invalid start option; the message says which and why. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new OptionError(message);
}

/** @throws OptionError at the first invalid option */
export function checkOptions(options: StandinOptions): void {
  const { port, auth, speed, slow, history, workers, installMs } = options;
  const { duration, steps, control, maxPictureSide } = options;
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0;
  if (port !== undefined) {
    demand(isCount(port) && port <= 65_535, `the port must be 0 to 65535; it is ${port}`);
  }
  if (typeof auth === "string") {
    demand(/^[^:]+:/.test(auth), 'auth must be "user:password"');
  } else if (auth !== undefined) {
    demand(Object.keys(auth).length > 0, "auth must have at least one user");
  }
  if (speed !== undefined && speed !== "instant") {
    demand(speed > 0, `the speed must be "instant" or a number above 0; it is ${speed}`);
  }
  if (workers !== undefined) {
    demand(isCount(workers), `the number of workers must be 0 or more; it is ${workers}`);
  }
  if (slow !== undefined) demand(slow >= 0, `slow must be 0 or more; it is ${slow}`);
  for (const tasks of typeof history === "number" ? [history] : Object.values(history ?? {})) {
    demand(isCount(tasks), `the history must be numbers of tasks, 0 or more; it has ${tasks}`);
  }
  if (steps !== undefined) demand(isCount(steps) && steps > 0, "steps must be 1 or more");
  demand((installMs ?? 0) >= 0, "the time of an installation must be 0 ms or more");
  if (typeof duration === "number") demand(duration >= 0, "the duration must be 0 ms or more");
  if (maxPictureSide !== undefined) {
    demand(isCount(maxPictureSide) && maxPictureSide > 0, "the longest side must be 1 px or more");
  }
  if (typeof control === "string") {
    demand(/^\/[\w/-]*\w$/.test(control), 'the control path must be like "/_standin"');
  }
}
