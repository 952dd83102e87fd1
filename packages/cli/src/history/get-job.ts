// `wireroom history get ROOM --job`: asks the server to make the file, waits for it, fetches it in pieces, proves it, and has it
// removed there. Its bytes are those of a download without a job, so that one can go on where the other ended.
import { createReadStream, existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { DownloadError } from '@wireroom/client/history';
import { type HistoryEnd, type HistoryVerifier, historyVerifier, problemText } from '@wireroom/history';
import type { Io } from '../terminal/io.ts';
import { UsageError } from '../usage-error.ts';
import { type GetOrder, tokenOf } from './get-arguments.ts';
import { nodeDigest } from './history-file.ts';
import { type Job, JobDesk } from './job-desk.ts';
import { GET_LIMITS } from './limits.ts';
import { PartFile } from './part-file.ts';
import { ProgressLine } from './progress-line.ts';

export interface JobRun {
  readonly order: GetOrder;
  readonly path: string;
  readonly io: Io;
  readonly signal: AbortSignal;
}

/** The file's end, once it is under its name. Undefined: stopped by the person. Throws a DownloadError or a UsageError. */
export async function getJob({ order, path, io, signal }: JobRun): Promise<HistoryEnd | undefined> {
  if (existsSync(path))
    throw new UsageError(`get: ${path} is there already. Name another file with --out, or remove it.`);
  const desk = new JobDesk(order.asked, tokenOf(order), signal);
  const file = new PartFile(path, order.asked);
  const fetching = new Fetching(desk, file, new ProgressLine(io, path));
  try {
    if (file.job === undefined && file.bytes > 0)
      throw new UsageError(
        `get: ${file.path} is of a download without --job, which goes on with it. Or remove it.`,
      );
    return await fetching.run(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    fetching.line.clear();
    if (file.job !== undefined)
      io.errors.write('Stopped. The server keeps the file for a day; the same command fetches it.\n');
    return undefined;
  } finally {
    fetching.line.clear();
    file.close();
  }
}

class Fetching {
  readonly line: ProgressLine;
  readonly #desk: JobDesk;
  readonly #file: PartFile;
  readonly #verifier: HistoryVerifier = historyVerifier({ digest: nodeDigest() });

  constructor(desk: JobDesk, file: PartFile, line: ProgressLine) {
    this.#desk = desk;
    this.#file = file;
    this.line = line;
  }

  async run(signal: AbortSignal): Promise<HistoryEnd> {
    const id = this.#file.job ?? (await this.#begun(signal));
    const job = await this.#made(id, signal);
    await this.#fetched(job, signal);
    const end = this.#proven();
    this.#file.finish();
    // It goes by itself after a day.
    await this.#desk.remove(id).catch(() => undefined);
    return end;
  }

  async #begun(signal: AbortSignal): Promise<string> {
    try {
      const { id } = await this.#desk.begin().catch(async (error: unknown) => {
        if (!(error instanceof DownloadError) || error.code !== 'unreachable') throw error;
        // Once more: a connection that was kept open may have ended as it was taken.
        await pause(GET_LIMITS.jobLookMs, undefined, { signal });
        return this.#desk.begin();
      });
      this.#file.noteJob(id);
      return id;
    } catch (error) {
      this.#file.discard();
      throw error;
    }
  }

  async #made(id: string, signal: AbortSignal): Promise<Job> {
    for (;;) {
      const job = await persistently(() => this.#found(id), signal);
      if (job.picture !== undefined) this.#file.note(job.picture);
      if (job.state === 'done') return job;
      if (job.state === 'failed') throw await this.#failed(job);
      this.line.show({ via: 'http', isResuming: false, bytes: job.bytes, records: job.records });
      await pause(GET_LIMITS.jobLookMs, undefined, { signal });
    }
  }

  async #found(id: string): Promise<Job> {
    try {
      return await this.#desk.find(id);
    } catch (error) {
      if (error instanceof DownloadError && error.code === 'no-job') throw this.#gone(error);
      throw error;
    }
  }

  /** Nothing came of it: what is here of it is nothing, too. */
  async #failed({ id, error }: Job): Promise<DownloadError> {
    await this.#desk.remove(id).catch(() => undefined);
    this.#file.discard();
    const { code, message } = error ?? { code: 'internal', message: 'It says not why.' };
    return new DownloadError(code, `The server could not make the file: ${message}`);
  }

  #gone(cause: DownloadError): DownloadError {
    if (this.#file.bytes === 0) this.#file.discard();
    const rest = existsSync(this.#file.path)
      ? `What has come is in ${this.#file.path}; the same command without --job goes on from there.`
      : 'The same command asks for it anew.';
    return new DownloadError(
      'no-job',
      `The server has this download no more: it is kept for a day, for whoever asked. ${rest}`,
      { cause },
    );
  }

  async #fetched({ id, bytes, records, picture }: Job, signal: AbortSignal): Promise<void> {
    const before = createReadStream(this.#file.path);
    for await (const piece of before) this.#verifier.push(piece);
    if (picture !== undefined) this.line.estimate = { ...picture, records, bytes, parts: 1 };
    const rest = async (): Promise<void> => {
      if (this.#file.bytes >= bytes) return;
      for await (const piece of this.#desk.bytes(id, this.#file.bytes)) {
        this.#file.write(piece);
        this.#verifier.push(piece);
        const facts = { bytes: this.#file.bytes, records: this.#verifier.records };
        this.line.show({ via: 'http', isResuming: false, ...facts });
      }
      if (this.#file.bytes < bytes)
        throw new DownloadError('unreachable', 'The answer ended before the file.');
    };
    await persistently(rest, signal, () => this.#file.bytes);
  }

  #proven(): HistoryEnd {
    const { end, problems } = this.#verifier.finish();
    const [problem] = problems;
    if (end !== undefined && problem === undefined) return end;
    this.#file.discard();
    const sentence = problem === undefined ? 'It has no end.' : problemText(problem);
    throw new DownloadError('not-verified', `The file is not what the server made: ${sentence}`);
  }
}

/** Again while nothing gets through, for as long as there may be something to come. */
async function persistently<Value>(
  act: () => Promise<Value>,
  signal: AbortSignal,
  progress: () => number = () => 0,
): Promise<Value> {
  let [moved, since] = [progress(), Date.now()];
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DownloadError) || error.code !== 'unreachable') throw error;
      if (progress() !== moved) [moved, since] = [progress(), Date.now()];
      if (Date.now() - since > GET_LIMITS.jobPatienceMs) throw error;
      await pause(GET_LIMITS.jobLookMs, undefined, { signal });
    }
  }
}
