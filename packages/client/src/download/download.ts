// Downloads a room's history: asks, takes bytes to `write`, goes on after breaks where it was, changes the way where one does not work,
// and proves the file by its own last line. What brings the bytes is a way; what there is of them is file-so-far.ts.
import type { HistoryEnd, RunningDigest } from '@wireroom/history';
import { retryDelayMs } from '../backoff.ts';
import { accessTo } from '../client-access.ts';
import { type Clock, type Random, systemClock, systemRandom } from '../clock.ts';
import * as CLIENT_LIMITS from '../limits.ts';
import {
  DownloadError,
  type DownloadOptions,
  type DownloadProgress,
  type DownloadWaiting,
  type DownloadWay,
  type HistoryPicture,
} from './download-options.ts';
import type { OpenDownloadSocket } from './download-socket.ts';
import { FileSoFar } from './file-so-far.ts';
import { type Fetch, httpWay } from './http-way.ts';
import { DOWNLOAD_LIMITS } from './limits.ts';
import { Progress } from './progress.ts';
import { Setback } from './setback.ts';
import { socketWay } from './socket-way.ts';
import type { Way } from './way.ts';

/** What depends on where the SDK runs: downloads.ts and downloads-node.ts say. */
export interface DownloadSurroundings {
  readonly fetch: Fetch;
  readonly openSocket: OpenDownloadSocket;
  readonly digest: () => RunningDigest;
  /** Default: the chat's, or the system's. */
  readonly clock?: Clock;
  readonly random?: Random;
}

/** What an attempt came to: the file's end, or why it is to be tried again. */
type Outcome = { readonly end: HistoryEnd } | { readonly setback: Setback };

export async function downloadWith(
  surroundings: DownloadSurroundings,
  options: DownloadOptions,
): Promise<HistoryEnd> {
  options.signal?.throwIfAborted();
  const download = new Download(surroundings, options);
  await download.readStored();
  return download.run();
}

class Download {
  readonly #options: DownloadOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ways: readonly (readonly [DownloadWay, Way])[];
  readonly #file: FileSoFar;
  readonly #progress: Progress;
  #via: DownloadWay;
  #picture: HistoryPicture | undefined;
  #isResuming: boolean;
  #isAnswered = false;
  /** When there was a byte last, or it began. */
  #movedAt: number;
  #attempt = 0;

  constructor(surroundings: DownloadSurroundings, options: DownloadOptions) {
    const { chat, via = 'auto', kept } = options;
    const access = chat && accessTo(chat);
    this.#options = options;
    this.#clock = surroundings.clock ?? access?.clock ?? systemClock;
    this.#random = surroundings.random ?? access?.random ?? systemRandom;
    const ways = [
      ['http', httpWay(surroundings.fetch)],
      ['websocket', socketWay(surroundings.openSocket)],
    ] as const;
    this.#ways = ways.filter(([name]) => via === 'auto' || via === name);
    this.#via = via === 'websocket' ? via : 'http';
    this.#file = new FileSoFar(options.spec.format, surroundings.digest());
    this.#progress = new Progress(this.#clock, options.onProgress);
    this.#picture = kept && { until: kept.until, epoch: kept.epoch };
    this.#isResuming = kept !== undefined;
    this.#movedAt = this.#clock.now();
  }

  async readStored(): Promise<void> {
    const { kept, signal } = this.#options;
    for await (const bytes of kept?.stored ?? []) {
      signal?.throwIfAborted();
      this.#file.push(bytes);
    }
    this.#report();
  }

  async run(): Promise<HistoryEnd> {
    // All was there already: the page was closed before it could say so.
    if (this.#file.isEnded) return this.#proven();
    for (;;) {
      const outcome = await this.#round();
      if ('end' in outcome) return outcome.end;
      await this.#wait(outcome.setback);
    }
  }

  /** The way that worked last, and the others where it does not get through. */
  async #round(): Promise<Outcome> {
    const first = this.#ways.filter(([name]) => name === this.#via);
    const others = this.#ways.filter(([name]) => name !== this.#via);
    let outcome: Outcome | undefined;
    for (const [name, way] of [...first, ...others]) {
      this.#via = name;
      outcome = await this.#try(way);
      if ('end' in outcome || outcome.setback.kind !== 'other-way') return outcome;
    }
    return outcome ?? { setback: new Setback('later', 'unreachable', 'There is no way to try.') };
  }

  async #try(way: Way): Promise<Outcome> {
    const { signal } = this.#options;
    const attempt = new AbortController();
    const abort = (): void => attempt.abort(signal?.reason);
    signal?.addEventListener('abort', abort);
    try {
      signal?.throwIfAborted();
      return await this.#take(way, attempt);
    } catch (error) {
      signal?.throwIfAborted();
      const reason: unknown = attempt.signal.aborted ? attempt.signal.reason : error;
      if (!(reason instanceof Setback)) throw reason;
      return { setback: reason };
    } finally {
      signal?.removeEventListener('abort', abort);
      attempt.abort(new Setback('later', 'unreachable', 'It is over.'));
    }
  }

  async #take(way: Way, attempt: AbortController): Promise<Outcome> {
    const picture = this.#picture;
    const isAnew = picture === undefined || (this.#file.bytes === 0 && this.#options.kept === undefined);
    const resumption = isAnew ? undefined : this.#file.resumption(picture);
    this.#report();
    const arriving = await this.#soon(way({ question: this.#options, resumption }, attempt.signal), attempt);
    this.#begun(arriving.picture, isAnew);
    const bytes = arriving.bytes[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await this.#soon(bytes.next(), attempt);
        if (done === true) break;
        await this.#options.write(value);
        this.#moved(value);
        this.#options.signal?.throwIfAborted();
      }
    } finally {
      await bytes.return?.();
    }
    if (this.#file.isEnded) return { end: this.#proven() };
    return { setback: new Setback('later', 'unreachable', 'The answer ended before the file did.') };
  }

  #begun(picture: HistoryPicture, isAnew: boolean): void {
    const known = this.#picture;
    if (!isAnew && known !== undefined && (known.until !== picture.until || known.epoch !== picture.epoch))
      throw new DownloadError(
        'history-changed',
        'The server went on with another state of the room. Begin anew.',
      );
    this.#picture = picture;
    this.#isAnswered = true;
    this.#report();
  }

  #moved(bytes: Uint8Array): void {
    this.#file.push(bytes);
    this.#movedAt = this.#clock.now();
    this.#attempt = 0;
    this.#report();
  }

  /** Nothing for too long, and the attempt is over. A slow `write` is not on this clock. */
  async #soon<Value>(step: Promise<Value>, attempt: AbortController): Promise<Value> {
    const seconds = DOWNLOAD_LIMITS.idleMs / 1000;
    const silence = new Setback('later', 'unreachable', `Nothing came for ${seconds} seconds.`);
    const cancel = this.#clock.after(DOWNLOAD_LIMITS.idleMs, () => attempt.abort(silence));
    try {
      return await step;
    } finally {
      cancel();
    }
  }

  /** Before the next round. Throws a DownloadError where that is not worth it any more. */
  async #wait(setback: Setback): Promise<void> {
    const { code, message, retryAfterMs } = setback;
    this.#isResuming = this.#file.bytes > 0 || this.#options.kept !== undefined;
    if (setback.kind === 'at-once') return;
    // Whoever names another reason than that nothing gets through has been heard.
    this.#isAnswered ||= code !== 'unreachable';
    const { startPatienceMs, patienceMs } = DOWNLOAD_LIMITS;
    const delayMs = retryDelayMs(retryAfterMs, this.#attempt, this.#random);
    const retryAt = this.#clock.now() + delayMs;
    const isTooLong = retryAfterMs !== undefined && retryAfterMs > CLIENT_LIMITS.retryAfterMaxMs;
    if (isTooLong || retryAt - this.#movedAt > (this.#isAnswered ? patienceMs : startPatienceMs))
      throw new DownloadError(code, message, {
        cause: setback,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
    this.#attempt += 1;
    this.#report({ code, message, retryAt });
    await pause(this.#clock, delayMs, this.#options.signal);
  }

  #proven(): HistoryEnd {
    const end = this.#file.proven();
    this.#progress.report(this.#facts(), this.#file, true);
    return end;
  }

  #report(waiting?: DownloadWaiting): void {
    this.#progress.report(this.#facts(waiting), this.#file);
  }

  #facts(waiting?: DownloadWaiting): Omit<DownloadProgress, 'bytes' | 'records'> {
    return {
      ...{ via: this.#via, isResuming: this.#isResuming },
      ...(this.#picture && { picture: this.#picture }),
      ...(waiting && { waiting }),
    };
  }
}

/** Rejects with the signal's reason. */
function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const aborted = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    });
    signal?.addEventListener('abort', aborted, { once: true });
  });
}
