/**
 * The platform's timers, saved when this module is loaded. Tests that replace timers want to control the code
 * under test, not the server it talks to.
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

/** Yields to the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
