// Snapshots that say the same are the same object: that is how a view knows that it has nothing to do.

/** The old object if the new one has the same fields with the same values, compared by identity; else the new one. */
export function keptIfSame<Value extends object>(old: Value | undefined, next: Value): Value {
  if (old === undefined) return next;
  const before: readonly [string, unknown][] = Object.entries(old);
  const after = new Map<string, unknown>(Object.entries(next));
  const isSame =
    before.length === after.size &&
    before.every(([key, value]) => after.has(key) && Object.is(after.get(key), value));
  return isSame ? old : next;
}
