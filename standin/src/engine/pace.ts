/** The progress of a task over time, in uneven steps as on a real server. */

export interface Step {
  /** Milliseconds after the worker took the task. */
  readonly at: number;
  readonly percent: number;
}

/** A running task never shows more than this. */
const CEILING = 99;
/** Nodes that the engine has in its cache count at once, about half of them. */
const CACHED_SHARE = 0.45;
const CACHED_UNTIL = 0.05;
/** The sampler is where a real engine spends its time. */
const SAMPLER_UNTIL = 0.75;
/** In a workflow of so many nodes there is one that does not run, and never counts. */
const NODES_WITH_IDLE = 5;

/**
 * Every node is worth the same part of 99, steps inside of a node the same part of it. The cached nodes come
 * in one jump, then the steps of the sampler, then each of the others once, with silence between.
 *
 * @param nodes number of nodes of the workflow
 * @param innerSteps steps of the sampler
 * @param durationMs time from taking the task to its last step
 */
export function planSteps(nodes: number, innerSteps: number, durationMs: number): Step[] {
  const share = CEILING / nodes;
  const running = nodes >= NODES_WITH_IDLE ? nodes - 1 : nodes;
  const cached = Math.floor(running * CACHED_SHARE);
  const steps: Step[] = [];
  const step = (part: number, done: number): void => {
    steps.push({ at: durationMs * part, percent: Math.min(CEILING, done * share) });
  };
  if (cached > 0) step(CACHED_UNTIL, cached);
  const sampling = SAMPLER_UNTIL - CACHED_UNTIL;
  for (let k = 1; k <= innerSteps; k += 1) {
    step(CACHED_UNTIL + (sampling * k) / innerSteps, cached + k / innerSteps);
  }
  const rest = running - cached - 1;
  for (let k = 1; k <= rest; k += 1) {
    step(SAMPLER_UNTIL + ((1 - SAMPLER_UNTIL) * k) / rest, cached + 1 + k);
  }
  return steps;
}
