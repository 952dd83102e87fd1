// The wiretap: every recording of this server, and the ways of the messages that they show. Only connections that ask are
// recorded, and only their own authors see them. Gateways and stations know it by lib/stations.ts; wire-feed.ts shows it.
import { randomBytes } from 'node:crypto';
import { RedactionMemo, type StationRecord, type WatchedConnection } from '@wireroom/capture';
import type { AuthorId, Entry, RoomId } from '@wireroom/protocol';
import type { LineFacts } from '@wireroom/websocket';
import type { Delivery, Departure, StationMarks, Trail } from '../lib/stations.ts';
import { ConnectionRecorder } from './connection-recorder.ts';
import { WIRETAP_LIMITS } from './limits.ts';
import type { RingBounds } from './record-ring.ts';
import { MessageTrail, TrailJournal } from './trail.ts';

export interface WiretapBounds {
  readonly recordingsMax: number;
  readonly totalBytesMax: number;
  readonly endedKeptMs: number;
  readonly endedPerAuthorMax: number;
  readonly ring?: RingBounds;
}

export interface WiretapParts {
  /** Microseconds since 1970. */
  readonly now: () => number;
  readonly bounds?: Partial<WiretapBounds>;
}

export class Wiretap implements StationMarks {
  /** A plain field: this is all that the stations ask while nobody records. */
  isOn = false;
  hasReaders = false;
  readonly #parts: WiretapParts;
  readonly #bounds: WiretapBounds;
  readonly #recorders = new Map<string, ConnectionRecorder>();
  readonly #rooms = new Map<RoomId, number>();
  readonly #journal = new TrailJournal();
  readonly #listeners = new Set<(authorId: AuthorId) => void>();
  readonly #memo = new RedactionMemo();
  #delivering: { readonly entry: Entry; readonly trail: MessageTrail } | undefined;
  #bytes = 0;

  constructor(parts: WiretapParts) {
    this.#parts = parts;
    this.#bounds = { ...WIRETAP_LIMITS, ...parts.bounds };
  }

  /** Bytes kept of all recordings together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A connection asks to be recorded. Undefined: too many are, and all of them are being watched. */
  begin(of: {
    readonly gateway: 'native' | 'socketio';
    readonly line: LineFacts;
  }): ConnectionRecorder | undefined {
    this.sweep();
    if (this.#recorders.size >= this.#bounds.recordingsMax && !this.#giveOneUp()) return undefined;
    const recorder = new ConnectionRecorder({
      ...of,
      connectionId: `c_${randomBytes(12).toString('base64url')}`,
      now: this.#parts.now,
      memo: this.#memo,
      ...(this.#bounds.ring && { bounds: this.#bounds.ring }),
      onBytes: (change) => this.#grew(change),
      onChange: (changed) => this.#changed(changed),
      onRoom: (roomId, change) => this.#count(roomId, change),
    });
    this.#recorders.set(recorder.connectionId, recorder);
    this.isOn = true;
    this.hasReaders = true;
    return recorder;
  }

  /** One's own recording, as long as it is kept. */
  find(authorId: AuthorId, connectionId: string): ConnectionRecorder | undefined {
    const recorder = this.#recorders.get(connectionId);
    return recorder?.authorId === authorId ? recorder : undefined;
  }

  /** One's own, oldest first. */
  connectionsOf(authorId: AuthorId): readonly WatchedConnection[] {
    return this.#of(authorId).map(({ connectionId, gateway, openedAt, isOpen }) => ({
      connectionId,
      gateway,
      openedAt,
      isOpen,
    }));
  }

  /** Tells whose connections have begun or ended to be recorded. Returns what ends it. */
  listen(listener: (authorId: AuthorId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The way of one message; empty when it is not kept any more. Whether the author may know of the room is asked before. */
  receipt(authorId: AuthorId, roomId: string, seq: number): readonly StationRecord[] {
    const trail = this.#journal.find(roomId, seq);
    return trail?.recordsFor((connectionId) => this.find(authorId, connectionId) !== undefined) ?? [];
  }

  depart({ recording, ref, draftId, message }: Departure): Trail {
    const recorder = recording && this.#recorders.get(recording.connectionId);
    const trail = new MessageTrail({
      identity: { ...(ref !== undefined && { ref }), ...(draftId !== undefined && { draftId }) },
      now: this.#parts.now,
      onMark: (record) => recorder?.station(record),
      onStored: (stored) => {
        if (recorder !== undefined || this.#rooms.has(stored.roomId as RoomId)) {
          this.#journal.add(stored, this.#parts.now());
        }
      },
    });
    trail.mark('decoded', message && { message });
    return trail;
  }

  delivered(delivery: Delivery): void {
    const { entry, recording } = delivery;
    const trail = this.#trailOf(entry);
    const recorder = recording && this.#recorders.get(recording.connectionId);
    if (trail === undefined && recorder === undefined) return;
    const at = this.#parts.now();
    trail?.delivered(at, delivery, { isRecorded: recorder !== undefined });
    recorder?.station(deliveryRecord(at, delivery));
  }

  /** An entry is delivered to one reader after the other, so its trail is looked up once for all of them. */
  #trailOf(entry: Entry): MessageTrail | undefined {
    if (this.#delivering?.entry === entry) return this.#delivering.trail;
    const trail = this.#journal.find(entry.roomId, entry.seq);
    if (trail !== undefined) this.#delivering = { entry, trail };
    return trail;
  }

  /** Forgets what has ended long ago. Called now and then. */
  sweep(): void {
    const ended = [...this.#recorders.values()].filter(({ isOpen }) => !isOpen);
    const before = this.#parts.now() - this.#bounds.endedKeptMs * 1000;
    for (const recorder of ended) if ((recorder.endedAt ?? 0) < before) recorder.giveUp();
    this.#journal.forget(this.#parts.now());
  }

  #of(authorId: AuthorId): ConnectionRecorder[] {
    return [...this.#recorders.values()].filter((recorder) => recorder.authorId === authorId);
  }

  #grew(change: number): void {
    this.#bytes += change;
    if (this.#bytes <= this.#bounds.totalBytesMax || this.#giveOneUp()) return;
    // All of them are watched: the largest part of what is kept is the oldest's.
    for (const recorder of this.#recorders.values()) {
      if (this.#bytes <= this.#bounds.totalBytesMax) return;
      recorder.shrink();
    }
  }

  /** The one that nobody has watched for longest. False: all are being watched. */
  #giveOneUp(): boolean {
    let longest: ConnectionRecorder | undefined;
    for (const recorder of this.#recorders.values()) {
      if (recorder.unwatchedSince < (longest?.unwatchedSince ?? Number.POSITIVE_INFINITY)) longest = recorder;
    }
    longest?.giveUp();
    return longest !== undefined;
  }

  #changed(recorder: ConnectionRecorder): void {
    const { authorId, connectionId } = recorder;
    // Whoever never said who they are is nobody who could look at it afterwards.
    const isForgotten = recorder.isGivenUp || (!recorder.isOpen && authorId === undefined);
    if (isForgotten && this.#recorders.delete(connectionId)) recorder.giveUp();
    this.isOn = [...this.#recorders.values()].some(({ isOpen }) => isOpen);
    this.hasReaders = this.isOn;
    if (authorId === undefined) return;
    if (!recorder.isOpen) this.#limitEnded(authorId);
    for (const listener of this.#listeners) listener(authorId);
  }

  #limitEnded(authorId: AuthorId): void {
    const ended = this.#of(authorId).filter(({ isOpen }) => !isOpen);
    for (const recorder of ended.slice(0, -this.#bounds.endedPerAuthorMax)) recorder.giveUp();
  }

  #count(roomId: RoomId, change: 1 | -1): void {
    const count = (this.#rooms.get(roomId) ?? 0) + change;
    if (count > 0) this.#rooms.set(roomId, count);
    else this.#rooms.delete(roomId);
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Put together by hand: it is made for each entry that a recorded connection is sent, and conditional spreads take five times as long. */
function deliveryRecord(
  at: number,
  { entry, end, bufferedBytes, isBehind, messageIndex }: Delivery,
): StationRecord {
  const { roomId, seq } = entry;
  const reader = { ...end, bufferedBytes, isBehind };
  const record: Writable<StationRecord> = { kind: 'station', at, station: 'delivered', roomId, seq, reader };
  if ('draftId' in entry) record.draftId = entry.draftId;
  if (messageIndex !== undefined) record.message = { direction: 'out', index: messageIndex };
  return record;
}
