/** How long tests wait for something that must happen, in ms: enough on a busy machine, but finite. */
export const PATIENCE_MS = 120_000;
