/** A value that components follow. */
import { useEffect, useState } from "preact/hooks";

export interface Store<T> {
  get(): T;
  set(value: T): void;
  update(change: (value: T) => T): void;
  subscribe(listener: () => void): () => void;
}

export function store<T>(initial: T): Store<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  const set = (value: T): void => {
    if (Object.is(value, current)) return;
    current = value;
    for (const listener of [...listeners]) listener();
  };
  return {
    get: () => current,
    set,
    update: (change) => set(change(current)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The value, and the component drawn anew when it changes. */
export function useStore<T>(source: Store<T>): T {
  const [, setTick] = useState(0);
  useEffect(() => {
    const seen = source.get();
    const stop = source.subscribe(() => setTick((tick) => tick + 1));
    // It may have changed between the drawing and now.
    if (!Object.is(seen, source.get())) setTick((tick) => tick + 1);
    return stop;
  }, [source]);
  return source.get();
}
