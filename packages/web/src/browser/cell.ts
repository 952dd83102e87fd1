// A value that many components look at, each at its own part: who does not see a change is not drawn again. For what is typed or opened
// in one row of a long list.
import { useSyncExternalStore } from 'react';

export interface Cell<Value> {
  get(): Value;
  set(value: Value): void;
  subscribe(listener: () => void): () => void;
}

export function createCell<Value>(first: Value): Cell<Value> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(value, next)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `part` gives the same for the same value: a number, a string, or something that is in the value. */
export function useCell<Value, Part>(cell: Cell<Value>, part: (value: Value) => Part): Part {
  const read = (): Part => part(cell.get());
  return useSyncExternalStore(cell.subscribe, read, read);
}
