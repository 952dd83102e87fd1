// `wireroom history verify FILE…`: says of each file whether it is whole, and of several whether they follow one another.
import { type HistoryVerdict, historyFileName, problemText } from '@wireroom/history';
import { readFlags } from '../terminal/flags.ts';
import type { Io } from '../terminal/io.ts';
import { harmless } from '../terminal/style.ts';
import { UsageError } from '../usage-error.ts';
import { differenceFromServer } from './against.ts';
import { VERIFY_HELP } from './help.ts';
import { type CheckedFile, checkFile } from './history-file.ts';
import { bytesText, numberText } from './words.ts';

const OPTIONS = { against: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

interface NamedFile extends CheckedFile {
  readonly name: string;
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals: names } = readFlags({
    ...{ args: [...args], options: OPTIONS },
    allowPositionals: true,
  });
  if (values.help === true) {
    io.output.write(VERIFY_HELP);
    return 0;
  }
  if (names.length === 0) throw new UsageError('verify: name the file that was downloaded.');
  const files: NamedFile[] = [];
  for (const name of names) {
    const file = { name, ...(await checked(name, io)) };
    files.push(file);
    tell(file, io);
  }
  const breaks = files.length > 1 ? breaksBetween(files) : [];
  for (const sentence of breaks) io.errors.write(`${sentence}\n`);
  if (breaks.length > 0 || !files.every(isWhole)) return 1;
  return values.against === undefined ? 0 : await compare(files, values.against, io);
}

async function compare(files: readonly NamedFile[], server: string, io: Io): Promise<number> {
  let differing = 0;
  for (const { name, verdict } of files) {
    const difference = await differenceFromServer({ name, verdict }, server, io);
    if (difference === undefined) io.output.write(`${name} is what ${server} has, to the byte.\n`);
    else {
      differing++;
      io.errors.write(`${name} is NOT what ${server} has: ${harmless(difference)}\n`);
    }
  }
  return differing === 0 ? 0 : 1;
}

async function checked(name: string, io: Io): Promise<CheckedFile> {
  try {
    return await checkFile(name, io);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`verify: ${name} cannot be read: ${reason}`);
  }
}

const isWhole = ({ verdict, damage }: CheckedFile): boolean => verdict.isWhole && damage === undefined;

function tell(file: NamedFile, io: Io): void {
  const { name, verdict, damage, compression } = file;
  if (isWhole(file)) {
    io.output.write(`${name} is whole: ${contentText(verdict)}\n`);
    for (const note of notes(verdict)) io.output.write(`  ${harmless(note)}\n`);
    return;
  }
  io.errors.write(`${name} is NOT whole:\n`);
  if (damage !== undefined)
    io.errors.write(
      `  Its bytes are not ${compression === 'gzip' ? 'gzip' : 'a history, and not brotli'} to the end (${damage}).\n`,
    );
  for (const problem of verdict.problems) io.errors.write(`  ${harmless(problemText(problem))}\n`);
  const more = verdict.problemCount - verdict.problems.length;
  if (more > 0) io.errors.write(`  … and ${numberText(more)} more like these.\n`);
}

function contentText({ end, head, bytes, format }: HistoryVerdict): string {
  const { count = 0, first = null, last = null, sha256 = '' } = end ?? {};
  const span = first === null || last === null ? '' : `, #${first} to #${last}`;
  const records = `${numberText(count)} ${count === 1 ? 'record' : 'records'}${span}`;
  return `${records} of room ${harmless(head?.room.slug ?? '')}, ${format ?? ''}, ${bytesText(bytes)}\n  epoch ${harmless(head?.epoch ?? '')}, up to #${head?.until ?? ''}\n  sha256 ${sha256}`;
}

/** What is as it should be and worth knowing. */
function notes({ end, head }: HistoryVerdict): readonly string[] {
  if (end === undefined || head === undefined) return [];
  const { from, to, author } = head.spec;
  const selection = [
    ...(author === undefined ? [] : [`by ${author}`]),
    ...(from === undefined ? [] : [`since ${from}`]),
    ...(to === undefined ? [] : [`before ${to}`]),
  ];
  return [
    ...(selection.length === 0 ? [] : [`A selection: ${selection.join(', ')}.`]),
    ...(head.after === undefined || head.after === 0 ? [] : [`It begins after #${head.after}.`]),
    ...(end.next === undefined
      ? []
      : [`It goes on in ${historyFileName(head.room.slug, head.spec.format, end.next)}.`]),
    ...(end.broken === 0
      ? []
      : [`${numberText(end.broken)} of its records could not be read by the server.`]),
    ...(end.gaps.length === 0
      ? []
      : [
          `The room’s log itself lacks ${end.gaps.map(([low, high]) => (low === high ? `#${low}` : `#${low} to #${high}`)).join(', ')}.`,
        ]),
  ];
}

/** Parts, by where they begin: does each go on where the one before it ends? */
function breaksBetween(files: readonly NamedFile[]): readonly string[] {
  const parts = files.toSorted(
    (one, other) => (one.verdict.head?.after ?? 0) - (other.verdict.head?.after ?? 0),
  );
  const breaks = parts.slice(1).flatMap((part, index) => {
    const before = parts[index];
    if (before === undefined) return [];
    const [{ head: past, end }, { head }] = [before.verdict, part.verdict];
    const isSame =
      past?.epoch === head?.epoch && past?.room.roomId === head?.room.roomId && past?.until === head?.until;
    if (!isSame) return [`${part.name} is not of the same download as ${before.name}.`];
    return end?.next === head?.after ? [] : [`${part.name} does not go on where ${before.name} ends.`];
  });
  const [first, last] = [parts[0], parts.at(-1)];
  const after = first?.verdict.head?.after ?? 0;
  const next = last?.verdict.end?.next;
  return [
    ...breaks,
    ...(after === 0 ? [] : [`The parts before #${after + 1} are missing.`]),
    ...(next === undefined ? [] : [`The parts after #${next} are missing.`]),
  ];
}
