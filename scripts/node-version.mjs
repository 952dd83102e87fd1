// Is this Node new enough? The one place that asks; the answer's measure is "engines" in package.json.
// Not modern on purpose: an old Node must be able to read this file in order to be told that it is old.
// Next comes preflight.mjs, which says the sentence and stops.

/**
 * @param {string} version such as '20.19.1'
 * @param {string} range alternatives of '>=20.19' and '^20.19', joined by '||'
 * @returns {boolean}
 */
export function isNodeInRange(version, range) {
  const have = numbers(version);
  return range.split('||').some((alternative) => {
    const wanted = alternative.trim();
    const least = numbers(wanted);
    if (have[0] !== least[0]) return wanted[0] !== '^' && have[0] > least[0];
    if (have[1] !== least[1]) return have[1] > least[1];
    return have[2] >= least[2];
  });
}

/**
 * @param {string} version
 * @param {string} range
 * @returns {string | undefined} the sentence for a Node that will not do
 */
export function nodeVersionProblem(version, range) {
  if (isNodeInRange(version, range)) return undefined;
  const wanted = range
    .split('||')
    .map((alternative) => {
      const text = alternative.trim();
      return text[0] === '^'
        ? `${text.slice(1)} or a later ${numbers(text)[0]}.x`
        : `${text.slice(2)} or newer`;
    })
    .join(', or ');
  return (
    `Wireroom needs Node.js ${wanted}; this is Node.js ${version}. ` +
    'Install a current one (https://nodejs.org) and run the same command again.'
  );
}

/**
 * @param {string} text
 * @returns {[number, number, number]}
 */
function numbers(text) {
  const parts = text
    .replace(/^[^0-9]+/, '')
    .split('.')
    .map((part) => parseInt(part, 10) || 0);
  return [parts[0] || 0, parts[1] || 0, parts[2] || 0];
}
