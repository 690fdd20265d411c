/** Assembles a stand-in: everything that a start or a reset creates. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { App } from "./app.js";
import { BlobStore } from "./blobs.js";
import type { Clock } from "./clock.js";
import { Engine } from "./engine/engine.js";
import type { RenderSettings } from "./engine/render.js";
import { FaultScript } from "./faults/script.js";
import { DescribedFlows } from "./flows/described.js";
import type { Flow } from "./flows/flow.js";
import { FlowShelf } from "./flows/shelf.js";
import { Slowness } from "./http/slowness.js";
import { OptionError, type StandinOptions } from "./options.js";
import { hash, randomFrom } from "./random.js";
import { Settings } from "./settings.js";
import { Journal } from "./tasks/journal.js";
import { TaskStore } from "./tasks/store.js";
import { Users } from "./users.js";
import { Webhooks } from "./webhooks.js";
import { WorkerRegistry } from "./workers.js";

const INSTANT_PICTURE_SIDE = 256;
const INSTANT_TUNE_SECONDS = 2;
const DEFAULT_DURATION_MS = 2000;

/** A stand-in without its network side. */
export interface Assembly {
  readonly app: App;
  /** Stops running tasks. Taken tasks are queued again in the data folder. */
  close(): void;
  /** Removes temporary files. Call it when no request is in progress. */
  cleanUp(): void;
}

const filesFolder = (data: string): string => join(data, "files");

/** Removes a stand-in's files from a data folder, and nothing else. */
export function emptyDataFolder(data: string): void {
  Journal.remove(data);
  rmSync(filesFolder(data), { recursive: true, force: true });
}

interface OpenStore {
  readonly blobs: BlobStore;
  readonly store: TaskStore;
  readonly journal: Journal | undefined;
}

function openStore(data: string | undefined): OpenStore {
  try {
    const blobs = new BlobStore(data === undefined ? undefined : filesFolder(data));
    const store = new TaskStore(blobs);
    return {
      blobs,
      store,
      journal: data === undefined ? undefined : new Journal(data, store, blobs),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new OptionError(`the data folder ${data ?? ""} cannot be used (${code})`, {
      cause: error,
    });
  }
}

function renderSettingsOf({ speed, maxPictureSide }: StandinOptions): RenderSettings {
  const instant = speed === "instant";
  return {
    maxSide: maxPictureSide ?? (instant ? INSTANT_PICTURE_SIDE : Infinity),
    maxSeconds: instant ? INSTANT_TUNE_SECONDS : Infinity,
  };
}

/** @param catalog the flows; read once, so that a reset reads no file */
export function assemble(
  options: StandinOptions,
  catalog: readonly Flow[],
  clock: Clock,
): Assembly {
  const seed = options.seed ?? 1;
  const random = randomFrom(hash(`seeds ${seed}`));
  const flows = new FlowShelf(catalog, clock, options.installMs ?? 0);
  const { blobs, store, journal } = openStore(options.data);
  const faults = new FaultScript(seed);
  faults.add(...(options.faults ?? []));
  const workers = new WorkerRegistry();
  const webhooks = new Webhooks({ clock, faults, store });
  const engine = new Engine(
    {
      clock,
      store,
      flows,
      faults,
      workers,
      webhooks,
    },
    {
      workers: options.workers ?? 1,
      speed: options.speed === "instant" ? Infinity : (options.speed ?? 1),
      duration: options.duration ?? DEFAULT_DURATION_MS,
      steps: options.steps,
      random: (task) => randomFrom(hash(`duration ${seed} ${task}`))(),
      render: renderSettingsOf(options),
    },
  );
  const app: App = {
    clock,
    blobs,
    store,
    flows,
    users: new Users(options.auth),
    faults,
    workers,
    engine,
    webhooks,
    slowness: new Slowness(clock, options.slow ?? 0),
    binary: options.binary ?? "contentMediaType",
    settings: new Settings(),
    described: new DescribedFlows(),
    language: options.languageModel,
    startedAt: clock.now(),
    random,
  };
  return {
    app,
    close: () => {
      engine.close();
      webhooks.close();
      journal?.close();
    },
    cleanUp: () => blobs.close(),
  };
}
