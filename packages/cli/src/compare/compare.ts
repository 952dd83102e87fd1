// `wireroom compare`: measures the ways into a room and tells what was found, here or in the documents.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasColor, type Io, processIo, styleFor } from '../terminal/terminal.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';
import { readArguments } from './arguments.ts';
import type { Comparison } from './figures.ts';
import { type Report, reportOf } from './report.ts';
import { documentOf, textOf } from './report-text.ts';
import { runComparison } from './run.ts';

export async function compare(args: readonly string[], io: Io = processIo): Promise<number> {
  try {
    const options = readArguments(args, io.env);
    if (options === 'help') {
      io.output.write(HELP);
      return 0;
    }
    const comparison = await runComparison(options, (step, way) => {
      io.errors.write(`measuring: ${[step, way].filter((part) => part !== undefined).join(', ')}\n`);
    });
    if (options.outFolder !== undefined) writeDocuments(options.outFolder, comparison);
    else if (options.isJson) io.output.write(`${JSON.stringify(comparison, undefined, 2)}\n`);
    else io.output.write(`${textOf(reportOf(comparison, options.language), styleFor(hasColor(io)))}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.errors.write(`wireroom compare: ${error.message}\n`);
    return USAGE_EXIT_CODE;
  }
}

/** What docs/compare.json holds: the figures, and what the page shows of them. */
export interface ComparisonFile {
  readonly comparison: Comparison;
  readonly reports: { readonly en: Report; readonly zh: Report };
}

/** File names -> contents. */
export function documentsOf(comparison: Comparison): Readonly<Record<string, string>> {
  const reports = { en: reportOf(comparison, 'en'), zh: reportOf(comparison, 'zh') };
  const file: ComparisonFile = { comparison, reports };
  return {
    'compare.md': documentOf(reports.en, { name: '中文', file: 'compare.zh.md' }),
    'compare.zh.md': documentOf(reports.zh, { name: 'English', file: 'compare.md' }),
    'compare.json': `${JSON.stringify(file, undefined, 2)}\n`,
  };
}

function writeDocuments(folder: string, comparison: Comparison): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(documentsOf(comparison))) writeFileSync(join(folder, name), text);
}

const HELP = `wireroom compare: native WebSocket and Socket.IO, measured side by side in the same room of the same server.

      --idle SECONDS  how long silence is measured (60)
      --quick         fewer lines and rounds
      --url URL       a Wireroom that runs on this machine already; it is not restarted
      --json          the figures as JSON
      --lang LANG     en or zh; otherwise as LANG says
      --out FOLDER    writes compare.md, compare.zh.md and compare.json there
`;
