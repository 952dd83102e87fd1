// Captures as lines of JSON: the format that loses nothing. The first line names format and version; then one record a line,
// each capture beginning with its `open`.
import type { Capture, CaptureRecord } from '../record.ts';
import { objection, parseObject, recordJson, recordSchema } from '../record-schema.ts';
import { z } from '../zod.ts';
import { CaptureFileError } from './file-error.ts';

const FORMAT = 'wireroom-capture';
const VERSION = 1;
const headerSchema = z.object({ format: z.literal(FORMAT), version: z.int() });

/** The first line; whoever writes a file while it happens writes `jsonlRecord` lines after it. */
export const jsonlHeader = (): string => JSON.stringify({ format: FORMAT, version: VERSION });
export const jsonlRecord = (record: CaptureRecord): string => JSON.stringify(recordJson(record));

export function toJsonl(captures: readonly Capture[]): string {
  const records = captures.flatMap((capture) => capture.records.map(jsonlRecord));
  return `${[jsonlHeader(), ...records].join('\n')}\n`;
}

/** Throws a CaptureFileError that names the line. */
export function fromJsonl(text: string): readonly Capture[] {
  const lines = text.split('\n');
  readHeader(lines[0] ?? '');
  const captures: CaptureRecord[][] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const record = readRecord(line, index + 1);
    if (record.kind === 'open') captures.push([]);
    const current = captures.at(-1);
    if (!current) throw new CaptureFileError('no-open', { line: index + 1 });
    current.push(record);
  }
  return captures.map((records) => ({ records }));
}

function readHeader(line: string): void {
  const header = headerSchema.safeParse(parseObject(line));
  if (!header.success) throw new CaptureFileError('not-ours', { header: jsonlHeader() });
  if (header.data.version > VERSION)
    throw new CaptureFileError('newer-version', { version: header.data.version, known: VERSION });
}

function readRecord(line: string, number: number): CaptureRecord {
  const value = parseObject(line);
  if (!value) throw new CaptureFileError('line-not-json', { line: number });
  const result = recordSchema.safeParse(value);
  if (!result.success)
    throw new CaptureFileError('record-invalid', { line: number, why: objection(result.error) });
  return result.data;
}
