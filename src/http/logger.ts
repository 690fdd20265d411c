/** Destination of log lines; `console` fits. */
export interface Logger {
  /** Each request, and its outcome. */
  debug(message: string): void;
  /** What the client did on its own, such as a retry. */
  info(message: string): void;
  /** Failures that are being retried. */
  warn(message: string): void;
  /** Failures that were given up on. */
  error(message: string): void;
}
