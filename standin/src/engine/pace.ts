/** The progress of a task over time, in uneven steps as on a real server. */

export interface Step {
  /** Milliseconds after the worker took the task. */
  readonly at: number;
  readonly percent: number;
}

/** A running task never shows more than this. */
const CEILING = 99;
/** Share of nodes in the engine's cache. They count as done at once. */
const CACHED_SHARE = 0.45;
const CACHED_UNTIL = 0.05;
/** A real engine spends most of its time in the sampler. */
const SAMPLER_UNTIL = 0.75;
/** Workflows with at least this many nodes have one node that never runs and never counts. */
const NODES_WITH_IDLE = 5;

/**
 * All nodes count for equal parts of 99 percent, the steps in a node for equal parts of its share. The cached
 * nodes come in one jump, then the sampler's steps, then the other nodes one by one, with pauses between.
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
