/** The stand-in's own workers: they take tasks, let time pass, and make files. */
import type { Clock, Timer } from "../clock.js";
import type { TaskFault } from "../faults/fault.js";
import type { FaultScript } from "../faults/script.js";
import type { Flow } from "../flows/flow.js";
import type { FlowShelf } from "../flows/shelf.js";
import { countNodes } from "../flows/workflow.js";
import { pickNext } from "../tasks/queue.js";
import type { TaskStore } from "../tasks/store.js";
import type { Task } from "../tasks/task.js";
import { canCall, type Webhooks } from "../webhooks.js";
import { type WorkerDetails, workerIdOf, type WorkerRegistry } from "../workers.js";
import { type MadeFile, renderTask, type RenderSettings } from "./render.js";
import { setImmediate } from "../timers.js";
import { findFlaw } from "./flaws.js";
import { planSteps, type Step } from "./pace.js";
import { profileOf } from "./profile.js";

/** How long a task takes: ms, a range of ms, or a function of the task. */
export type TaskDuration =
  | number
  | readonly [number, number]
  | ((task: { readonly id: number; readonly flow: string }) => number);

export interface EngineSettings {
  readonly workers: number;
  /** Factor on durations; `Infinity` for none at all. */
  readonly speed: number;
  readonly duration: TaskDuration;
  /** Progress reports while the sampler works; undefined to follow the task's own number of steps. */
  readonly steps: number | undefined;
  readonly render: RenderSettings;
}

export interface EngineParts {
  readonly clock: Clock;
  readonly store: TaskStore;
  readonly flows: FlowShelf;
  readonly faults: FaultScript;
  readonly workers: WorkerRegistry;
  readonly webhooks: Webhooks;
  random(seed: number): number;
}

interface Slot {
  id: string;
  details: WorkerDetails;
  run: Run | undefined;
  lastFlow: string | undefined;
  /** It looks for no work for a moment. */
  pausing: boolean;
}

interface Run {
  readonly task: Task;
  readonly startedAt: number;
  timer: Timer | undefined;
  over: boolean;
}

/** The owner of the embedded workers, as on the real server. */
const WORKER_USER = "admin";
const DEFAULT_STEPS = 8;
/** About the time between two questions of a real worker that is idle. */
const REST_MS = 1000;
const INSTANT_REST_MS = 50;

export class Engine {
  readonly #parts: EngineParts;
  readonly #settings: EngineSettings;
  readonly #slots: readonly Slot[];
  readonly #stopListening: () => void;
  readonly #resting = new Set<Task>();
  /** Tasks that are taken again and again, until they are deleted. */
  readonly #looping = new Set<Task>();
  #workersSoFar = 0;
  #pumping = false;
  #stopped = false;

  constructor(parts: EngineParts, settings: EngineSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#slots = Array.from({ length: settings.workers }, () => ({
      ...this.#newWorker(),
      run: undefined,
      lastFlow: undefined,
      pausing: false,
    }));
    this.#stopListening = parts.store.onChange((task, change) => {
      if (change === "removed") {
        this.#looping.delete(task);
        this.#abandon(task);
      } else if (task.lockedAt === undefined) this.wake();
    });
    this.wake();
  }

  #newWorker(): { id: string; details: WorkerDetails } {
    const details: WorkerDetails = {
      worker_version: "stand-in",
      system: { hostname: "stand-in", os: "none", version: "0", embedded_python: false },
      devices: [{ name: "no GPU", index: this.#workersSoFar++ }],
    };
    const id = workerIdOf(WORKER_USER, details) ?? "";
    const { workers, clock } = this.#parts;
    workers.seen(id, WORKER_USER, details, clock.now());
    workers.idle(id, clock.now());
    return { id, details };
  }

  /** Looks for work soon, once, however often it is called. */
  wake(): void {
    if (this.#pumping || this.#stopped || this.#slots.length === 0) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#fillSlots();
    });
  }

  /**
   * Drops what is running, as a process does that ends: the tasks stay locked for ever. With `release` the
   * worker lets go of them first.
   */
  interrupt({ release }: { readonly release: boolean }): void {
    for (const slot of this.#slots) {
      const run = slot.run;
      if (run === undefined) continue;
      this.#end(slot, run);
      if (!release) continue;
      run.task.lockedAt = undefined;
      this.#parts.store.changed(run.task);
    }
  }

  close(): void {
    this.#stopped = true;
    this.#stopListening();
    this.interrupt({ release: false });
  }

  #fillSlots(): void {
    if (this.#stopped) return;
    for (const slot of this.#slots) {
      if (slot.run !== undefined || slot.pausing) continue;
      const task = pickNext(this.#available(), {
        workerId: slot.id,
        flows: new Set(this.#parts.flows.installed().map((flow) => flow.id)),
        ...(slot.lastFlow === undefined ? {} : { lastFlow: slot.lastFlow }),
      });
      if (task === undefined) return;
      this.#start(slot, task);
    }
  }

  #start(slot: Slot, task: Task): void {
    const { clock, store, flows, faults, workers } = this.#parts;
    const flow = flows.get(task.flow);
    if (flow === undefined) return;
    const now = clock.now();
    const run: Run = { task, startedAt: now, timer: undefined, over: false };
    slot.run = run;
    slot.lastFlow = task.flow;
    workers.seen(slot.id, WORKER_USER, slot.details, now).emptyRequests = 0;
    task.lockedAt = now;
    task.progress = 0;
    store.changed(task);
    const struck = faults.taskFault({ flow: task.flow, task: task.id });
    const fault: TaskFault | undefined = this.#isLooping(task) ? { do: "loop", at: 0 } : struck;
    if (fault !== undefined || (task.inputs.length === 0 && task.params.size === 0)) {
      this.#proceed(slot, run, flow, fault);
      return;
    }
    const look = findFlaw(task, flow, store.blobs).then((flaw) => {
      if (!run.over) this.#proceed(slot, run, flow, flaw);
    });
    clock.track(look);
  }

  /** Headers that cannot be sent kill the reporter of an embedded worker: the task is run again and again. */
  #isLooping(task: Task): boolean {
    return this.#looping.has(task) || (task.webhookUrl !== undefined && !canCall(task));
  }

  #durationOf(task: Task, fault: TaskFault | undefined): number {
    if (fault?.do === "take") return fault.ms;
    const { duration, speed } = this.#settings;
    if (speed === Infinity) return 0;
    if (typeof duration === "function") return duration(task) / speed;
    if (typeof duration === "number") return duration / speed;
    const [min, max] = duration;
    return (min + (max - min) * this.#parts.random(task.id)) / speed;
  }

  #stepsOf(task: Task): number {
    if (this.#settings.steps !== undefined) return this.#settings.steps;
    for (const name of ["steps_number", "steps_count"]) {
      const number = Number.parseInt(task.params.get(name) ?? "", 10);
      if (number >= 1) return Math.min(number, 50);
    }
    return DEFAULT_STEPS;
  }

  /** Goes through the steps; each is one timer, so that a cancelled task stops at once. */
  #proceed(slot: Slot, run: Run, flow: Flow, fault: TaskFault | undefined): void {
    const { task } = run;
    const duration = this.#durationOf(task, fault);
    const steps = planSteps(countNodes(flow, task), this.#stepsOf(task), duration);
    // Nobody could see the steps of a task that takes no time, save those that a fault waits for.
    const last = steps.at(-1);
    const isDue = (step: Step): boolean => step === last || this.#isDue(fault, step.percent);
    const visible =
      duration > 0 ? steps : fault !== undefined && isMidway(fault) ? steps.filter(isDue) : [];
    const go = (k: number): void => {
      const step = visible[k];
      if (step === undefined) {
        const work = this.#finish(slot, run, flow, fault);
        this.#parts.clock.track(work);
        return;
      }
      const elapsed = this.#parts.clock.now() - run.startedAt;
      run.timer = this.#parts.clock.after(step.at - elapsed, () => {
        if (run.over) return;
        const told = this.#report(slot, run, step.percent);
        if (fault !== undefined && isDue(step)) {
          if (this.#strike(slot, run, fault)) return;
        }
        // An embedded worker goes on when its webhook has answered, however long that takes.
        if (told === undefined) go(k + 1);
        else void told.then(() => !run.over && go(k + 1));
      });
    };
    go(0);
  }

  #isDue(fault: TaskFault | undefined, percent: number): boolean {
    if (fault === undefined || !isMidway(fault)) return false;
    return percent >= (fault.at ?? 50);
  }

  /** @returns what ends when the task's webhook has heard of it, if it has one */
  #report(slot: Slot, run: Run, percent: number): Promise<void> | undefined {
    const { clock, store, webhooks, workers } = this.#parts;
    const { task } = run;
    const now = clock.now();
    task.progress = percent;
    task.worker = slot.id;
    task.updatedAt = now;
    task.executionTime = Math.round(now - run.startedAt) / 1000;
    workers.seen(slot.id, WORKER_USER, slot.details, now);
    store.changed(task);
    return webhooks.report(task, "embedded");
  }

  /** @returns true if the run ends here */
  #strike(slot: Slot, run: Run, fault: TaskFault): boolean {
    const { task } = run;
    switch (fault.do) {
      case "fail":
        this.#fail(slot, run, fault.error ?? "CUDA out of memory. (a fault of the stand-in)\n");
        return true;
      case "stall":
        this.#die(slot, run);
        return true;
      case "orphan":
        this.#end(slot, run);
        return true;
      case "loop":
        this.#looping.add(task);
        this.#pause(slot);
        this.#end(slot, run);
        task.lockedAt = undefined;
        this.#parts.store.changed(task);
        return true;
      case "give-up":
        this.#rest(task);
        this.#end(slot, run);
        task.lockedAt = undefined;
        this.#parts.store.changed(task);
        return true;
      case "vanish":
        this.#end(slot, run);
        this.#parts.store.removeTree(task);
        return true;
      default:
        return false;
    }
  }

  /** The worker is heard of no more, still busy as far as anybody can see; another takes its place. */
  #die(slot: Slot, run: Run): void {
    run.over = true;
    run.timer?.cancel();
    slot.run = undefined;
    Object.assign(slot, this.#newWorker());
    this.wake();
  }

  /** Keeps a worker from looking for work before its next turn. */
  #pause(slot: Slot): void {
    slot.pausing = true;
    this.#parts.clock.after(this.#restMs(), () => {
      slot.pausing = false;
      this.wake();
    });
  }

  #restMs(): number {
    const { speed } = this.#settings;
    return speed === Infinity ? INSTANT_REST_MS : REST_MS / speed;
  }

  /** Keeps a task that was given up from being taken again before anybody could see it in that state. */
  #rest(task: Task): void {
    this.#resting.add(task);
    this.#parts.clock.after(this.#restMs(), () => {
      this.#resting.delete(task);
      this.wake();
    });
  }

  *#available(): Iterable<Task> {
    for (const task of this.#parts.store.waiting()) if (!this.#resting.has(task)) yield task;
  }

  #fail(slot: Slot, run: Run, error: string): void {
    const { task } = run;
    this.#end(slot, run);
    task.error = error;
    task.lockedAt = undefined;
    task.worker = slot.id;
    task.updatedAt = this.#parts.clock.now();
    this.#parts.store.changed(task);
    void this.#parts.webhooks.report(task, "embedded");
  }

  async #finish(slot: Slot, run: Run, flow: Flow, fault: TaskFault | undefined): Promise<void> {
    const { task } = run;
    let made: MadeFile[];
    try {
      made = await renderTask(task, flow, this.#parts.store.blobs, this.#settings.render);
    } catch (error) {
      if (!run.over) this.#fail(slot, run, error instanceof Error ? error.message : String(error));
      return;
    }
    if (run.over) return;
    await this.#keep(task, made);
    // The task may have been deleted while its files were being written.
    if (this.#parts.store.get(task.id) !== task) return;
    if (fault?.do === "lose-files") task.results = [];
    if (fault?.do === "phantom-file") for (const output of task.outputs) output.batchSize += 1;
    task.finishedAt = this.#parts.clock.now();
    if (task.flags.profiler_execution)
      task.executionDetails = profileOf(task, flow, task.finishedAt - run.startedAt);
    task.lockedAt = undefined;
    void this.#report(slot, run, 100);
    this.#end(slot, run);
  }

  async #keep(task: Task, made: readonly MadeFile[]): Promise<void> {
    const modified = this.#parts.clock.now();
    const { blobs } = this.#parts.store;
    for (const file of task.results) blobs.release(file.blob);
    task.results = await Promise.all(
      made.map(async ({ name, bytes }) => ({ name, blob: await blobs.put(bytes), modified })),
    );
    for (const output of task.outputs) {
      const own = made.filter((file) => file.node === output.node);
      output.fileSize = own.reduce((sum, file) => sum + file.bytes.length, 0);
      output.batchSize = own.length;
    }
  }

  #abandon(task: Task): void {
    for (const slot of this.#slots) {
      if (slot.run?.task === task) this.#end(slot, slot.run);
    }
  }

  #end(slot: Slot, run: Run): void {
    run.over = true;
    run.timer?.cancel();
    if (slot.run !== run) return;
    slot.run = undefined;
    this.#parts.workers.idle(slot.id, this.#parts.clock.now());
    this.wake();
  }
}

const MIDWAY = ["fail", "stall", "orphan", "loop", "give-up", "vanish"] as const;
type MidwayFault = Extract<TaskFault, { readonly do: (typeof MIDWAY)[number] }>;

/** Faults that strike while the task runs, at 50 % unless they say where. */
function isMidway(fault: TaskFault): fault is MidwayFault {
  return (MIDWAY as readonly string[]).includes(fault.do);
}
