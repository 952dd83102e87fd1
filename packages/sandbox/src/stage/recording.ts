// What is kept of one connection of a scene, and told to whoever looks on; and waking those who wait for it to grow.
// It is bounded: what does not fit is counted. Who fills it: recording-tap.ts at a server, recording-proxy.ts in between.
import type { Capture, CaptureRecord, CloseRecord, Direction, OpenRecord } from '@wireroom/capture';
import { RECORDED_BYTES_MAX, RECORDS_MAX, SMALL_CHUNK_BYTES } from '../limits.ts';
import type { SceneSink } from '../scene.ts';
import { FrameCursor } from './frame-cursor.ts';

/** Microseconds since 1970 that only grow. */
export function startClock(): () => number {
  const beganAt = Date.now() * 1000 - performance.now() * 1000;
  return () => Math.round(beganAt + performance.now() * 1000);
}

export class Recording {
  readonly connectionId: string;
  /** By which a client finds the recording of its connection. */
  readonly clientPort: number;
  readonly #now: () => number;
  readonly #sink: SceneSink | undefined;
  readonly #records: CaptureRecord[] = [];
  readonly #seen = { in: 0, out: 0 };
  readonly #cursors = { in: new FrameCursor(), out: new FrameCursor() };
  /** Bytes before the next ones were dropped, in this direction. */
  readonly #isGap = { in: false, out: false };
  #keptBytes = 0;
  #dropped = { records: 0, bytes: 0 };
  #isClosed = false;
  #wakers: (() => void)[] = [];

  constructor(open: Omit<OpenRecord, 'kind' | 'at'>, now: () => number, sink: SceneSink | undefined) {
    this.connectionId = open.connectionId;
    this.clientPort = open.client.port;
    this.#now = now;
    this.#sink = sink;
    sink?.open(open.connectionId);
    this.#keep({ kind: 'open', at: now(), ...open });
  }

  get capture(): Capture {
    return { records: [...this.#records] };
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Bytes that went by in this direction, kept or not. */
  seen(direction: Direction): number {
    return this.#seen[direction];
  }

  bytes(direction: Direction, chunk: Uint8Array): void {
    if (this.#isClosed) return;
    const offset = this.#seen[direction];
    const anchor = this.#cursors[direction].pass(chunk);
    this.#seen[direction] += chunk.length;
    if (chunk.length > SMALL_CHUNK_BYTES && this.#keptBytes + chunk.length > RECORDED_BYTES_MAX) {
      this.#dropped = { records: this.#dropped.records + 1, bytes: this.#dropped.bytes + chunk.length };
      this.#isGap[direction] = true;
      this.#wake();
      return;
    }
    this.#keptBytes += chunk.length;
    const hasAnchor = this.#isGap[direction] && anchor !== undefined;
    if (hasAnchor) this.#isGap[direction] = false;
    this.add({
      kind: 'bytes',
      direction,
      offset,
      bytes: Uint8Array.from(chunk),
      ...(hasAnchor && { anchor }),
    });
  }

  note(id: string, text: string): void {
    this.add({ kind: 'note', id, text });
  }

  close(end: Omit<CloseRecord, 'kind' | 'at'>): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.add({ kind: 'close', ...end });
  }

  /** Adds a record that happens now. */
  add(record: Undated<CaptureRecord>): void {
    const at = this.#now();
    const isFull = this.#records.length >= RECORDS_MAX && record.kind !== 'close';
    if (isFull) {
      this.#dropped = { ...this.#dropped, records: this.#dropped.records + 1 };
      return;
    }
    if (this.#dropped.records > 0) {
      this.#keep({ kind: 'dropped', at, ...this.#dropped });
      this.#dropped = { records: 0, bytes: 0 };
    }
    this.#keep({ ...record, at });
  }

  /** Resolves when the condition holds, or when the connection is over and no more will come. */
  async until(condition: (recording: Recording) => boolean): Promise<void> {
    while (!condition(this) && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }

  #keep(record: CaptureRecord): void {
    this.#records.push(record);
    this.#sink?.record(this.connectionId, record);
    this.#wake();
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}

/** A record without its time. */
export type Undated<R> = R extends CaptureRecord ? Omit<R, 'at'> : never;
