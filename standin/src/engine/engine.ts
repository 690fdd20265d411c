/** The stand-in's own workers: they take tasks, wait, and make files. */
import type { Clock } from "../clock.js";
import type { TaskFault } from "../faults/fault.js";
import type { FaultScript } from "../faults/script.js";
import type { Flow } from "../flows/flow.js";
import type { FlowShelf } from "../flows/shelf.js";
import { pickNext } from "../tasks/queue.js";
import type { TaskStore } from "../tasks/store.js";
import type { Task } from "../tasks/task.js";
import { canCall, type Webhooks } from "../webhooks.js";
import type { WorkerRegistry } from "../workers.js";
import { type MadeFile, renderTask, type RenderSettings } from "./render.js";
import { setImmediate } from "../timers.js";
import { findFlaw } from "./flaws.js";
import { countResults, ResultKeeper } from "./keep-results.js";
import { profileOf } from "./profile.js";
import { type PaceSettings, scheduleOf } from "./schedule.js";
import { Resting } from "./resting.js";
import { type Run, Slot } from "./slot.js";

export interface EngineSettings extends PaceSettings {
  readonly workers: number;
  readonly render: RenderSettings;
}

export interface EngineParts {
  readonly clock: Clock;
  readonly store: TaskStore;
  readonly flows: FlowShelf;
  readonly faults: FaultScript;
  readonly workers: WorkerRegistry;
  readonly webhooks: Webhooks;
}

const DEFAULT_ERROR = "CUDA out of memory. (a fault of the stand-in)\n";
export class Engine {
  readonly #parts: EngineParts;
  readonly #settings: EngineSettings;
  readonly #slots: readonly Slot[];
  readonly #stopListening: () => void;
  readonly #resting: Resting;
  /** Tasks that are taken again and again, until they are deleted. */
  readonly #looping = new Set<Task>();
  readonly #keeper: ResultKeeper;
  #pumping = false;
  #stopped = false;

  constructor(parts: EngineParts, settings: EngineSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#keeper = new ResultKeeper(parts.store.blobs);
    this.#resting = new Resting(parts.clock, settings.speed, () => this.wake());
    let device = 0;
    const devices = { next: () => device++ };
    this.#slots = Array.from(
      { length: settings.workers },
      () => new Slot(parts.workers, parts.clock, devices),
    );
    this.#stopListening = parts.store.onChange((task, change) => {
      if (change === "removed") {
        this.#looping.delete(task);
        for (const slot of this.#slots) if (slot.run?.task === task) this.#end(slot, slot.run);
      } else if (task.lockedAt === undefined) this.wake();
    });
    this.wake();
  }

  /** Looks for work in the next turn of the event loop. Several calls before then count as one. */
  wake(): void {
    if (this.#pumping || this.#stopped || this.#slots.length === 0) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#fillSlots();
    });
  }

  /**
   * Drops running tasks, as when a worker's process ends: they stay locked for ever. With `release` the
   * worker unlocks them first.
   */
  interrupt({ release }: { readonly release: boolean }): void {
    for (const slot of this.#slots) {
      const run = slot.run;
      if (run === undefined) continue;
      if (release) this.#letGo(slot, run);
      else this.#end(slot, run);
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
      if (slot.run !== undefined || this.#resting.has(slot)) continue;
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
    const { clock, store, flows, faults } = this.#parts;
    const flow = flows.get(task.flow);
    if (flow === undefined) return;
    const now = clock.now();
    const run: Run = { task, startedAt: now, timer: undefined, over: false };
    slot.run = run;
    slot.lastFlow = task.flow;
    slot.takesWork();
    this.#keeper.runBegins();
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
    this.#follow(slot, run, look);
  }

  /** Fails the task if work on its files fails. After the end of the run, files may be gone: no error. */
  #follow(slot: Slot, run: Run, work: Promise<void>): void {
    const followed = work.catch((error: unknown) => {
      if (run.over || this.#stopped) return;
      this.#fail(slot, run, error instanceof Error ? error.message : String(error));
    });
    this.#parts.clock.track(followed);
  }

  /**
   * Webhook headers that cannot be sent crash the embedded worker's reporter, so the task runs repeatedly.
   */
  #isLooping(task: Task): boolean {
    return this.#looping.has(task) || (task.webhookUrl !== undefined && !canCall(task));
  }

  /** Goes through the steps; each is one timer, so that a cancelled task stops at once. */
  #proceed(slot: Slot, run: Run, flow: Flow, fault: TaskFault | undefined): void {
    const steps = scheduleOf(run.task, flow, fault, this.#settings);
    const go = (k: number): void => {
      const step = steps[k];
      if (step === undefined) {
        this.#follow(slot, run, this.#finish(slot, run, flow, fault));
        return;
      }
      const elapsed = this.#parts.clock.now() - run.startedAt;
      run.timer = this.#parts.clock.after(step.at - elapsed, () => {
        if (run.over) return;
        const told = this.#report(slot, run, step.percent);
        if (fault !== undefined && step.strikes && this.#strike(slot, run, fault)) return;
        // An embedded worker waits for the webhook's response, however long it takes.
        if (told === undefined) go(k + 1);
        else void told.then(() => !run.over && go(k + 1));
      });
    };
    go(0);
  }

  /** @returns a promise for the end of the webhook call, if the task has a webhook */
  #report(slot: Slot, run: Run, percent: number): Promise<void> | undefined {
    const { clock, store, webhooks } = this.#parts;
    const { task } = run;
    const now = clock.now();
    task.progress = percent;
    task.worker = slot.id;
    task.updatedAt = now;
    task.executionTime = Math.round(now - run.startedAt) / 1000;
    slot.isSeen();
    store.changed(task);
    return webhooks.report(task, "embedded");
  }

  /** @returns true if the run ends here */
  #strike(slot: Slot, run: Run, fault: TaskFault): boolean {
    const { task } = run;
    switch (fault.do) {
      case "fail":
        this.#follow(slot, run, this.#failAfterSaving(slot, run, fault));
        return true;
      case "stall":
        this.#die(slot, run);
        return true;
      case "orphan":
        this.#end(slot, run);
        return true;
      case "loop":
        this.#looping.add(task);
        this.#resting.add(slot);
        this.#letGo(slot, run);
        return true;
      case "give-up":
        // Without a rest, the task would be taken again before a client could see it in the queue.
        this.#resting.add(task);
        this.#letGo(slot, run);
        return true;
      case "vanish":
        this.#end(slot, run);
        this.#parts.store.removeTree(task);
        return true;
      default:
        return false;
    }
  }

  /** The worker stops reporting but still looks busy; another worker replaces it. */
  #die(slot: Slot, run: Run): void {
    run.over = true;
    run.timer?.cancel();
    slot.replace();
    this.wake();
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

  /** Fails at once, or after the fault's number of saved outputs. */
  async #failAfterSaving(
    slot: Slot,
    run: Run,
    { error = DEFAULT_ERROR, saved = 0 }: Extract<TaskFault, { do: "fail" }>,
  ): Promise<void> {
    const flow = this.#parts.flows.get(run.task.flow);
    if (saved > 0 && flow !== undefined) {
      const made = await this.#render(run, flow);
      if (made === undefined) return;
      const { task } = run;
      await this.#keeper.keep(task, task.outputs.slice(0, saved), made, this.#parts.clock.now());
      if (run.over) return;
    }
    this.#fail(slot, run, error);
  }

  async #finish(slot: Slot, run: Run, flow: Flow, fault: TaskFault | undefined): Promise<void> {
    const { task } = run;
    const made = await this.#render(run, flow);
    if (made === undefined) return;
    await this.#keeper.keep(task, task.outputs, made, this.#parts.clock.now());
    // The task may have been deleted while its files were being written.
    if (this.#parts.store.get(task.id) !== task) return;
    countResults(task);
    if (fault?.do === "lose-files") task.results = [];
    if (fault?.do === "phantom-file") for (const output of task.outputs) output.batchSize += 1;
    task.finishedAt = this.#parts.clock.now();
    if (task.flags.profiler_execution)
      task.executionDetails = profileOf(task, flow, task.finishedAt - run.startedAt);
    task.lockedAt = undefined;
    void this.#report(slot, run, 100);
    this.#end(slot, run);
  }

  /** Undefined if the run has ended. */
  async #render(run: Run, flow: Flow): Promise<MadeFile[] | undefined> {
    const made = await renderTask(run.task, flow, this.#parts.store.blobs, this.#settings.render);
    return run.over ? undefined : made;
  }

  #letGo(slot: Slot, run: Run): void {
    this.#end(slot, run);
    run.task.lockedAt = undefined;
    this.#parts.store.changed(run.task);
  }

  #end(slot: Slot, run: Run): void {
    run.over = true;
    run.timer?.cancel();
    if (slot.run !== run) return;
    slot.run = undefined;
    slot.isIdle();
    this.wake();
  }
}
