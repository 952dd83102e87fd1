// What is kept of one recorded connection: its handshake for good, then the newest records within bounds. Whole records are
// dropped, oldest first, and how much was dropped is said in the place where they stood. Pure; connection-recorder.ts fills it.
import type { CaptureRecord, DroppedRecord } from '@wireroom/capture';
import { WIRETAP_LIMITS } from './limits.ts';

export interface RingBounds {
  readonly bytesMax: number;
  readonly recordsMax: number;
}

const BOUNDS: RingBounds = {
  bytesMax: WIRETAP_LIMITS.ringBytesMax,
  recordsMax: WIRETAP_LIMITS.ringRecordsMax,
};

const GONE: DroppedRecord = { kind: 'dropped', at: 0, records: 0, bytes: 0 };

export class RecordRing {
  readonly #bounds: RingBounds;
  readonly #handshake: CaptureRecord[] = [];
  #isHandshakeOver = false;
  // A queue on an array: what lies before `#first` is gone, and overwritten, so that it takes no memory.
  #records: CaptureRecord[] = [];
  #first = 0;
  #bytes = 0;
  #dropped: DroppedRecord | undefined;

  constructor(bounds: RingBounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** Bytes that the bounds count: the handshake is not among them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Everything that is left, in the order of time. */
  get records(): readonly CaptureRecord[] {
    const dropped = this.#dropped === undefined ? [] : [this.#dropped];
    return [...this.#handshake, ...dropped, ...this.#records.slice(this.#first)];
  }

  add(record: CaptureRecord): void {
    const isHandshake = !this.#isHandshakeOver && this.#handshake.length < WIRETAP_LIMITS.handshakeRecordsMax;
    if (isHandshake) {
      this.#handshake.push(record);
      return;
    }
    this.#insert(record);
    this.#bytes += sizeOf(record);
    while (this.#isFull()) this.#dropOldest(record.at);
  }

  /** What comes from here on may be dropped again. */
  endHandshake(): void {
    this.#isHandshakeOver = true;
  }

  /** Keeps the handshake, drops the rest. */
  clear(at: number): void {
    while (this.#records.length > this.#first) this.#dropOldest(at);
  }

  /** Bytes that were held back until their secrets were found come later than their time: they go to their place. */
  #insert(record: CaptureRecord): void {
    let at = this.#records.length;
    while (at > this.#first && (this.#records[at - 1]?.at ?? 0) > record.at) at -= 1;
    if (at === this.#records.length) this.#records.push(record);
    else this.#records.splice(at, 0, record);
  }

  #isFull(): boolean {
    const count = this.#records.length - this.#first;
    // The newest stays, whatever its size.
    return count > 1 && (this.#bytes > this.#bounds.bytesMax || count > this.#bounds.recordsMax);
  }

  #dropOldest(at: number): void {
    const oldest = this.#records[this.#first];
    if (oldest === undefined) return;
    this.#records[this.#first] = GONE;
    this.#first += 1;
    if (this.#first > 1024 && this.#first * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#first);
      this.#first = 0;
    }
    this.#bytes -= sizeOf(oldest);
    this.#dropped = withDropped(this.#dropped, oldest, at);
  }
}

/** What a record is counted with. */
export function sizeOf(record: CaptureRecord): number {
  return WIRETAP_LIMITS.recordOverheadBytes + weightOf(record);
}

/** Memory beside the overhead. Many small secrets make many ranges; a character of text may take two bytes. */
function weightOf(record: CaptureRecord): number {
  if (record.kind === 'poll') return 2 * payloadOf(record);
  if (record.kind !== 'bytes') return 0;
  const ranges = record.hidden?.length ?? 0;
  return record.bytes.length + WIRETAP_LIMITS.bufferOverheadBytes + ranges * WIRETAP_LIMITS.hiddenRangeBytes;
}

function payloadOf(record: CaptureRecord): number {
  if (record.kind === 'bytes') return record.bytes.length;
  return record.kind === 'poll' ? record.head.length + record.body.length : 0;
}

/** The remark about what is missing, with one more record in it. */
export function withDropped(
  before: DroppedRecord | undefined,
  record: CaptureRecord,
  at: number,
): DroppedRecord {
  const records = (before?.records ?? 0) + (record.kind === 'dropped' ? record.records : 1);
  const bytes = (before?.bytes ?? 0) + (record.kind === 'dropped' ? record.bytes : payloadOf(record));
  return { kind: 'dropped', at, records, bytes };
}
