// The download thread's side of the conversation: many downloads, one piece of one of them at a time, in the order in which
// pieces were asked for. It is given its two ends as functions, so that it also runs without a thread.
import { ChatError } from '@wireroom/protocol/plain';
import type { HistorySource } from '../log/history-source.ts';
import { Checkpoints } from './checkpoints.ts';
import { estimate } from './estimate.ts';
import { type Packer, packerFor } from './packer.ts';
import type { FromRenderer, ToRenderer } from './render-order.ts';
import { type Piece, Rendering } from './rendering.ts';

export interface RenderServiceParts {
  readonly source: HistorySource;
  /** The bytes of a piece are the receiver's. */
  readonly answer: (message: FromRenderer) => void;
  /** Lets messages come in between two turns. */
  readonly turn: () => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
}

interface Running {
  readonly rendering: Rendering;
  readonly packer: Packer;
}

export class RenderService {
  readonly #parts: RenderServiceParts;
  readonly #checkpoints = new Checkpoints();
  readonly #running = new Map<number, Running>();
  /** Those that were forgotten before they had begun. */
  readonly #forgotten = new Set<number>();
  readonly #turns: (() => Promise<void>)[] = [];
  #isWorking = false;

  constructor(parts: RenderServiceParts) {
    this.#parts = parts;
  }

  handle(message: ToRenderer): void {
    switch (message.type) {
      case 'begin':
        this.#take(message.id, () => this.#begin(message));
        return;
      case 'more':
        this.#take(message.id, () => this.#more(message));
        return;
      case 'estimate':
        this.#take(message.id, async () => {
          const told = await estimate(this.#parts.source, message.order);
          this.#parts.answer({ type: 'estimated', id: message.id, estimate: told });
        });
        return;
      case 'forget':
        this.#forgotten.add(message.id);
        this.#take(message.id, async () => this.#drop(message.id));
        return;
      case 'close':
        this.#turns.splice(0);
        this.#take(0, async () => {
          await this.#parts.source.close();
          this.#parts.answer({ type: 'closed' });
        });
        return;
    }
  }

  #take(id: number, act: () => Promise<void>): void {
    this.#turns.push(async () => {
      try {
        await act();
      } catch (error) {
        this.#fail(id, error);
      }
    });
    if (!this.#isWorking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let turn = this.#turns.shift(); turn !== undefined; turn = this.#turns.shift()) {
      await turn();
      await this.#parts.turn();
    }
    this.#isWorking = false;
  }

  async #begin({ id, order, packing }: Extract<ToRenderer, { type: 'begin' }>): Promise<void> {
    const { source, pause } = this.#parts;
    const rendering = await Rendering.begin({ source, pause, checkpoints: this.#checkpoints }, order);
    this.#running.set(id, { rendering, packer: packerFor(packing) });
    await this.#approach(id);
  }

  /** What the asker has is rendered again in turns, too. */
  async #approach(id: number): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined || this.#forgotten.has(id)) return;
    if (!(await running.rendering.approach())) {
      this.#take(id, () => this.#approach(id));
      return;
    }
    const { epoch, until } = running.rendering.head;
    this.#parts.answer({ type: 'begun', id, epoch, until });
  }

  async #more({ id, cut, memory }: Omit<Extract<ToRenderer, { type: 'more' }>, 'type'>): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined || this.#forgotten.has(id)) return;
    if (memory !== undefined) running.rendering.lend(memory);
    const piece = await running.rendering.next(cut);
    if (piece.bytes.byteLength === 0 && !piece.isLast) {
      this.#take(id, () => this.#more({ id, ...(cut !== undefined && { cut }) }));
      return;
    }
    await this.#send(id, running, piece);
  }

  async #send(id: number, { rendering, packer }: Running, piece: Piece): Promise<void> {
    const packed = await packer.pack(piece.bytes, piece.isLast);
    const isPacked = packed !== piece.bytes;
    if (isPacked) rendering.lend(piece.bytes.buffer);
    const { gzip } = packer;
    const progress = { ...rendering.progress, ...(gzip !== undefined && { gzip }) };
    const { isLast, cut } = piece;
    this.#parts.answer({
      type: 'piece',
      id,
      bytes: isPacked ? owned(packed) : piece.bytes,
      progress,
      isLast,
      ...(cut !== undefined && { cut }),
    });
    if (isLast) this.#drop(id);
  }

  #fail(id: number, error: unknown): void {
    this.#drop(id);
    if (error instanceof ChatError) {
      this.#parts.answer({ type: 'failed', id, code: error.code, message: error.message });
      return;
    }
    const { message } = new ChatError('storage-failed');
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#parts.answer({ type: 'failed', id, code: 'storage-failed', message, cause });
  }

  #drop(id: number): void {
    this.#running.get(id)?.packer.drop();
    this.#running.delete(id);
    this.#forgotten.delete(id);
  }
}

/** With memory of its own, which can be handed over: small buffers share theirs. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
