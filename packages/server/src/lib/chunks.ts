// A list in portions, for work that must not be one long turn.

export function* chunksOf<T>(items: readonly T[], sizeMax: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += sizeMax) yield items.slice(from, from + sizeMax);
}
