/** Plans which percentage a run shows when, and at which step a fault strikes. Pure functions. */
import type { TaskFault } from "../faults/fault.js";
import type { Flow } from "../flows/flow.js";
import { countNodes } from "../flows/workflow.js";
import type { Task } from "../tasks/task.js";
import { planSteps, type Step } from "./pace.js";

/** How long a task takes: ms, a range of ms, or a function of the task. */
export type TaskDuration =
  | number
  | readonly [number, number]
  | ((task: { readonly id: number; readonly flow: string }) => number);

export interface PaceSettings {
  /** How many times as fast as planned a task runs; `Infinity` for no delay. */
  readonly speed: number;
  readonly duration: TaskDuration;
  /** Progress reports while the sampler works; undefined to follow the task's own number of steps. */
  readonly steps: number | undefined;
  /** A number in [0, 1), the same for a task whenever it runs. */
  readonly random: (task: number) => number;
}

const MIDWAY = ["fail", "stall", "orphan", "loop", "give-up", "vanish"] as const;
type MidwayFault = Extract<TaskFault, { readonly do: (typeof MIDWAY)[number] }>;

const DEFAULT_STEPS = 8;
const MOST_STEPS = 50;
/** Default progress for a fault, in percent. */
const HALFWAY = 50;

/** A step at which the fault, if there is one, may strike. */
export interface ScheduledStep extends Step {
  readonly strikes: boolean;
}

function durationOf(task: Task, fault: TaskFault | undefined, settings: PaceSettings): number {
  if (fault?.do === "take") return fault.ms;
  const { duration, speed, random } = settings;
  if (speed === Infinity) return 0;
  if (typeof duration === "function") return duration(task) / speed;
  if (typeof duration === "number") return duration / speed;
  const [min, max] = duration;
  return (min + (max - min) * random(task.id)) / speed;
}

function samplerSteps(task: Task, { steps }: PaceSettings): number {
  if (steps !== undefined) return steps;
  for (const name of ["steps_number", "steps_count"]) {
    const number = Number.parseInt(task.params.get(name) ?? "", 10);
    if (number >= 1) return Math.min(number, MOST_STEPS);
  }
  return DEFAULT_STEPS;
}

/** Faults that strike while the task runs. */
function isMidway(fault: TaskFault): fault is MidwayFault {
  return (MIDWAY as readonly string[]).includes(fault.do);
}

/** The visible steps of a run; an instant task has only the steps that a fault waits for. */
export function scheduleOf(
  task: Task,
  flow: Flow,
  fault: TaskFault | undefined,
  settings: PaceSettings,
): ScheduledStep[] {
  const duration = durationOf(task, fault, settings);
  const steps = planSteps(countNodes(flow, task), samplerSteps(task, settings), duration);
  const isStruck = fault !== undefined && isMidway(fault);
  const from = isStruck ? (fault.at ?? HALFWAY) : Infinity;
  const last = steps.at(-1);
  const scheduled = steps.map((step) => ({
    ...step,
    strikes: isStruck && (step === last || step.percent >= from),
  }));
  return duration > 0 ? scheduled : scheduled.filter(({ strikes }) => strikes);
}
