// Snapshots that say the same are the same object: that is how a view knows that it has nothing to do.

/** The old object if the new one has the same fields with the same values, compared by identity; else the new one. */
export function keptIfSame<Value extends object>(old: Value | undefined, next: Value): Value {
  const before = new Map<string, unknown>(Object.entries(old ?? {}));
  const after: readonly [string, unknown][] = Object.entries(next);
  const isSame =
    before.size === after.length &&
    after.every(([key, value]) => before.has(key) && Object.is(before.get(key), value));
  return old !== undefined && isSame ? old : next;
}
