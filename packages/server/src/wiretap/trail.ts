// One message's way through the server, mark by mark, and the journal that keeps those of the last minutes by room and number.
// The marks come through lib/stations.ts; wiretap.ts hands the trails out, and a receipt is made of them.
import type { Station, StationRecord } from '@wireroom/capture';
import type { Delivery, MarkFacts, Trail } from '../lib/stations.ts';
import { DeliveryList } from './delivery-list.ts';
import { WIRETAP_LIMITS } from './limits.ts';

interface Identity {
  roomId?: string;
  seq?: number;
  draftId?: string;
  ref?: string | number;
}

export interface TrailParts {
  readonly identity: Identity;
  readonly now: () => number;
  /** Is told of every mark of the message itself; deliveries are none. */
  readonly onMark: (record: StationRecord) => void;
  /** The message has its number. */
  readonly onStored: (trail: MessageTrail) => void;
}

export class MessageTrail implements Trail {
  readonly #parts: TrailParts;
  readonly #identity: Identity;
  readonly #marks: StationRecord[] = [];
  readonly #deliveries = new DeliveryList();

  constructor(parts: TrailParts) {
    this.#parts = parts;
    this.#identity = { ...parts.identity };
  }

  get roomId(): string | undefined {
    return this.#identity.roomId;
  }

  get seq(): number | undefined {
    return this.#identity.seq;
  }

  /** When the last mark was made. */
  get touchedAt(): number {
    return this.#marks.at(-1)?.at ?? 0;
  }

  mark(station: Station, { at, roomId, seq, draftId, ...facts }: MarkFacts = {}): void {
    const identity = this.#identity;
    if (roomId !== undefined) identity.roomId = roomId;
    if (draftId !== undefined) identity.draftId = draftId;
    if (seq !== undefined) identity.seq = seq;
    const record = {
      kind: 'station',
      at: at ?? this.#parts.now(),
      station,
      ...identity,
      ...facts,
    } as const;
    this.#marks.push(record);
    this.#parts.onMark(record);
    if (station === 'stored') this.#parts.onStored(this);
  }

  /** The message was queued for a reader, or kept back. Past the bound only those whose connections are recorded are kept. */
  delivered(at: number, delivery: Delivery, { isRecorded }: { readonly isRecorded: boolean }): void {
    const isFull = this.#deliveries.length >= WIRETAP_LIMITS.readersPerTrailMax;
    // Recorded connections are few, and bounded by what the server records at once.
    if (!isFull || isRecorded) this.#deliveries.add(at, delivery);
  }

  /** Everything, as somebody may see it whose connections these are. In the order of time. */
  recordsFor(isOwn: (connectionId: string) => boolean): readonly StationRecord[] {
    const identity = this.#identity;
    const marks = this.#marks.map((mark) => ({ ...mark, ...identity }));
    const deliveries = this.#deliveries.seenBy(isOwn).map(
      (seen): StationRecord => ({
        kind: 'station',
        station: 'delivered',
        ...identity,
        ...seen,
      }),
    );
    return [...marks, ...deliveries].sort((one, other) => one.at - other.at);
  }
}

export class TrailJournal {
  readonly #max: number;
  readonly #keptMicros: number;
  /** In the order of their numbers being given. */
  readonly #trails = new Map<string, MessageTrail>();

  constructor(max: number = WIRETAP_LIMITS.trailsMax, keptMs: number = WIRETAP_LIMITS.trailKeptMs) {
    this.#max = max;
    this.#keptMicros = keptMs * 1000;
  }

  get size(): number {
    return this.#trails.size;
  }

  /** A repeated draft has its number already, and its first way stays. */
  add(trail: MessageTrail, now: number): void {
    const { roomId, seq } = trail;
    if (roomId === undefined || seq === undefined) return;
    const key = keyOf(roomId, seq);
    if (!this.#trails.has(key)) this.#trails.set(key, trail);
    this.forget(now);
  }

  find(roomId: string, seq: number): MessageTrail | undefined {
    return this.#trails.get(keyOf(roomId, seq));
  }

  /** What is too old, or too much. */
  forget(now: number): void {
    for (const [key, trail] of this.#trails) {
      const isOld = now - trail.touchedAt > this.#keptMicros;
      if (!isOld && this.#trails.size <= this.#max) return;
      this.#trails.delete(key);
    }
  }
}

const keyOf = (roomId: string, seq: number): string => `${roomId} ${seq}`;
