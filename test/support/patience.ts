/**
 * How long tests wait for something that must happen, in ms: long enough for a busy machine, but not for
 * ever.
 */
export const PATIENCE_MS = 120_000;
