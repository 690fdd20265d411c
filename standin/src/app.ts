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

/** How a description spells a binary field: as older or as newer servers do. */
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
  /** When the process "started", in ms since 1970; what `created_at` of every task shows. */
  startedAt: number;
  /** A number in [0, 1) from the stand-in's seed. */
  random(): number;
}

/** What the stand-in says its version is, in places where the real server does. */
export const SERVER_VERSION = "2.7.1.dev0";
