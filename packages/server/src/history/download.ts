// One running download as the main thread sees it: pieces are asked of the download thread, a few ahead of the reader, each only
// after it was looked whether the asker may still read. It carries bytes and makes none.
import { createHash } from 'node:crypto';
import { ChatError, type Epoch } from '@wireroom/protocol';
import { HISTORY_LIMITS } from './limits.ts';
import type { Cut, FromRenderer, Packing, Progress, RenderOrder } from './render-order.ts';
import type { RenderClient, Renderer } from './renderer.ts';

export interface DownloadParts {
  readonly renderer: Renderer;
  readonly order: RenderOrder;
  readonly packing: Packing;
  /** Why the asker may not read any more; undefined: they may. */
  readonly refusal: () => Promise<Cut | undefined>;
  /** Once, when nothing more will come of it. */
  readonly ended: (outcome: DownloadOutcome) => void;
  readonly onError: (error: unknown) => void;
  /** How long a piece may wait for its reader, in milliseconds; as in the limits unless given. */
  readonly stallMs?: number;
  /** Counts the bytes that are handed out, as they are packed. */
  readonly counts: { bytes: number };
}

export interface DownloadOutcome {
  /** `stalled`: its reader took nothing for too long; they go on with what they have. */
  readonly outcome: 'finished' | 'cut' | 'left' | 'stalled' | 'failed' | 'stopped';
  readonly bytes: number;
  readonly records: number;
  readonly reason?: string;
}

export interface Begun {
  readonly epoch: Epoch;
  readonly until: number;
}

type Piece = Extract<FromRenderer, { type: 'piece' }>;

const NOTHING_SHA256 = createHash('sha256').digest('hex');

export class Download implements RenderClient {
  readonly #parts: DownloadParts;
  readonly #id: number;
  /** Resolves when it can go: what the asker has is proven. Rejects with a ChatError. */
  readonly begun: Promise<Begun>;
  #settleBegun: { resolve: (begun: Begun) => void; reject: (error: Error) => void } | undefined;
  readonly #pieces: Piece[] = [];
  /** Handed out as it is, and what came back of it. */
  #handedOut: Uint8Array | undefined;
  readonly #spare: ArrayBuffer[] = [];
  #head: Begun | undefined;
  /** The thread takes orders for pieces: what the asker has was found. */
  #isReady = false;
  /** Pieces that were asked for and have not come, in order; each with why it is the last one, if it is. */
  #asked: (Cut | undefined)[] = [];
  #isAsking = false;
  #isComplete = false;
  #progress: Progress | undefined;
  #cut: Cut | undefined;
  #failure: Error | undefined;
  #waiting: (() => void) | undefined;
  #threads = 1;
  #stalled: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(parts: DownloadParts) {
    this.#parts = parts;
    this.begun = new Promise((resolve, reject) => {
      this.#settleBegun = { resolve, reject };
    });
    // Whoever waits for it hears of it; who does not need not.
    this.begun.catch(() => {});
    this.#id = parts.renderer.enter(this);
    parts.renderer.post({ type: 'begin', id: this.#id, order: parts.order, packing: parts.packing });
  }

  get progress(): Pick<Progress, 'bytes' | 'records'> {
    return { bytes: this.#progress?.bytes ?? 0, records: this.#progress?.records ?? 0 };
  }

  /** Why it ended before its end. */
  get cut(): Cut | undefined {
    return this.#cut;
  }

  /** The next piece; undefined after the last one. Rejects where the rest cannot be had: what came is good, and can be gone on from. */
  async next(): Promise<Uint8Array | undefined> {
    clearTimeout(this.#stalled);
    for (;;) {
      void this.#ask();
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        this.#watchReader();
        this.#parts.counts.bytes += piece.bytes.length;
        this.#handedOut = piece.bytes;
        return piece.bytes;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isComplete || this.#isEnded) {
        this.#end(this.#cut === undefined ? 'finished' : 'cut');
        return undefined;
      }
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }

  /** Nobody reads any more what `next` has handed out last: the kernel has it, or a disk. Later pieces are made in its memory. */
  giveBack(): void {
    const memory = this.#handedOut?.buffer;
    this.#handedOut = undefined;
    // What is packed has as much memory as it needs, and another would not fit.
    const isOfUse = this.#parts.packing.encoding === 'identity' && memory instanceof ArrayBuffer;
    if (isOfUse && this.#spare.length < HISTORY_LIMITS.chunksAhead) this.#spare.push(memory);
  }

  /** The reader has gone, or the server goes: nothing more is made. */
  stop(outcome: 'left' | 'stalled' | 'stopped' = 'left'): void {
    this.#failure ??= new ChatError('shutting-down');
    this.#end(outcome);
    this.#settleBegun?.reject(this.#failure);
    this.#wake();
  }

  heard(message: FromRenderer): void {
    if (message.type === 'begun') {
      this.#head = { epoch: message.epoch, until: message.until };
      this.#isReady = true;
      this.#settleBegun?.resolve(this.#head);
      for (const cut of this.#asked) this.#more(cut);
    } else if (message.type === 'piece') {
      this.#asked.shift();
      this.#progress = message.progress;
      this.#isComplete = message.isLast;
      this.#cut = message.cut;
      this.#pieces.push(message);
    } else if (message.type === 'failed') {
      const { code, cause } = message;
      if (cause !== undefined) this.#parts.onError(new Error(`A download failed: ${cause}`));
      this.#fail(new ChatError(code, { message: message.message }));
    }
    this.#wake();
  }

  threadEnded(error: Error): void {
    if (this.#isComplete || this.#isEnded) return;
    const { encoding } = this.#parts.packing;
    // What brotli has packed so far ended with the thread; the other packings go on from two numbers.
    const canGoOn = encoding !== 'br' || this.#progress === undefined;
    if (this.#threads >= HISTORY_LIMITS.threadsMax || !canGoOn) {
      this.#fail(new ChatError('storage-failed', { cause: error }));
      this.#wake();
      return;
    }
    this.#threads += 1;
    this.#isReady = false;
    const order = { ...this.#parts.order, ...this.#whereItIs() };
    const gzip = this.#progress?.gzip;
    const packing: Packing = { encoding, ...(gzip !== undefined && { gzip }) };
    this.#parts.renderer.post({ type: 'begin', id: this.#id, order, packing });
  }

  #whereItIs(): Pick<RenderOrder, 'resumption'> {
    if (this.#head === undefined) return {};
    const { resumption } = this.#parts.order;
    if (this.#progress === undefined && resumption !== undefined) return {};
    const { bytes, sha256 } = this.#progress ?? { bytes: 0, sha256: NOTHING_SHA256 };
    return { resumption: { ...this.#head, has: { bytes }, prefixSha256: sha256 } };
  }

  /** Whoever takes nothing for so long gives their place to others. */
  #watchReader(): void {
    const { stallMs = HISTORY_LIMITS.stallMs } = this.#parts;
    this.#stalled = setTimeout(() => this.stop('stalled'), stallMs).unref();
  }

  /** One at a time: a piece is asked for when the asker may have it. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      while (this.#wantsMore) {
        const cut = await this.#parts.refusal();
        if (!this.#wantsMore) return;
        this.#asked.push(cut);
        if (this.#isReady) this.#more(cut);
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      this.#wake();
    } finally {
      this.#isAsking = false;
    }
  }

  get #wantsMore(): boolean {
    const isOver = this.#isComplete || this.#isEnded || this.#failure !== undefined;
    const isCut = this.#asked.some((cut) => cut !== undefined);
    return !isOver && !isCut && this.#asked.length + this.#pieces.length < HISTORY_LIMITS.chunksAhead;
  }

  #more(cut: Cut | undefined): void {
    const memory = this.#spare.pop();
    this.#parts.renderer.post({
      type: 'more',
      id: this.#id,
      ...(cut !== undefined && { cut }),
      ...(memory !== undefined && { memory }),
    });
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#settleBegun?.reject(error);
    this.#end('failed');
  }

  #end(outcome: DownloadOutcome['outcome']): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    clearTimeout(this.#stalled);
    this.#parts.renderer.leave(this.#id);
    // Whoever left needs no reason, and the server that goes says so by the outcome.
    const failure = outcome === 'failed' && this.#failure instanceof ChatError ? this.#failure : undefined;
    const reason = this.#cut?.code ?? failure?.code;
    this.#parts.ended({ outcome, ...this.progress, ...(reason !== undefined && { reason }) });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }
}
