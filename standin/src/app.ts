/** All parts of a running stand-in, as handlers see them. */
import type { BlobStore } from "./blobs.js";
import type { Clock } from "./clock.js";
import type { Engine } from "./engine/engine.js";
import type { FaultScript } from "./faults/script.js";
import type { DescribedFlows } from "./flows/described.js";
import type { Slowness } from "./http/slowness.js";
import type { FlowShelf } from "./flows/shelf.js";
import type { Settings } from "./settings.js";
import type { LanguageModel } from "./tasks/language.js";
import type { TaskStore } from "./tasks/store.js";
import type { Users } from "./users.js";
import type { Webhooks } from "./webhooks.js";
import type { WorkerRegistry } from "./workers.js";

/**
 * How API descriptions declare a binary field: `format` on older servers, `contentMediaType` on newer ones.
 */
export type BinarySpelling = "format" | "contentMediaType";

export interface App {
  readonly clock: Clock;
  readonly blobs: BlobStore;
  readonly store: TaskStore;
  readonly flows: FlowShelf;
  readonly users: Users;
  readonly faults: FaultScript;
  readonly workers: WorkerRegistry;
  readonly engine: Engine;
  readonly webhooks: Webhooks;
  readonly slowness: Slowness;
  readonly binary: BinarySpelling;
  readonly settings: Settings;
  readonly described: DescribedFlows;
  readonly language: LanguageModel | undefined;
  /** Start time of the process, in ms since 1970. Every task shows it as `created_at`. */
  startedAt: number;
  /** A number in [0, 1) from the stand-in's seed. */
  random(): number;
}

/** The server version that the stand-in reports. */
export const SERVER_VERSION = "2.7.1.dev0";
