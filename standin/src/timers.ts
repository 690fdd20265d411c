/**
 * The platform's timers as they were when this module was loaded. Tests that put fake ones in their
 * place mean the code under test, not the server that it talks to.
 */
const {
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  clearImmediate,
  performance,
} = globalThis;

export {
  clearImmediate,
  clearInterval,
  clearTimeout,
  performance,
  setImmediate,
  setInterval,
  setTimeout,
};

/** Yields to everything else that waits. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
