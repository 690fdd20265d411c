/** How long a test waits for what must come, in ms: a limit against hanging, on a busy machine too. */
export const PATIENCE_MS = 120_000;
