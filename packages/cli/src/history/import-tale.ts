// What an import says of itself, in lines: while it runs on a terminal, and at its end.
import type { ImportReport } from '@wireroom/history/import';
import type { Io } from '../terminal/io.ts';
import { harmless } from '../terminal/terminal.ts';
import { IMPORT_FILE_LIMITS } from './limits.ts';

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

/** A line that is written over; nothing where there is no terminal. */
export class ProgressLine {
  readonly #output: Io['output'];
  readonly #begunAt: number;
  #toldAt = 0;
  #isThere = false;

  constructor({ output }: Pick<Io, 'output'>, begunAt: number) {
    this.#output = output;
    this.#begunAt = begunAt;
  }

  tell(report: ImportReport, now: number): void {
    if (this.#output.isTTY !== true || now - this.#toldAt < IMPORT_FILE_LIMITS.progressMs) return;
    this.#toldAt = now;
    this.#isThere = true;
    const seconds = (now - this.#begunAt) / 1_000;
    const rate = report.entries / Math.max(seconds, 0.001);
    this.#output.write(`\r\u001b[J${counted(report.entries, 'entry', 'entries')}, ${number(rate)}/s`);
  }

  clear(): void {
    if (this.#isThere) this.#output.write('\r\u001b[J');
    this.#isThere = false;
  }
}

export interface ImportOutcome {
  readonly report: ImportReport;
  readonly what: string;
  /** `undefined`: nothing was written, it was not to be. */
  readonly room: { readonly slug: string; readonly title: string; readonly place: string } | undefined;
  readonly seconds: number;
}

export function taleOf({ report, what, room, seconds }: ImportOutcome): string {
  const { entries, messages, authors, skipped, changed } = report.counts;
  const begin =
    room === undefined
      ? `Nothing is written (--dry-run). This would be imported of ${what}`
      : `The room "${room.slug}" (${room.title}) in ${room.place} is made of ${what}`;
  const rate = number(entries / Math.max(seconds, 0.001));
  const counts = [
    counted(entries, 'entry', 'entries'),
    counted(messages, 'message'),
    counted(authors, 'author'),
    `${seconds.toFixed(1)} s (${rate} entries/s)`,
  ];
  const lines = [`${begin}:`, `  ${counts.join(', ')}`];
  if (skipped > 0) lines.push(`  ${counted(skipped, 'record')} could not be carried over as what they were`);
  if (changed > 0) lines.push(`  ${counted(changed, 'record')} were changed`);
  for (const [reason, count] of report.reasons)
    if (count > 1) lines.push(`    ${number(count)} ×: ${reason}`);
  for (const { place, reason } of report.problems) lines.push(`    ${place}: ${reason}`);
  const unlisted = skipped + changed - report.problems.length;
  if (unlisted > 0) lines.push(`    … and ${number(unlisted)} more`);
  return `${lines.map(harmless).join('\n')}\n`;
}
