/** Where log lines go; `console` fits. */
export interface Logger {
  /** Each request, and how it was answered. */
  debug(message: string): void;
  /** What the client did of its own accord, such as sending a request again. */
  info(message: string): void;
  /** What goes wrong at the moment and is borne with. */
  warn(message: string): void;
  /** What went wrong and was given up. */
  error(message: string): void;
}
