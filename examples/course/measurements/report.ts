// What a measurement tells, in both languages, and how a terminal shows it: one table, then a sentence. Who runs the
// measurements is ../measure.ts.

/** A text in both languages. */
export interface LocalText {
  readonly zh: string;
  readonly en: string;
}

export type Cell = string | number | LocalText;

export interface Report {
  readonly title: LocalText;
  readonly columns: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  /** What to look at. */
  readonly note?: LocalText;
}

/** A measurement takes a few seconds at most, uses the loopback only, and cleans up after itself. */
export type Measure = () => Promise<Report>;

export const t = (zh: string, en: string): LocalText => ({ zh, en });

export const YES = t('是', 'yes');
export const NO = t('否', 'no');
export const yesNo = (is: boolean): LocalText => (is ? YES : NO);

/** With so many digits behind the point. */
export const rounded = (value: number, digits = 0): string => value.toFixed(digits);

export function show(report: Report, language: keyof LocalText): string {
  const say = (cell: Cell): string => (typeof cell === 'object' ? cell[language] : String(cell));
  const body = report.rows.map((row) => row.map(say));
  const header = report.columns.map(say);
  const columns = header.map((name, column) => {
    const cells = body.map((row) => row[column] ?? '');
    return {
      width: Math.max(...[name, ...cells].map(widthOf)),
      isNumeric: cells.some(isNumber) && cells.every(isNumber),
    };
  });
  const line = (row: readonly string[]): string =>
    columns
      .map(({ width, isNumeric }, column) => {
        const cell = row[column] ?? '';
        const space = ' '.repeat(width - widthOf(cell));
        return isNumeric ? space + cell : cell + space;
      })
      .join(' │ ')
      .trimEnd();
  const rule = columns.map(({ width }) => '─'.repeat(width)).join('─┼─');
  const lines = [line(header), rule, ...body.map(line)];
  const note = report.note === undefined ? [] : ['', report.note[language]];
  return [report.title[language], '', ...lines, ...note].join('\n');
}

/** Chinese characters, full-width signs and emoji take two columns of a terminal. */
const WIDE = /[\p{Script=Han}\p{Extended_Pictographic}\u3000-\u303f\uff00-\uffef]/u;
const widthOf = (text: string): number =>
  [...text].reduce((width, character) => width + (WIDE.test(character) ? 2 : 1), 0);

const isNumber = (text: string): boolean => /^([\d.,×%−-]+|–)$/.test(text);
