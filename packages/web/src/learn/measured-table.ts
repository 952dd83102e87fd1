// The table in the output of a measurement (columns parted by │, a rule under the head), read back, so that the page can
// draw a real one. What is no such table stays text.

export interface MeasuredTable {
  /** The line above. */
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly isNumeric: boolean }[];
  readonly rows: readonly (readonly string[])[];
  /** What stands below. */
  readonly note: string;
}

const cellsOf = (line: string): string[] => line.split('│').map((cell) => cell.trim());
const isNumber = (text: string): boolean => /^(?:[\d.,×%−-]+|–)$/.test(text);

export function readMeasuredTable(output: string): MeasuredTable | undefined {
  const lines = output.split('\n');
  const rule = lines.findIndex((line) => /^─[─┼]*─$/.test(line));
  const head = lines[rule - 1];
  if (rule < 1 || head === undefined) return undefined;
  const names = cellsOf(head);
  const body = lines.slice(rule + 1);
  const end = body.findIndex((line) => !line.includes('│'));
  const rows = (end < 0 ? body : body.slice(0, end)).map(cellsOf);
  if (rows.length === 0 || rows.some((row) => row.length !== names.length)) return undefined;
  const columns = names.map((name, column) => {
    const cells = rows.map((row) => row[column] ?? '');
    return { name, isNumeric: cells.every(isNumber) && cells.some((cell) => cell !== '–') };
  });
  const joined = (part: readonly string[]): string => part.join('\n').trim();
  return {
    title: joined(lines.slice(0, rule - 1)),
    columns,
    rows,
    note: end < 0 ? '' : joined(body.slice(end)),
  };
}
