// Downloads that are made first and fetched later, for rooms so large that nobody keeps a connection open for them: who has
// which, how many and how large. Each is bound to who asked for it, and is kept for a day.
import { open } from 'node:fs/promises';
import { ChatError, type Room } from '@wireroom/protocol';
import type { Asker, Download, History, HistoryRequest } from './history.ts';
import { type JobRecord, type JobStore, newJobId } from './job-store.ts';
import { HISTORY_LIMITS } from './limits.ts';

export interface JobsParts {
  readonly store: JobStore;
  readonly history: Pick<History, 'admit' | 'begin'>;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  readonly onError: (error: unknown) => void;
}

/** As it is told. */
export interface Job {
  readonly id: string;
  readonly state: JobRecord['state'];
  readonly records: number;
  readonly bytes: number;
  readonly link: string;
  readonly expiresAt: string;
  /** Which state of the room it is of, once it has begun. */
  readonly epoch?: JobRecord['epoch'];
  readonly until?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

const { jobsPerAuthorMax, jobsMax, jobsBytesMax, jobKeptMs } = HISTORY_LIMITS;

export class Jobs {
  readonly #parts: JobsParts;
  readonly #records = new Map<string, JobRecord>();
  readonly #running = new Map<string, Download>();
  #opened: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: JobsParts) {
    this.#parts = parts;
  }

  /** At the start: what a process before this one was making is made. A server that nobody asked for any has no folder. */
  async goOn(): Promise<void> {
    if (this.#parts.store.isThere) await this.open();
  }

  /** Reads what was left, and goes on with what was under way. */
  open(): Promise<void> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /** Throws `bad-token` where nobody is named, `too-many-downloads`. */
  async begin(asker: Asker, room: Room, request: HistoryRequest): Promise<Job> {
    await this.open();
    const { authorId } = asker;
    if (authorId === undefined) throw new ChatError('bad-token', { message: WHO });
    this.#sweep();
    const ofAuthor = [...this.#records.values()].filter((record) => record.authorId === authorId);
    if (ofAuthor.length >= jobsPerAuthorMax || this.#records.size >= jobsMax || this.#bytes >= jobsBytesMax) {
      const message = `${ofAuthor.length >= jobsPerAuthorMax ? `You have ${jobsPerAuthorMax} downloads here` : 'There are too many downloads here'}. Delete one, or wait until one expires.`;
      throw new ChatError('too-many-downloads', { message, retryAfterMs: 60_000 });
    }
    const record: JobRecord = {
      id: newJobId(),
      ...{ authorId, roomId: room.roomId, slug: room.slug, spec: request.spec },
      ...(request.after !== undefined && { after: request.after }),
      ...{ state: 'running', records: 0, bytes: 0 },
      expiresAtMs: this.#parts.wallClock() + jobKeptMs,
    };
    await this.#keep(record);
    void this.#make(record, asker);
    return told(record);
  }

  /** Throws `no-job`, also for what is another's. */
  async find(asker: Asker, id: string): Promise<Job> {
    return told(await this.#own(asker, id));
  }

  /** What is to be sent: where it lies, and what it is. Throws `no-job` where it is not done. */
  async file(asker: Asker, id: string): Promise<{ readonly path: string; readonly record: JobRecord }> {
    const record = await this.#own(asker, id);
    if (record.state !== 'done')
      throw new ChatError('no-job', {
        message: `This download is ${record.state}: there is no file to be had.`,
      });
    // Who may not read the room any more may not have it as a file either.
    await this.#parts.history.admit(asker, record.roomId);
    return { path: this.#parts.store.fileOf(id), record };
  }

  async remove(asker: Asker, id: string): Promise<void> {
    const record = await this.#own(asker, id);
    await this.#forget(record.id);
  }

  /** Called now and then. */
  sweep(): void {
    if (this.#opened !== undefined) this.#sweep();
  }

  /** What is under way begins anew with the next process. */
  close(): void {
    this.#isClosed = true;
    for (const download of this.#running.values()) download.stop('stopped');
  }

  get #bytes(): number {
    return [...this.#records.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async #open(): Promise<void> {
    for (const record of await this.#parts.store.open()) {
      this.#records.set(record.id, record);
      if (record.state === 'running') void this.#make(record, { address: 'job', authorId: record.authorId });
    }
    this.#sweep();
  }

  async #own({ authorId }: Asker, id: string): Promise<JobRecord> {
    await this.open();
    this.#sweep();
    const record = this.#records.get(id);
    if (authorId === undefined) throw new ChatError('bad-token', { message: WHO });
    if (record === undefined || record.authorId !== authorId) throw new ChatError('no-job');
    return record;
  }

  async #make(record: JobRecord, asker: Asker): Promise<void> {
    const { id } = record;
    try {
      await this.#go(await this.#write(record, asker));
    } catch (error) {
      if (this.#isClosed) return;
      if (this.#records.has(id)) await this.#fail(record, error);
      // Removed while something of it was on its way to the disk.
      else await this.#parts.store.remove(id).catch(this.#parts.onError);
    }
  }

  async #write(record: JobRecord, asker: Asker): Promise<JobRecord> {
    const { id, spec, after, roomId } = record;
    const room = await this.#parts.history.admit(asker, roomId);
    const request = { spec, ...(after !== undefined && { after }), ...resumptionOf(record) };
    const download = await this.#parts.history.begin(asker, {
      room,
      request,
      encoding: 'identity',
      via: 'job',
    });
    this.#running.set(id, download);
    try {
      return await this.#fill(record, download);
    } catch (error) {
      // Gives its place among the downloads to others.
      download.stop();
      throw error;
    } finally {
      this.#running.delete(id);
    }
  }

  async #fill(record: JobRecord, download: Download): Promise<JobRecord> {
    const begun = { ...record, ...(await download.begun) };
    await this.#go(begun);
    const file = await open(this.#parts.store.fileOf(record.id), 'w', 0o600);
    try {
      for (let piece = await download.next(); piece !== undefined; piece = await download.next()) {
        await file.write(piece);
        download.giveBack();
        this.#goInMemory({ ...begun, ...download.progress });
        if (this.#bytes > jobsBytesMax) throw new ChatError('too-many-downloads', { message: TOO_LARGE });
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const { cut } = download;
    if (cut !== undefined) throw new JobCut(cut.code, cut.message);
    return { ...begun, ...download.progress, state: 'done' };
  }

  async #fail(record: JobRecord, reason: unknown): Promise<void> {
    const error = jobError(reason);
    if (error.code === 'internal') this.#parts.onError(reason);
    const failed: JobRecord = { ...record, state: 'failed', records: 0, bytes: 0, error };
    try {
      await this.#parts.store.removeFile(record.id);
      if (this.#records.has(record.id)) await this.#keep(failed);
    } catch (beneath) {
      // A full disk takes no word of its own fullness: it is told from memory.
      if (this.#records.has(record.id)) this.#records.set(record.id, failed);
      this.#parts.onError(beneath);
    }
  }

  /** What was removed meanwhile stays away. */
  #goInMemory(record: JobRecord): void {
    if (!this.#records.has(record.id)) throw new ChatError('no-job');
    this.#records.set(record.id, record);
  }

  async #go(record: JobRecord): Promise<void> {
    this.#goInMemory(record);
    await this.#parts.store.keep(record);
    if (!this.#records.has(record.id)) throw new ChatError('no-job');
  }

  async #keep(record: JobRecord): Promise<void> {
    this.#records.set(record.id, record);
    await this.#parts.store.keep(record);
  }

  #sweep(): void {
    const now = this.#parts.wallClock();
    for (const { id, expiresAtMs } of [...this.#records.values()])
      if (expiresAtMs <= now) this.#forget(id).catch(this.#parts.onError);
  }

  async #forget(id: string): Promise<void> {
    this.#records.delete(id);
    this.#running.get(id)?.stop();
    this.#running.delete(id);
    await this.#parts.store.remove(id);
  }
}

const WHO = 'Send the token of who you are: a download that is kept is for whoever asked for it.';
const TOO_LARGE = `The downloads that are kept here are larger than ${jobsBytesMax} bytes together. Delete one.`;
const NOTHING_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

class JobCut extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** After a restart it is made of the same picture, from its beginning. */
function resumptionOf({ epoch, until }: JobRecord): Pick<HistoryRequest, 'resumption'> {
  if (epoch === undefined || until === undefined) return {};
  return { resumption: { epoch, until, has: { bytes: 0 }, prefixSha256: NOTHING_SHA256 } };
}

function jobError(reason: unknown): { readonly code: string; readonly message: string } {
  if (reason instanceof ChatError || reason instanceof JobCut)
    return { code: reason.code, message: reason.message };
  const isFull =
    reason instanceof Error && 'code' in reason && ['ENOSPC', 'EDQUOT'].includes(String(reason.code));
  return isFull
    ? {
        code: 'disk-full',
        message: 'There is no room left on the disk of the server. Nothing of it was kept.',
      }
    : { code: 'internal', message: 'The file could not be written; the server has logged why.' };
}

function told({ id, state, records, bytes, expiresAtMs, epoch, until, error }: JobRecord): Job {
  return {
    ...{ id, state, records, bytes },
    link: `/api/history/jobs/${id}/file`,
    expiresAt: new Date(expiresAtMs).toISOString(),
    ...(epoch !== undefined && until !== undefined && { epoch, until }),
    ...(error !== undefined && { error }),
  };
}
