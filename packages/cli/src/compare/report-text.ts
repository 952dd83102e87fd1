// The report as a document and as text for a terminal. Nothing is decided here but where it stands.
import type { Style } from '../terminal/terminal.ts';
import { padded, widthOf } from '../terminal/width.ts';
import type { Report, ReportStep } from './report.ts';

const ARROWS = { up: '→', down: '←' } as const;

/** Markdown. `other` leads to the same in the other language. */
export function documentOf(report: Report, other: { readonly name: string; readonly file: string }): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const tableRow = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const { columns, rows, notes, timelines, choosing } = report;
  return `${[
    `# ${report.title}`,
    `[${other.name}](${other.file})`,
    report.introduction,
    [
      tableRow(columns),
      tableRow(columns.map(() => '---')),
      ...rows.map(({ name, cells }) => tableRow([name, ...cells])),
    ].join('\n'),
    notes.map((note) => `- ${note}`).join('\n'),
    report.circumstances,
    `## ${report.timelineTitle}`,
    report.timelineIntroduction,
    ...timelines.flatMap(({ title, steps }) => [
      `### ${title}`,
      ['```text', ...stepLines(steps), '```'].join('\n'),
    ]),
    `## ${report.choosingTitle}`,
    ...choosing,
  ].join('\n\n')}\n`;
}

export function textOf(report: Report, style: Style): string {
  const { columns, rows, notes, timelines, choosing } = report;
  // Column by column: a row of five columns is wider than most terminals.
  const nameWidth = Math.max(...rows.map(({ name }) => widthOf(name)));
  const cellWidths = columns
    .slice(1)
    .map((title, index) => Math.max(widthOf(title), ...rows.map(({ cells }) => widthOf(cells[index] ?? ''))));
  const line = (name: string, cells: readonly string[]): string =>
    [padded(name, nameWidth), ...cells.map((text, index) => padded(text, cellWidths[index] ?? 0))]
      .join('  ')
      .trimEnd();
  const [corner = '', ...titles] = columns;
  return [
    style.bold(report.title),
    '',
    report.introduction,
    '',
    style.bold(line(corner, titles)),
    ...rows.map(({ name, cells }) => line(name, cells)),
    '',
    ...notes.flatMap((note) => [`· ${note}`, '']),
    style.bold(report.timelineTitle),
    '',
    report.timelineIntroduction,
    ...timelines.flatMap(({ title, steps }) => ['', style.bold(title), ...stepLines(steps)]),
    '',
    style.bold(report.choosingTitle),
    '',
    ...choosing.flatMap((paragraph) => [paragraph, '']),
    style.dim(report.circumstances),
  ].join('\n');
}

function stepLines(steps: readonly ReportStep[]): string[] {
  return steps.flatMap(({ at, connection, direction, bytes, text, meaning }) => {
    const line = `${at.padStart(9)}  ${connection.padEnd(6)} ${ARROWS[direction]} ${bytes.padStart(7)}  ${text}`;
    return meaning === '' ? [line] : [line, `${' '.repeat(29)}= ${meaning}`];
  });
}
