// What `wireroom compare` found, as it was when the page was built: docs/compare.json, in both languages.
import { reports } from '../../../../../docs/compare.json';

type Tone = 'good' | 'bad' | 'plain';

export interface ComparisonReport {
  readonly title: string;
  readonly introduction: string;
  /** The first is that of the row names. */
  readonly columns: readonly string[];
  readonly groups: readonly RowGroup[];
  readonly notes: readonly string[];
  readonly timelineTitle: string;
  readonly timelineIntroduction: string;
  readonly timelines: readonly Timeline[];
  readonly choosingTitle: string;
  readonly choosing: readonly string[];
  readonly circumstances: string;
}

export interface RowGroup {
  readonly name: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly name: string;
  readonly cells: readonly { readonly text: string; readonly tone: Tone; readonly way: string }[];
}

export interface Timeline {
  readonly title: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly at: string;
  readonly direction: string;
  readonly connection: string;
  readonly bytes: string;
  readonly text: string;
  readonly meaning: string;
}

export function comparisonIn(language: string): ComparisonReport {
  const { rows, ...report } = language === 'zh-CN' ? reports.zh : reports.en;
  const names = [...new Set(rows.map(({ group }) => group))];
  return {
    ...report,
    groups: names.map((name) => ({
      name,
      rows: rows
        .filter(({ group }) => group === name)
        .map((row) => ({
          name: row.name,
          cells: row.cells.map((text, index) => ({
            text,
            tone: toneOf('tones' in row ? row.tones?.[index] : undefined),
            way: report.columns[index + 1] ?? '',
          })),
        })),
    })),
  };
}

const toneOf = (tone: string | undefined): Tone => (tone === 'good' || tone === 'bad' ? tone : 'plain');
