/** How the progress of a task moves in time. */

export interface Step {
  /** Milliseconds after the worker took the task. */
  readonly at: number;
  readonly percent: number;
}

/** A running task never shows more than this. */
const CEILING = 99;
/** The sampler is where a real engine spends its time. */
const SAMPLER_SHARE = 0.7;

/**
 * Every node is worth the same part of 99, steps inside of a node the same part of it, and one node,
 * the sampler, takes most of the time.
 *
 * @param nodes number of nodes of the workflow
 * @param innerSteps steps of the sampler
 * @param durationMs time from taking the task to its last step
 */
export function planSteps(nodes: number, innerSteps: number, durationMs: number): Step[] {
  const share = CEILING / nodes;
  const sampler = Math.max(0, nodes - 3);
  const perNode = nodes > 1 ? (durationMs * (1 - SAMPLER_SHARE)) / (nodes - 1) : 0;
  const steps: Step[] = [];
  let at = 0;
  for (let node = 0; node < nodes; node += 1) {
    const inner = node === sampler ? innerSteps : 1;
    const time = node === sampler ? durationMs * SAMPLER_SHARE : perNode;
    for (let k = 1; k <= inner; k += 1) {
      at += time / inner;
      steps.push({ at, percent: Math.min(CEILING, (node + k / inner) * share) });
    }
  }
  return steps;
}
