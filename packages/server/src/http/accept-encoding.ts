// Which coding a client would have an answer in (RFC 9110, section 12.5.3), of those that we have.

/**
 * The one of the highest weight; of equals the first in `offered`. A coding counts by its own name, or by `*` where it is not
 * named; a weight of zero is a no. `identity` where nothing else is wanted, or nothing is said.
 */
export function chooseEncoding<T extends string>(
  header: string | readonly string[] | undefined,
  offered: readonly T[],
): T | 'identity' {
  const weights = weightsOf(String(header ?? ''));
  const weightOf = (coding: string): number => weights.get(coding) ?? weights.get('*') ?? 0;
  const wanted = offered.filter((coding) => weightOf(coding) > 0);
  const best = wanted.toSorted((one, other) => weightOf(other) - weightOf(one))[0];
  if (best === undefined) return 'identity';
  // Named and preferred over all that we have.
  return (weights.get('identity') ?? 0) > weightOf(best) ? 'identity' : best;
}

function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    if (coding === '') continue;
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.split('=')[1];
    const value = weight === undefined ? 1 : Number(weight);
    weights.set(coding, value >= 0 && value <= 1 ? value : 0);
  }
  return weights;
}
