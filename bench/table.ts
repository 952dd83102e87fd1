// Text for people out of numbers: figures with their units, and Markdown tables that also read well as they are.

/** With narrow gaps between thousands; a dash for what there is not. */
export function figure(value: number | undefined, digits = 0): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString('en-US', options).replaceAll(',', ' ');
}

/** The load generator tells 0 where it has measured none. */
export function duration(us: number | undefined): string {
  if (us === undefined || !Number.isFinite(us) || us === 0) return '–';
  return us >= 10_000 ? `${figure(us / 1000, 1)} ms` : `${figure(us)} µs`;
}

export const percent = (part: number | undefined): string =>
  part === undefined || !Number.isFinite(part) ? '–' : `${figure(part * 100)} %`;

/** How many times better `cost` is than `base`: above 1 is better. */
export const timesBetter = (base: number, cost: number): string => figure(base / cost, 2);

/** The first row is the head; the first column is text, the others are numbers. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = (row: readonly string[]): string =>
    line(
      widths.map((width, column) => {
        const cell = row[column] ?? '';
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      }),
    );
  const rule = line(
    widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
  );
  return [padded(head), rule, ...body.map(padded)].join('\n');
}
