// A server's downloads that are made to be fetched, over HTTP: asks for one, tells of it, fetches it from a byte on, removes it.
// Whatever goes wrong is a DownloadError; `unreachable` is worth another try.
import { DownloadError, type HistoryPicture } from '@wireroom/client/history';
import { epochSchema } from '@wireroom/protocol';
import type { Asked } from './get-arguments.ts';

const STATES = ['running', 'done', 'failed'] as const;

export interface Job {
  readonly id: string;
  readonly state: (typeof STATES)[number];
  readonly records: number;
  readonly bytes: number;
  /** Once it has begun. */
  readonly picture?: HistoryPicture;
  readonly error?: Refusal;
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Nothing for so long, in milliseconds: the connection is given up. */
const IDLE_MS = 60_000;

export class JobDesk {
  readonly #asked: Asked;
  readonly #token: string;
  readonly #signal: AbortSignal;

  constructor(asked: Asked, token: string, signal: AbortSignal) {
    this.#asked = asked;
    this.#token = token;
    this.#signal = signal;
  }

  begin(): Promise<Job> {
    const { room, spec, after } = this.#asked;
    const body = JSON.stringify({ ...spec, ...(after !== undefined && { after }) });
    const headers = { 'content-type': 'application/json' };
    return this.#job(`/api/rooms/${encodeURIComponent(room)}/history/jobs`, {
      method: 'POST',
      headers,
      body,
    });
  }

  find(id: string): Promise<Job> {
    return this.#job(addressOf(id));
  }

  async remove(id: string): Promise<void> {
    await this.#answer(addressOf(id), { method: 'DELETE' });
  }

  /** Its bytes from there on; they end early where the connection does. */
  async *bytes(id: string, from: number): AsyncGenerator<Uint8Array> {
    const idle = new AbortController();
    const give = (): void => idle.abort();
    let timer = setTimeout(give, IDLE_MS);
    try {
      const headers = { range: `bytes=${from}-`, 'accept-encoding': 'identity' };
      const response = await this.#answer(`${addressOf(id)}/file`, { headers, signal: idle.signal });
      const begin = response.headers.get('content-range') ?? '';
      if (response.body === null || (from > 0 && !begin.startsWith(`bytes ${from}-`)))
        throw new DownloadError('bad-answer', 'What answers there does not send the rest of a file.');
      for await (const bytes of response.body) {
        clearTimeout(timer);
        yield bytes;
        timer = setTimeout(give, IDLE_MS);
      }
    } catch (error) {
      throw this.#told(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #job(path: string, init: RequestInit = {}): Promise<Job> {
    try {
      const response = await this.#answer(path, init);
      const job = jobIn(await response.json());
      if (job !== undefined) return job;
      throw new DownloadError('bad-answer', 'What answers there tells of no download of a Wireroom.');
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** A good answer. The token goes to this server only. */
  async #answer(path: string, { headers, signal, ...init }: RequestInit): Promise<Response> {
    const address = new URL(path, this.#asked.url.replace(/^ws/i, 'http'));
    const signals = [this.#signal, signal ?? AbortSignal.timeout(IDLE_MS)];
    let response: Response;
    try {
      response = await fetch(address, {
        ...init,
        headers: { ...headers, authorization: `Bearer ${this.#token}` },
        ...{ redirect: 'error', signal: AbortSignal.any(signals) },
      });
    } catch (cause) {
      throw this.#told(cause);
    }
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => undefined);
    const refusal = isRecord(body) ? refusalIn(body.error) : undefined;
    if (refusal !== undefined) throw new DownloadError(refusal.code, refusal.message);
    throw new DownloadError('unreachable', `${address.host} answered ${response.status}.`);
  }

  #told(cause: unknown): unknown {
    if (this.#signal.aborted) return this.#signal.reason;
    if (cause instanceof DownloadError) return cause;
    const { host } = new URL(this.#asked.url);
    return new DownloadError('unreachable', `${host} cannot be reached, or the connection broke off.`, {
      cause,
    });
  }
}

const addressOf = (id: string): string => `/api/history/jobs/${encodeURIComponent(id)}`;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value);

function refusalIn(value: unknown): Refusal | undefined {
  if (!isRecord(value) || typeof value.code !== 'string' || typeof value.message !== 'string')
    return undefined;
  return { code: value.code, message: value.message };
}

/** Undefined: an answer that is none of a Wireroom. */
function jobIn(answer: unknown): Job | undefined {
  const job = isRecord(answer) && isRecord(answer.job) ? answer.job : {};
  const { id, records, bytes, until } = job;
  const state = STATES.find((each) => each === job.state);
  if (typeof id !== 'string' || state === undefined || !isCount(records) || !isCount(bytes)) return undefined;
  const epoch = epochSchema.safeParse(job.epoch).data;
  const error = refusalIn(job.error);
  return {
    ...{ id, state, records, bytes },
    ...(epoch !== undefined && isCount(until) && { picture: { epoch, until } }),
    ...(error !== undefined && { error }),
  };
}
