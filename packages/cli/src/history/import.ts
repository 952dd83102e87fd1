// `wireroom history import`: opens the export and the place it goes to, carries the entries over in portions, and tells what came of
// it. All or nothing: whatever goes wrong on the way, or whoever stops it, there is no room then.
import { ImportError, ImportMapper, ImportReport, lineOf, type MappedEntry } from '@wireroom/history/import';
import { LIMITS } from '@wireroom/protocol';
import { openImportLog, type RoomImport } from '@wireroom/server';
import type { Io } from '../terminal/io.ts';
import { sentenceOf } from '../upkeep/operating-sentence.ts';
import { USAGE_EXIT_CODE } from '../usage-error.ts';
import { HELP, type ImportAsked, readImportArguments } from './import-arguments.ts';
import { type OpenSource, openSource } from './import-source.ts';
import { type ImportOutcome, ProgressLine, taleOf } from './import-tale.ts';
import { IMPORT_FILE_LIMITS } from './limits.ts';

export async function run(args: readonly string[], io: Io): Promise<number> {
  let isStopped = false;
  const forgetInterrupts = io.onInterrupt(() => {
    isStopped = true;
  });
  try {
    const asked = readImportArguments(args, io);
    if (asked === undefined) {
      io.output.write(HELP);
      return 0;
    }
    const outcome = await perform(asked, { io, isStopped: () => isStopped });
    io.output.write(taleOf(outcome));
    return 0;
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    io.errors.write(`wireroom history import: ${sentence}\n`);
    return USAGE_EXIT_CODE;
  } finally {
    forgetInterrupts();
  }
}

interface Around {
  readonly io: Io;
  readonly isStopped: () => boolean;
}

async function perform(asked: ImportAsked, around: Around): Promise<ImportOutcome> {
  const source = await openSource(asked);
  try {
    if (asked.isDryRun) return await carry({ asked, source, target: undefined }, around);
    const log = await openImportLog(asked);
    try {
      const { slug } = asked;
      const title = asked.title ?? (lineOf(source.head.title, LIMITS.titleBytesMax) || slug);
      const topic = lineOf(source.head.topic, LIMITS.topicBytesMax);
      const begun = await log.beginImport({ slug, title, topic });
      return await carryOrAbandon({ asked, source, target: { begun, place: log.place } }, around);
    } finally {
      await log.close();
    }
  } finally {
    source.close();
  }
}

interface Carrying {
  readonly asked: ImportAsked;
  readonly source: OpenSource;
  readonly target: { readonly begun: RoomImport; readonly place: string } | undefined;
}

async function carryOrAbandon(carrying: Carrying, around: Around): Promise<ImportOutcome> {
  try {
    return await carry(carrying, around);
  } catch (error) {
    await carrying.target?.begun.abandon();
    throw error;
  }
}

async function carry({ asked, source, target }: Carrying, { io, isStopped }: Around): Promise<ImportOutcome> {
  const begunAt = performance.now();
  const report = new ImportReport();
  const mapper = new ImportMapper({ head: source.head, report, nowMs: Date.now() });
  const progress = new ProgressLine(io, begunAt);
  try {
    let batch: MappedEntry[] = [];
    for await (const record of source.records) {
      batch.push(...mapper.take(record));
      if (batch.length < IMPORT_FILE_LIMITS.batchEntries) continue;
      await target?.begun.write(batch);
      batch = [];
      progress.tell(report, performance.now());
      await turn();
      if (isStopped()) throw new ImportError('It was stopped. Nothing is imported.');
    }
    const isCalledOtherwise = mapper.title !== undefined && mapper.title !== asked.title;
    batch.push(...mapper.finish(isCalledOtherwise ? asked.title : undefined));
    await target?.begun.write(batch);
    const room = target && { ...(await target.begun.finish()), place: target.place };
    return { report, what: source.what, room, seconds: (performance.now() - begunAt) / 1_000 };
  } finally {
    progress.clear();
  }
}

/** Signals are heard between two portions: on SQLite nothing else lets go of the thread. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
