// `wireroom history get ROOM`: downloads a history into a file, or its parts into files beside one another, and goes on where it was
// stopped. How bytes come, and their proof, is the SDK's; what is left on the disk is part-file.ts's.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  DownloadError,
  type DownloadOptions,
  downloadHistory,
  estimateHistory,
  type HistoryPicture,
} from '@wireroom/client/history';
import { type HistoryEnd, historyFileName } from '@wireroom/history';
import type { Io } from '../terminal/io.ts';
import { harmless } from '../terminal/style.ts';
import { UsageError } from '../usage-error.ts';
import { type Asked, type GetOrder, readGetArguments } from './get-arguments.ts';
import { getJob } from './get-job.ts';
import { GET_HELP } from './help.ts';
import { checkFile } from './history-file.ts';
import { PartFile } from './part-file.ts';
import { ProgressLine } from './progress-line.ts';
import { numberText } from './words.ts';

/** A part that is asked for: of which entries, of which state of the room, into which file. */
interface Part {
  readonly asked: Asked;
  readonly path: string;
  readonly picture: HistoryPicture | undefined;
}

interface Run {
  readonly order: GetOrder;
  readonly io: Io;
  readonly signal: AbortSignal;
  /** The command, to be typed again. */
  readonly again: string;
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const order = readGetArguments(args, io.env);
  if (order === 'help') {
    io.output.write(GET_HELP);
    return 0;
  }
  const stop = new AbortController();
  const forget = io.onInterrupt(() => stop.abort());
  const again = ['wireroom history get', ...args.map(quoted)].join(' ');
  try {
    const running = { order, io, signal: stop.signal, again };
    if (order.path === undefined) return await toOutput(running);
    return order.isJob ? await byJob(running, order.path) : await toFiles(running, order.path);
  } catch (error) {
    if (stop.signal.aborted && order.path === undefined) return 1;
    if (!(error instanceof DownloadError)) throw error;
    io.errors.write(`wireroom history get: ${harmless(error.message)} (${error.code})\n`);
    return error.code === 'not-verified' ? 1 : 2;
  } finally {
    forget();
  }
}

async function toOutput({ order, io, signal }: Run): Promise<number> {
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      io.output.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  const end = await download(order, { ...order.asked, signal, write });
  if (end.next !== undefined)
    io.errors.write(`It goes on after #${end.next}: --after ${end.next}, or --out FOLDER/ for all parts.\n`);
  return tellCut(end, 'The output', io);
}

async function toFiles(running: Run, path: string): Promise<number> {
  const { io } = running;
  let part: Part = { asked: running.order.asked, path, picture: undefined };
  for (;;) {
    const end = (await partThatIsThere(part, io)) ?? (await getPart(part, running));
    if (end === undefined) return 1;
    if (tellCut(end, part.path, io) !== 0) return 1;
    if (end.next === undefined || end.head === undefined) return 0;
    const { room, until, epoch } = end.head;
    const name = historyFileName(room.slug, part.asked.spec.format, end.next);
    part = {
      asked: { ...part.asked, after: end.next },
      ...{ path: join(dirname(path), name), picture: { until, epoch } },
    };
  }
}

/** One file: further parts of an HTML history would be of another state of the room, so they come without a job. */
async function byJob({ order, io, signal }: Run, path: string): Promise<number> {
  const end = await getJob({ order, path, io, signal });
  if (end === undefined) return 1;
  io.output.write(`${path}: ${endText(end)}\n  sha256 ${end.sha256}\n`);
  if (end.next !== undefined)
    io.errors.write(
      `It goes on after #${end.next}: the same command without --job fetches the other parts.\n`,
    );
  return 0;
}

/** Of a history in parts, one that is whole: it goes on with the next. Throws a UsageError for any other file in its place. */
async function partThatIsThere({ path, asked }: Part, io: Io): Promise<HistoryEnd | undefined> {
  if (!existsSync(path)) return undefined;
  const { verdict } = asked.spec.format === 'html' ? await checkFile(path, io) : {};
  const { isWhole = false, head, end } = verdict ?? {};
  const isOurs = head?.after === asked.after && JSON.stringify(head?.spec) === JSON.stringify(asked.spec);
  if (!isWhole || !isOurs || end?.next === undefined)
    throw new UsageError(`get: ${path} is there already. Name another file with --out, or remove it.`);
  io.output.write(`${path} is there already, and whole.\n`);
  return end;
}

/** Undefined: stopped by the person. */
async function getPart(part: Part, running: Run): Promise<HistoryEnd | undefined> {
  const { order, io, signal, again } = running;
  const file = new PartFile(part.path, part.asked);
  const line = new ProgressLine(io, part.path);
  const hadBytes = file.bytes > 0;
  if (hadBytes) io.errors.write(`Going on with ${file.path}.\n`);
  try {
    if (io.errors.isTTY === true) line.estimate = await estimated(order, part, signal);
    const kept = file.kept ?? part.picture;
    const end = await download(order, {
      ...{ ...part.asked, signal },
      ...(kept === undefined ? {} : { kept }),
      write: (bytes) => file.write(bytes),
      onProgress(progress) {
        if (progress.picture !== undefined) file.note(progress.picture);
        line.show(progress);
      },
    });
    line.clear();
    file.finish();
    io.output.write(`${part.path}: ${endText(end)}\n  sha256 ${end.sha256}\n`);
    return end;
  } catch (error) {
    line.clear();
    if (hadBytes && error instanceof DownloadError && error.code === 'history-changed') {
      file.discard();
      io.errors.write(`${harmless(error.message)} Beginning anew.\n`);
      return await getPart(part, running);
    }
    if (error instanceof DownloadError && error.code === 'not-verified') file.discard();
    else tellRest(file, { io, again });
    if (!signal.aborted) throw error;
    return undefined;
  } finally {
    file.close();
  }
}

function tellRest(file: PartFile, { io, again }: Pick<Run, 'io' | 'again'>): void {
  const { bytes } = file;
  if (bytes === 0) {
    file.discard();
    return;
  }
  io.errors.write(
    `Stopped. ${numberText(bytes)} bytes are in ${file.path}; this goes on from there:\n  ${again}\n`,
  );
}

type Download = Asked & Pick<DownloadOptions, 'signal' | 'kept' | 'write' | 'onProgress'>;

/** A token that is only remembered, and that the server has forgotten, is not brought again. */
async function download({ token, via }: GetOrder, asked: Download): Promise<HistoryEnd> {
  if (token === undefined) return downloadHistory({ ...asked, via });
  try {
    return await downloadHistory({ ...asked, via, token: token.text });
  } catch (error) {
    if (!token.isRemembered || !(error instanceof DownloadError) || error.code !== 'bad-token') throw error;
    return await downloadHistory({ ...asked, via });
  }
}

/** For the progress alone: that it fails is no reason not to download. */
async function estimated({ token }: GetOrder, { asked }: Part, signal: AbortSignal) {
  try {
    return await estimateHistory({ ...asked, ...(token && { token: token.text }), signal });
  } catch (error) {
    if (error instanceof DownloadError) return undefined;
    throw error;
  }
}

function endText({ count, first, last, broken, gaps }: HistoryEnd): string {
  const span = first === null ? '' : `, #${first} to #${last}`;
  const lost = [
    ...(broken === 0 ? [] : [`${numberText(broken)} could not be read by the server`]),
    ...(gaps.length === 0 ? [] : [`${numberText(gaps.length)} gaps in the room's log`]),
  ].map((words) => `; ${words}`);
  return `${numberText(count)} ${count === 1 ? 'record' : 'records'}${span}, whole and proven${lost.join('')}`;
}

function tellCut({ cut }: HistoryEnd, name: string, io: Io): number {
  if (cut === undefined) return 0;
  io.errors.write(
    `${name} is NOT whole: the server ended it early: ${harmless(cut.message)} (${harmless(cut.code)})\n`,
  );
  return 1;
}

const quoted = (word: string): string =>
  /^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
