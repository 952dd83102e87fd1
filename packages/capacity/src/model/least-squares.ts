// Least squares with coefficients that are not below zero: nothing that a server does gives time back. Pure, for a handful of
// coefficients: each set of them that may be above zero is solved by itself, and the best that has none below is taken.
export interface Equation {
  readonly terms: readonly number[];
  readonly value: number;
  /** How much its error counts: 1/value makes errors relative. */
  readonly weight: number;
}

const TERMS_MAX = 10;
/** A set of columns that say the same has no solution of its own. */
const SINGULAR = 1e-12;

/** The coefficient of each term. Throws RangeError past ten terms. */
export function leastSquares(equations: readonly Equation[], terms: number): readonly number[] {
  if (terms > TERMS_MAX) throw new RangeError(`at most ${TERMS_MAX} terms`);
  let best: { readonly error: number; readonly solution: readonly number[] } | undefined;
  for (let set = 0; set < 2 ** terms; set += 1) {
    const chosen = Array.from({ length: terms }, (_, term) => term).filter((term) => (set >> term) & 1);
    const solution = solvedFor(equations, chosen, terms);
    if (solution === undefined || solution.some((each) => each < 0)) continue;
    const error = squaredError(equations, solution);
    if (best === undefined || error < best.error * (1 - 1e-9)) best = { error, solution };
  }
  return best?.solution ?? Array.from({ length: terms }, () => 0);
}

export function valueAt(terms: readonly number[], solution: readonly number[]): number {
  return terms.reduce((sum, term, index) => sum + term * (solution[index] ?? 0), 0);
}

function squaredError(equations: readonly Equation[], solution: readonly number[]): number {
  return equations.reduce((sum, { terms, value, weight }) => {
    const error = (valueAt(terms, solution) - value) * weight;
    return sum + error * error;
  }, 0);
}

/** By the normal equations of the chosen terms; the others are zero. */
function solvedFor(
  equations: readonly Equation[],
  chosen: readonly number[],
  terms: number,
): readonly number[] | undefined {
  // Each column is scaled to its own size: counts and bytes are far apart.
  const scales = chosen.map((term) =>
    Math.sqrt(equations.reduce((sum, { terms: all, weight }) => sum + ((all[term] ?? 0) * weight) ** 2, 0)),
  );
  if (scales.some((scale) => scale === 0)) return undefined;
  const at = (equation: Equation, column: number): number =>
    ((equation.terms[chosen[column] ?? 0] ?? 0) * equation.weight) / (scales[column] ?? 1);
  const matrix = chosen.map((_, row) => [
    ...chosen.map((__, column) =>
      equations.reduce((sum, equation) => sum + at(equation, row) * at(equation, column), 0),
    ),
    equations.reduce((sum, equation) => sum + at(equation, row) * equation.value * equation.weight, 0),
  ]);
  const solved = eliminated(matrix);
  if (solved === undefined) return undefined;
  const solution = Array.from({ length: terms }, () => 0);
  for (const [index, term] of chosen.entries()) solution[term] = (solved[index] ?? 0) / (scales[index] ?? 1);
  return solution;
}

/** Gauss and Jordan, with the largest pivot; undefined if there is no single solution. */
function eliminated(matrix: number[][]): number[] | undefined {
  const size = matrix.length;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(matrix[row]?.[column] ?? 0) > Math.abs(matrix[pivot]?.[column] ?? 0)) pivot = row;
    const top = matrix[pivot];
    const other = matrix[column];
    if (top === undefined || other === undefined || Math.abs(top[column] ?? 0) < SINGULAR) return undefined;
    matrix[pivot] = other;
    matrix[column] = top;
    const divisor = top[column] ?? 1;
    for (let at = column; at <= size; at += 1) top[at] = (top[at] ?? 0) / divisor;
    for (const row of matrix) {
      const factor = row[column] ?? 0;
      if (row === top || factor === 0) continue;
      for (let at = column; at <= size; at += 1) row[at] = (row[at] ?? 0) - factor * (top[at] ?? 0);
    }
  }
  return matrix.map((row) => row[size] ?? 0);
}
