/** How long to pause before a retry. Pure. */

/** Longest pause between two attempts, in ms. */
const MAX_PAUSE_MS = 5000;

/** Longest pause that a server can ask for, in ms. */
export const MAX_RETRY_AFTER_MS = 30_000;

/**
 * Pause before the next attempt, in ms. It grows with each failure, and is spread so that many clients do not
 * retry at once.
 * @param failures in a row, from 0
 * @param random from 0 to below 1
 */
export function retryDelay(failures: number, random: number, maxMs: number = MAX_PAUSE_MS): number {
  return Math.min(250 * 2 ** Math.min(failures, 10), maxMs) * (0.5 + 0.5 * random);
}

/** How long to retry a server that has never responded, in ms: its address may be wrong. */
const FIRST_CONTACT_MS = 3000;

/** How much of a budget may go into retries, in ms. */
export function patience(api: { answered: () => boolean }, budgetMs: number): number {
  return api.answered() ? budgetMs : Math.min(budgetMs, FIRST_CONTACT_MS);
}
